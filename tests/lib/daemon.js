'use strict';

const { execFile } = require('child_process');
const { query } = require('./database.js');
const { processesOf } = require('./processes.js');
const { eventually } = require('./waiting.js');

/* docket-sync: what it has left to do, and how to control it. */

/** Whether no news, no job, no delivery and no file is waiting. */
const isIdle = () => query("SELECT (SELECT COUNT(*) FROM sync_job WHERE state = 'ready')"
  + ' + (SELECT COUNT(*) FROM outbox)'
  + ' + (SELECT COUNT(*) FROM linear_download)'
  + ' + (SELECT COUNT(*) FROM webhook_delivery WHERE done_at IS NULL)') === '0';

/** Makes the daemon reconcile now, and waits until it has. A pass that is running may have looked
 * already, so it waits for one that begins from now on. */
async function reconcile() {
  const when = (name) => query(`SELECT updated_at FROM sync_fact WHERE name = '${name}'`);
  await eventually('the database', () => query("DELETE FROM sync_fact WHERE name = 'pass'; SELECT 1"));
  const begin = await eventually('the begin of a pass', () => when('pass'), 60000);
  await eventually('its end', () => when('reconcile') >= begin, 60000);
}

/** Whether Docket says that webhooks arrive, as if a minute had passed since the last one came and
 * since one was missed. */
async function webhooksArrive(person) {
  query("UPDATE sync_fact SET updated_at = updated_at - INTERVAL 61 SECOND WHERE name IN ('webhook', 'unheard')");
  return (await person.get('/api/linear/status/')).webhooks_arrive;
}

/** Runs docket-sync --once, which does what is due; with these settings beside the instance's. */
const once = (settings = {}) => new Promise((resolve, reject) => {
  const env = { ...process.env, ...settings };
  execFile('docket-sync', ['--once'], { env }, (error) => (error ? reject(error) : resolve()));
});

/** Runs `action` while the daemon is stopped, and holds no row that others would wait for. */
async function withoutDaemon(action) {
  const pids = processesOf('sync');
  const signal = (name) => pids.forEach((pid) => process.kill(pid, name));
  await eventually('the daemon is between two transactions', () => {
    signal('SIGSTOP');
    try {
      query('SELECT COUNT(*) FROM issue FOR UPDATE NOWAIT');
      return true;
    } catch {
      signal('SIGCONT');
      return false;
    }
  });
  try {
    await action();
  } finally {
    signal('SIGCONT');
  }
}

module.exports = {
  isIdle, once, reconcile, webhooksArrive, withoutDaemon,
};
