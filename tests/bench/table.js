// Prints the table of a run of the bench, and keeps its figures as JSON.
'use strict';
const fs = require('fs');
const path = require('path');

const [work, out, size, memory, memory16, synced] = process.argv.slice(2);

function lines(name) {
	const file = path.join(work, name);
	if (!fs.existsSync(file)) return [];
	return fs.readFileSync(file, 'utf8').split('\n').filter(Boolean)
		.map((line) => line.split('\t'));
}

const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];

const rows = [...new Set(lines('rows').map(([name]) => name))].map((name) => ({ name, servers: {} }));
const byName = Object.fromEntries(rows.map((row) => [row.name, row]));
for (const [name, server, rps, p50, p99, errors, bytes] of lines('samples')) {
	const s = byName[name].servers[server] ??= { rps: [], p50: [], p99: [], errors: 0 };
	s.rps.push(Number(rps));
	s.p50.push(Number(p50));
	s.p99.push(Number(p99));
	s.errors += Number(errors);
	s.bytes = Number(bytes);
}
for (const [name, status, queries] of lines('queries'))
	Object.assign(byName[name], { status: Number(status), queries: Number(queries) });
for (const row of rows)
	for (const s of Object.values(row.servers))
		Object.assign(s, {
			median: median(s.rps), min: Math.min(...s.rps), max: Math.max(...s.rps),
			p50: median(s.p50), p99: median(s.p99),
		});

const peers = [...new Set(rows.flatMap((row) => Object.keys(row.servers)))].filter((s) => s !== 'docket');
const table = [['', 'req/s', 'min-max', 'p50 ms', 'p99 ms', 'failed', 'bytes', 'queries',
	...peers.flatMap((peer) => [peer, 'ratio'])]];
for (const row of rows) {
	const ours = row.servers.docket;
	table.push([row.name, ours.median.toFixed(0), `${ours.min.toFixed(0)}-${ours.max.toFixed(0)}`,
		ours.p50.toFixed(2), ours.p99.toFixed(2), ours.errors, ours.bytes, row.queries ?? '',
		...peers.flatMap((peer) => {
			const theirs = row.servers[peer];
			return theirs ? [theirs.median.toFixed(0), (ours.median / theirs.median).toFixed(2)] : ['', ''];
		})].map(String));
}
const widths = table[0].map((_, i) => Math.max(...table.map((line) => line[i].length)));
if (rows.length) for (const line of table)
	console.log(line.map((cell, i) => (i ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  ').trimEnd());

const mib = (kib) => (kib / 1024).toFixed(1);
if (Number(memory))
	console.log(`\nMemory (PSS): ${mib(memory)} MiB in 8 + 2 workers and the daemon, ${mib(memory16)} MiB in 16 and the daemon`);
if (Number(synced)) console.log(`\nDaemon: ${synced} issues a second reach a Linear that takes 200 ms an answer`);

const file = path.join(out, `${new Date().toISOString().replace(/[:.]/g, '-')}.json`);
fs.writeFileSync(file, JSON.stringify({ size: Number(size), memory_kib: Number(memory),
	memory_16_kib: Number(memory16),
	synced_per_second: Number(synced), rows }, null, '\t') + '\n');
console.log(`\nThe figures are in ${path.relative('.', file)}`);
