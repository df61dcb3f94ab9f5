#!/usr/bin/env node
'use strict';

// check-exchanges.js FILE: checks every answer against the document. Each line of
// FILE is one exchange: {"method", "path", "status", "type", "body"}.

const { createReadStream } = require('node:fs');
const { createInterface } = require('node:readline');
const { load } = require('./document');

const SHOWN = 20;

async function main() {
  const document = await load();
  const lines = createInterface({ input: createReadStream(process.argv[2]) });
  const faults = new Map();
  let n = 0;

  for await (const line of lines) {
    const exchange = JSON.parse(line);
    const { method, path, status, body } = exchange;
    const fault = document.answerFault(exchange);
    n++;
    if (!fault)
      continue;
    const key = `${method} ${path.replace(/\d+|\?.*/gs, '#')} ${status} ${
      fault.replace(/\d+/g, '#')}`;
    if (!faults.has(key))
      faults.set(key, `${method} ${path.slice(0, 200)} -> ${status}: ${
        fault}\n    ${body.slice(0, 400)}`);
  }
  if (!n)
    throw new Error(`${process.argv[2]} has no exchanges`);
  report([...faults.values()], n);
}

function report(faults, n) {
  console.log(`${n} answers checked, ${faults.length} kinds do not fit`);
  for (const fault of faults.slice(0, SHOWN))
    console.log(`- ${fault}`);
  if (faults.length > SHOWN)
    console.log(`- and ${faults.length - SHOWN} kinds more`);
  process.exitCode = faults.length ? 1 : 0;
}

main();
