#!/usr/bin/env node
'use strict';

// check-exchanges.js FILE: checks every answer against the document, and, unless only
// some tests were selected, that every operation succeeded at least once. Each line of FILE is one exchange: {"method",
// "path", "status", "type", "body"}.

const { createReadStream } = require('node:fs');
const { createInterface } = require('node:readline');
const { load } = require('./document');

const SHOWN = 20;

// Operations that other tests bring to succeed: they need a mail, or a
// signature.
const ELSEWHERE = ['mail_ask', 'mail_unsubscribe', 'linear_webhook', 'mail_inbound'];
const { CK_RUN_SUITE, CK_RUN_CASE } = process.env;

async function main() {
  const document = await load();
  const lines = createInterface({ input: createReadStream(process.argv[2]) });
  const faults = new Map();
  const succeeded = new Set();
  let n = 0;

  for await (const line of lines) {
    const exchange = JSON.parse(line);
    const { method, path, status, body } = exchange;
    const fault = document.answerFault(exchange);
    n++;
    if (status < 300)
      succeeded.add(document.operationOf(exchange)?.operationId);
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
  for (const { operationId } of document.operations)
    if (!CK_RUN_SUITE && !CK_RUN_CASE && !succeeded.has(operationId) && !ELSEWHERE.includes(operationId))
      faults.set(operationId, `${operationId} never succeeded`);
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
