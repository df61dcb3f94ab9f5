'use strict';

const { spawn } = require('child_process');
const fs = require('fs');
const { eventually, kill, killWorker, linear, query } = require('../lib/index.js');
const { SEED, Dice, run } = require('./storm-run.js');

/*
 * The troubles of a storm: failing requests and webhooks, changed settings and people in Linear,
 * killed processes. heal() ends them all.
 */

const { LINEAR_API_KEY, LINEAR_WEBHOOK_SECRET, STATE } = process.env;

/** The second of several secrets is the previous one. */
const [, PREVIOUS_SECRET] = LINEAR_WEBHOOK_SECRET.split(',');

/** Every other seed has two daemons. */
const HAS_SECOND = SEED % 2 === 1;

/** With every third seed Erin is sometimes not a user in Linear. */
const HAS_LEAVE = SEED % 3 === 2;

/** An empty bucket pauses everything for a minute: only some storms of the long test have it. */
const EMPTY_BUCKET = process.env.EMPTY_BUCKET === '1';

function faultPlan(dice) {
  const maybe = (kind, probability, more = {}) => (
    dice.next() < 0.4 ? [{ kind, probability: probability * dice.next(), ...more }] : []
  );
  return [
    ...maybe('latency', 0.5, { min: 1, max: 200 }),
    ...maybe('drop_before', 0.15),
    ...maybe('drop_after', 0.15),
    ...maybe('http', 0.15, { status: dice.of([500, 502, 503]) }),
    ...maybe('lock_timeout', 0.1),
    ...maybe('internal_error', 0.1),
    ...maybe('field_failed', 0.2, { on: dice.of(['attachmentCreate', 'commentCreate', 'issueUpdate']) }),
    ...maybe('broken_field', 0.1),
    ...maybe('file_login', 0.2),
    ...maybe('file_cut', 0.2),
    ...maybe('file_slow', 0.2, { ms: dice.below(500) }),
    ...maybe('ratelimited', 0.01, { remaining: 1000 }),
    ...maybe('webhook_first', 0.5),
    ...maybe('webhook_lost', 0.3),
    ...maybe('webhook_delayed', 0.4, { ms: 50 + dice.below(1500) }),
    ...maybe('webhook_reordered', 0.4),
    ...maybe('webhook_duplicated', 0.4),
    ...maybe('webhook_replayed_old', 0.2),
    ...maybe('webhook_replayed_new', 0.2),
    ...maybe('webhook_stale', 0.3),
    ...maybe('webhook_wrong_secret', 0.1),
    ...(PREVIOUS_SECRET ? maybe('webhook_previous_secret', 0.4) : []),
  ];
}

/** Behaviour that Linear does not promise: each may be either way. */
const openQuestions = (dice) => ({
  refusal_status: dice.of([200, 400]),
  retry_timestamp: dice.of(['old', 'new']),
  remove_payload: dice.of(['full', 'minimal']),
  silent_comments: dice.of([true, false]),
  disable_after: dice.of([null, null, 3]),
  files_redirect: dice.of([true, false]),
});

const WELL = {
  refusal_status: 200, retry_timestamp: 'old', remove_payload: 'full', silent_comments: false, disable_after: null, files_redirect: false,
};

/** How many operations a trouble lasts. */
const spans = {
  key: {
    begin: () => linear.post('key', { key: 'lin_api_next' }),
    end: () => linear.post('key', { key: LINEAR_API_KEY }),
  },
  ...(HAS_LEAVE ? {
    leave: {
      begin: () => {
        run.did.add('leave');
        return linear.act({ do: 'deactivate_user', user: 'erin@example.com' });
      },
      end: () => linear.act({ do: 'activate_user', user: 'erin@example.com' }),
    },
  } : {}),
  ...(EMPTY_BUCKET ? {
    bucket: {
      begin: () => linear.post('rate', { requests: 20000, remaining: 0 }),
      end: () => linear.post('rate', {}),
    },
  } : {}),
};

/* --- a second daemon --------------------------------------------------------------------- */

let second = null;
process.on('exit', () => second?.kill('SIGKILL')); // if the storm fails

function startSecond() {
  if (!HAS_SECOND) {
    return;
  }
  const log = fs.openSync(`${STATE}/log/sync.log`, 'a');
  second = spawn('docket-sync', { stdio: ['ignore', log, log] });
  fs.closeSync(log);
}

/** No failure of the storm leaves it behind. */
process.once('exit', () => second?.kill('SIGKILL'));

function killSecond() {
  if (second) {
    second.kill('SIGKILL');
    startSecond();
  }
}

/** Stops a process in the regular way; answers its status. */
async function stopSecond() {
  if (!second || second.exitCode !== null) {
    return second ? second.exitCode : 0;
  }
  return new Promise((resolve) => {
    second.once('exit', (status, signal) => resolve(signal || status));
    second.kill('SIGTERM');
  });
}

/* --- when -------------------------------------------------------------------------------- */

async function bother(dice, op) {
  if (op % 60 === 0) {
    const rules = faultPlan(dice);
    run.faults += rules.length;
    await linear.post('faults', { seed: SEED + op, rules }).catch(() => {});
    await linear.post('settings', openQuestions(dice)).catch(() => {});
    await linear.post('webhook', { enabled: true }).catch(() => {});
  }
  if (op % 500 === 250) {
    const span = spans[dice.of(Object.keys(spans))];
    await span.begin().catch(() => {});
    run.span = { ...span, until: op + 100 };
  } else if (run.span && op >= run.span.until) {
    const { end } = run.span;
    run.span = null;
    await end().catch(() => {});
  }
  if (op % 150 === 149) {
    const victim = dice.weighted({
      worker: 4, sync: 4, simulator: 2, db: 1, ...(HAS_SECOND ? { second: 2 } : {}),
    });
    run.kills[victim] = (run.kills[victim] || 0) + 1;
    if (victim === 'worker') {
      killWorker(dice.of(['app', 'write', 'linear']), dice.below(8));
    } else if (victim === 'second') {
      killSecond();
    } else {
      if (victim === 'simulator') { // whose count begins anew
        run.asked += await linear.get('requests').then(({ total }) => total, () => 0);
      }
      kill(victim);
    }
  }
}

async function prepare() {
  await linear.faults();
  await linear.post('settings', { retries_ms: [300, 1000, 3000], ...WELL });
  await linear.post('webhook', { enabled: true, previous_secret: PREVIOUS_SECRET || null });
}

/** Ends all troubles, and the waits that they caused. */
async function heal() {
  await linear.faults();
  await linear.post('settings', WELL);
  await linear.post('webhook', { enabled: true });
  await linear.post('rate', {});
  for (const span of Object.values(spans)) {
    await span.end();
  }
  await eventually('the database', () => query('UPDATE linear_download SET run_at = UTC_TIMESTAMP(6); SELECT 1'));
}

module.exports = {
  bother, prepare, heal, startSecond, stopSecond,
};
