'use strict';

const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');

/* The instance and its processes. */

/** Runs tools/instance with these words (start, stop, exec …) in this environment; returns its
 * output. */
function instance(env, ...words) {
  return execFileSync(path.join(__dirname, '../../tools/instance'), words, {
    env, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8',
  });
}

/** The ids of the processes of a service of the instance. */
function processesOf(service) {
  const mark = `DOCKET_SERVICE=${fs.realpathSync(process.env.STATE)}/${service}`;
  return fs.readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid)
        && fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark);
    } catch {
      return false;
    }
  }).map(Number);
}

function programOf(pid) {
  try {
    return fs.readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}

function killProcess(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has just ended by itself
  }
}

/** Kills a service with SIGKILL; the instance starts it again. Returns the number of processes. */
function kill(service) {
  const pids = processesOf(service);
  pids.forEach(killProcess);
  return pids.length;
}

/** Kills the `nth` worker of a pool; the pool starts another one. */
function killWorker(service, nth) {
  const workers = processesOf(service).filter((pid) => programOf(pid) === 'docket.fcgi');
  if (workers.length > 0) {
    killProcess(workers[nth % workers.length]);
  }
}

module.exports = {
  instance, kill, killWorker, processesOf,
};
