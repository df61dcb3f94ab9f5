#!/usr/bin/env node
'use strict';

/*
 * table.js WORK OUT SIZE MEMORY MEMORY_OF_MORE_WORKERS SYNCED: prints the tables of a run of the bench, and
 * keeps its figures as JSON in OUT. WORK has what the run has written, in lines of cells that are separated by tabs:
 *   rows     name of a row
 *   samples  row, server, requests a second, p50 and p99 in ms, failed requests, bytes an answer, requests,
 *            and the nanoseconds of processor time of PARTS
 *   queries  row, status, statements of a request
 */

const fs = require('fs');
const path = require('path');

const PARTS = ['nginx', 'worker', 'database', 'daemon'];
const [work, out, size, memory, memory16, synced] = process.argv.slice(2);

function lines(name) {
  const file = path.join(work, name);
  if (!fs.existsSync(file)) return [];
  return fs.readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => line.split('\t'));
}

const sum = (list) => list.reduce((a, b) => a + b, 0);

function median(list) {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
}

// What a server's samples of one row say.
function figures(samples) {
  const column = (i) => samples.map((cells) => Number(cells[i]));
  const rps = column(0);
  const processor = samples.map((cells) => PARTS.map((_, i) => Number(cells[6 + i]) / Number(cells[5]) / 1e3));
  const parts = PARTS.map((part, i) => [part, median(processor.map((p) => p[i]))]);
  return {
    rps,
    median: median(rps),
    min: Math.min(...rps),
    max: Math.max(...rps),
    p50: median(column(1)),
    p99: median(column(2)),
    errors: sum(column(3)),
    bytes: column(4)[0],
    processor_us: { ...Object.fromEntries(parts), sum: median(processor.map(sum)) },
  };
}

function readRows() {
  const samples = lines('samples');
  const queries = Object.fromEntries(lines('queries').map(([name, ...cells]) => [name, cells.map(Number)]));
  return [...new Set(lines('rows').map(([name]) => name))].map((name) => {
    const ofRow = samples.filter((cells) => cells[0] === name);
    const servers = [...new Set(ofRow.map((cells) => cells[1]))].map((server) => [server,
      figures(ofRow.filter((cells) => cells[1] === server).map((cells) => cells.slice(2)))]);
    const [status, count] = queries[name] ?? [];
    return { name, status, queries: count, servers: Object.fromEntries(servers) };
  });
}

function print(table) {
  const widths = table[0].map((_, i) => Math.max(...table.map((cells) => String(cells[i]).length)));
  for (const cells of table) {
    console.log(cells.map((cell, i) => (i ? String(cell).padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ').trimEnd());
  }
}

// Ours divided by theirs. More requests a second are better, less processor time is.
function ratio(ours, theirs) {
  return theirs ? (ours / theirs).toFixed(2) : '';
}

function printRequests(rows, peers) {
  console.log('Requests a second\n');
  print([['', 'req/s', 'min-max', 'p50 ms', 'p99 ms', 'failed', 'bytes', 'queries',
    ...peers.flatMap((peer) => [peer, 'ratio'])],
  ...rows.map(({ name, queries, servers }) => {
    const { docket } = servers;
    return [name, docket.median.toFixed(0), `${docket.min.toFixed(0)}-${docket.max.toFixed(0)}`,
      docket.p50.toFixed(2), docket.p99.toFixed(2), docket.errors, docket.bytes, queries ?? '',
      ...peers.flatMap((peer) => {
        const theirs = servers[peer]?.median;
        return [theirs?.toFixed(0) ?? '', ratio(docket.median, theirs)];
      })];
  })]);
}

function printProcessor(rows, peers) {
  console.log('\nProcessor time of a request in microseconds (a peer: nginx + worker + database = sum)\n');
  print([['', ...PARTS, 'sum', ...peers.flatMap((peer) => [peer, 'ratio'])],
    ...rows.map(({ name, servers }) => {
      const ours = servers.docket.processor_us;
      return [name, ...PARTS.map((part) => ours[part].toFixed(0)), ours.sum.toFixed(0),
        ...peers.flatMap((peer) => {
          const theirs = servers[peer]?.processor_us;
          if (!theirs?.sum) return ['', ''];
          const parts = PARTS.filter((part) => theirs[part]).map((part) => theirs[part].toFixed(0)).join('+');
          return [`${parts}=${theirs.sum.toFixed(0)}`, ratio(ours.sum, theirs.sum)];
        })];
    })]);
}

const rows = readRows();
const peers = [...new Set(rows.flatMap((row) => Object.keys(row.servers)))].filter((server) => server !== 'docket');
if (rows.length) {
  printRequests(rows, peers);
  printProcessor(rows, peers);
}

// "KIB/PROCESSES"
const kib = (text) => Number(text.split('/')[0]);
const inWords = (text) => `${(kib(text) / 1024).toFixed(1)} MiB in ${text.split('/')[1]} workers and daemons`;
if (kib(memory)) console.log(`\nMemory (PSS): ${inWords(memory)}, ${inWords(memory16)}`);
if (Number(synced)) console.log(`\nDaemon: ${synced} issues a second reach a Linear that takes 200 ms an answer`);

const file = path.join(out, `${new Date().toISOString().replace(/[:.]/g, '-')}.json`);
fs.writeFileSync(file, `${JSON.stringify({
  size: Number(size),
  memory_kib: kib(memory),
  memory_more_workers_kib: kib(memory16),
  synced_per_second: Number(synced),
  rows,
}, null, '\t')}\n`);
console.log(`\nThe figures are in ${path.relative('.', file)}`);
