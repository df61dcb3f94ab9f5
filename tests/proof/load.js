'use strict';

/*
 * Full load on the installation until SIGTERM. Then it prints what it saw, and fails if a request
 * failed, took longer than a limit, or an issue that was raised is not there.
 *
 *   BASE_URL=… load.js CUSTOMER_TOKEN STAFF_TOKEN
 */

const { findLost, startLoad } = require('../lib/load.js');

const CLIENTS = 24;
const SLOWEST_MS = 5000;

const [customer, staff] = process.argv.slice(2);
// A new connection for each request: nginx closes idle ones when it is reloaded.
const { seen, stop } = startLoad({ customer, staff, clients: CLIENTS, agent: false });

process.once('SIGTERM', async () => {
  await stop();
  const { lost, twice } = await findLost(staff, seen.raised);
  console.log(`${seen.answers} requests, ${seen.wrong.length} failed, the slowest took ${seen.slowest.toFixed(0)} ms; `
    + `${seen.raised.length} issues raised, ${lost.length} lost, ${twice} numbers twice`);
  console.log(seen.wrong.slice(0, 5).join('\n'));
  process.exit(seen.wrong.length || lost.length || twice || seen.slowest > SLOWEST_MS ? 1 : 0);
});
