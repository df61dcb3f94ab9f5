'use strict';

const { execFile } = require('child_process');
const os = require('os');
const { query } = require('./database.js');
const { linear } = require('./linear.js');
const { kill, processesOf } = require('./processes.js');
const { eventually, sleep } = require('./waiting.js');

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
  const begin = await eventually('the begin of a pass', () => when('pass'));
  await eventually('its end', () => when('reconcile') >= begin);
}

/** Waits until all that Linear has to tell has come, however often, and nothing is left to do. */
const heard = () => eventually('neither side has anything to do', async () => {
  await linear.get('quiesce?timeout_ms=20000');
  return isIdle();
}, 120000);

/** The same, and no pass is due for a minute: whatever Linear is asked from now on has a new reason. */
async function quiet() {
  await heard();
  await reconcile();
  await heard();
}

/** Whether Docket says that webhooks arrive, as if a minute had passed since the last one came and
 * since one was missed. */
async function webhooksArrive(person) {
  query("UPDATE sync_fact SET updated_at = updated_at - INTERVAL 61 SECOND WHERE name IN ('webhook', 'unheard')");
  return (await person.get('/api/linear/status/')).webhooks_arrive;
}

/** The transactions that are open in the instance's own database, and what each does or did last. */
const waits = () => query('SELECT t.trx_id, t.trx_state, t.trx_started, t.trx_rows_locked, '
  + 't.trx_tables_locked, p.id, p.command, p.time, p.info FROM information_schema.innodb_trx t '
  + 'LEFT JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id',
{ user: os.userInfo().username, password: '' });

/** Runs docket-sync --once, which does what is due; with these settings beside the instance's. If
 * it does not end, it is killed, and what the database waited for is told. */
const once = (settings = {}) => new Promise((resolve, reject) => {
  const env = { ...process.env, ...settings };
  execFile('docket-sync', ['--once'], { env, timeout: 90000, killSignal: 'SIGKILL' }, (error, out, log) => {
    if (!error) {
      resolve();
      return;
    }
    const tail = log.split('\n').slice(-20).join('\n');
    reject(new Error(`${error.message}${error.killed ? `, killed after 90 s\n${waits()}` : ''}\n${tail}`));
  });
});

/** Kills the daemon after a random time of at most `ms`, in which one was running. */
async function killDaemonWithin(ms) {
  await eventually('a daemon', () => processesOf('sync').length > 0);
  await sleep(Math.random() * ms);
  kill('sync');
}

/** Runs `action` while the daemon is stopped, and holds no row that others would wait for. One that
 * has just been killed is started again first: it would begin its work in the midst of the action. */
async function withoutDaemon(action) {
  const pids = await eventually('a daemon', () => {
    const found = processesOf('sync');
    return found.length > 0 && found;
  });
  const signal = (name) => pids.forEach((pid) => process.kill(pid, name));
  await eventually('the daemon is between two transactions', async () => {
    signal('SIGSTOP');
    // what it sent before it stopped is done soon; what stays open waits for its next statement
    // (and the table of transactions is a copy, made anew after 100 ms)
    await sleep(120);
    if (waits() === '') {
      return true;
    }
    signal('SIGCONT');
    return false;
  });
  try {
    await action();
  } finally {
    signal('SIGCONT');
  }
}

module.exports = {
  heard, isIdle, killDaemonWithin, once, quiet, reconcile, waits, webhooksArrive, withoutDaemon,
};
