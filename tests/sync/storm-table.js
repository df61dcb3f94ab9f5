'use strict';

const fs = require('fs');

/* The storms of a file, as each told of itself: a line each, and one of them all. */

const KILLED = ['worker', 'sync', 'second', 'simulator', 'db'];
const COLUMNS = [
  ['seed', (r) => r.seed],
  ['done', (r) => r.operations],
  ['refused', (r) => r.refused],
  ['issues', (r) => r.issues],
  ['files', (r) => r.files],
  ['faults', (r) => r.fault_rules],
  ...KILLED.map((name) => [`kill ${name}`, (r) => r.kills[name] || 0]),
  ['requests', (r) => r.requests],
  ['changes', (r) => r.changes],
  ['each', (r) => r.requests_per_change],
  ['storm s', (r) => Math.round(r.storm_ms / 1000)],
  ['calm s', (r) => Math.round(r.converged_ms / 1000)],
  ['dead', (r) => r.dead_letters],
  ['problems', (r) => r.problems],
];

const add = (a, b) => (typeof a === 'number' || typeof b === 'number' ? (a || 0) + (b || 0) : a || b);

function total(runs) {
  const sum = runs.reduce((all, one) => Object.fromEntries(
    Object.keys({ ...all, ...one }).map((key) => [key, add(all[key], one[key])]),
  ), {});
  const kills = Object.fromEntries(KILLED.map((name) => (
    [name, runs.reduce((n, one) => n + (one.kills[name] || 0), 0)])));
  return {
    ...sum, kills, seed: 'all', requests_per_change: sum.changes && (sum.requests / sum.changes).toFixed(2),
  };
}

const runs = fs.readFileSync(process.argv[2], 'utf8').split('\n')
  .filter((line) => line.startsWith('{"seed"')).map((line) => JSON.parse(line));
const rows = [
  COLUMNS.map(([name]) => name),
  ...[...runs, total(runs)].map((one) => COLUMNS.map(([, value]) => String(value(one) ?? '-'))),
];
const widths = COLUMNS.map((_, i) => Math.max(...rows.map((row) => row[i].length)));
rows.forEach((row) => console.log(row.map((cell, i) => cell.padStart(widths[i])).join('  ')));
