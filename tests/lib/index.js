'use strict';

/*
 * What tests in JavaScript use to reach a running instance. Start a program with
 * `tools/instance exec`, which sets the environment that this reads. Each file has one subject and
 * explains its functions:
 *   http.js       a request and its response        waiting.js    waiting for what others do
 *   person.js     users, and what they do           database.js   SQL
 *   linear.js     the simulated Linear              processes.js  the instance's processes
 *   mailbox.js    the mails that were sent          daemon.js     docket-sync
 *   mail-in.js    mails that come in
 *   webhook.js    webhooks as Linear sends them     checks.js     checks without a test runner
 *   load.js       full load from several clients    derived.js    what follows from changes
 */

module.exports = {
  ...require('./http.js'),
  ...require('./waiting.js'),
  ...require('./person.js'),
  ...require('./linear.js'),
  ...require('./mailbox.js'),
  ...require('./mail-in.js'),
  ...require('./webhook.js'),
  ...require('./database.js'),
  ...require('./processes.js'),
  ...require('./daemon.js'),
  ...require('./derived.js'),
  ...require('./checks.js'),
  ...require('./load.js'),
};
