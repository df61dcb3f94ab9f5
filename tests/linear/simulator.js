#!/usr/bin/env node
'use strict';

const { Simulator } = require('./sim/server.js');

/* The command line of the simulator; README.md beside this file says what it is and does. */

const USAGE = `usage: simulator.js --port N [options]

  --port N              port to serve on; 0 picks a free one
  --host ADDRESS        address to serve on (127.0.0.1)
  --key KEY             the API key that is accepted (lin_api_simulator)
  --state FILE          keep everything in FILE, and continue from it
  --fsync               flush each change to the disk: survives power cuts, too
  --webhook-url URL     send webhooks there
  --webhook-secret S    signed with this secret (default: LINEAR_WEBHOOK_SECRET)
  --seed N              seed of the faults' luck (1)
  --rate N              requests allowed an hour (10000000)
  --quiet               no line per request on standard error
  --help                this text`;

const FLAGS = {
  '--port': ['port', Number],
  '--host': ['host', String],
  '--key': ['key', String],
  '--state': ['state', String],
  '--fsync': ['fsync', Boolean],
  '--webhook-url': ['webhookUrl', String],
  '--webhook-secret': ['webhookSecret', String],
  '--seed': ['seed', Number],
  '--rate': ['rate', Number],
  '--quiet': ['quiet', Boolean],
};

function fail(message) {
  console.error(`simulator.js: ${message}\n\n${USAGE}`);
  process.exit(2);
}

function parseArguments(words) {
  const options = {
    host: '127.0.0.1',
    key: 'lin_api_simulator',
    seed: 1,
    // arguments are for all to see: a real secret comes by the environment
    webhookSecret: (process.env.LINEAR_WEBHOOK_SECRET || '').split(',')[0] || undefined,
  };
  const left = [...words];
  while (left.length > 0) {
    const word = left.shift();
    if (word === '--help') {
      console.log(USAGE);
      process.exit(0);
    }
    if (!FLAGS[word]) {
      fail(`unknown argument ${word}`);
    }
    const [name, type] = FLAGS[word];
    if (type !== Boolean && left.length === 0) {
      fail(`${word} needs a value`);
    }
    options[name] = type === Boolean ? true : type(left.shift());
    if (type === Number && !(Number.isInteger(options[name]) && options[name] >= 0)) {
      fail(`${word} must be a whole number`);
    }
  }
  if (options.port === undefined) {
    fail('--port is missing');
  }
  return options;
}

async function main() {
  const options = parseArguments(process.argv.slice(2));
  const simulator = new Simulator(options);
  const stop = () => {
    simulator.stop();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const base = await simulator.start(options.port, options.host);
  console.log(`linear simulator on ${base}`);
}

main().catch((error) => {
  console.error(`simulator.js: ${error.message}`);
  process.exit(1);
});
