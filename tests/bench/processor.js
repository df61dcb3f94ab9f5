#!/usr/bin/env node
'use strict';

/*
 * processor.js PIDFILES COMMAND…: runs the command, and prints on a line of standard output, separated by
 * tabs, the nanoseconds of processor time that a server's processes took meanwhile: nginx, worker,
 * database, daemon. PIDFILES are paths of pid files, separated by commas; a file names a process, which
 * counts with all its descendants. Its base name says what the process is: nginx, db, sync; any other
 * is a worker. The command's own output comes first.
 *
 * After the command it waits until the processes are idle, so that what a request leaves to the
 * daemon, or to the database's background threads, counts as the request's. It stops waiting after
 * SETTLE_MS: then the rest is not counted.
 */

const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');

const PARTS = ['nginx', 'worker', 'database', 'daemon'];
const PART_OF = { nginx: 'nginx', db: 'database', sync: 'daemon' };
const SETTLE_MS = 15000;
const INTERVAL_MS = 200;
// Idle: less than 1 % of a processor.
const IDLE_NS = INTERVAL_MS * 1e4;

const [pidFiles, ...command] = process.argv.slice(2);

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

// A process and its descendants.
function family(pid) {
  const tasks = fs.existsSync(`/proc/${pid}/task`) ? fs.readdirSync(`/proc/${pid}/task`) : [];
  const children = tasks.flatMap((task) => read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean));
  return [pid, ...children.flatMap(family)];
}

// {pid/thread: nanoseconds} of a server's processes, by part.
function snapshot() {
  const times = Object.fromEntries(PARTS.map((part) => [part, new Map()]));
  for (const file of pidFiles.split(',').filter(Boolean)) {
    const part = PART_OF[path.basename(file, '.pid')] ?? 'worker';
    for (const pid of family(read(file).trim())) {
      for (const task of fs.readdirSync(`/proc/${pid}/task`)) {
        times[part].set(`${pid}/${task}`, Number(read(`/proc/${pid}/task/${task}/schedstat`).split(' ')[0]));
      }
    }
  }
  return times;
}

// What has passed between two snapshots. A thread that has ended since the first one is left out.
function passed(before, after) {
  return PARTS.map((part) => [...after[part]]
    .reduce((sum, [task, ns]) => sum + ns - (before[part].get(task) ?? 0), 0));
}

const sum = (list) => list.reduce((a, b) => a + b, 0);
const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

function settled() {
  let last = snapshot();
  for (let waited = 0; waited < SETTLE_MS; waited += INTERVAL_MS) {
    sleep(INTERVAL_MS);
    const now = snapshot();
    if (sum(passed(last, now)) < IDLE_NS) return now;
    last = now;
  }
  return last;
}

const before = settled();
const { status } = spawnSync(command[0], command.slice(1), { stdio: 'inherit' });
console.log(passed(before, settled()).join('\t'));
process.exit(status ?? 1);
