#!/usr/bin/env node
'use strict';

/*
 * Prints a line for each test that failed in the output of a stage, which it reads: where, which, and
 * why. It knows the forms of Check, of node's test runner (TAP, and spec with its list at the end), of
 * the checks of tests/lib/shell.sh and checks.js, of compilers and sanitizers. If it finds none of
 * these, it prints the last line that names an error, or the last one at all.
 *
 *   failures.js STAGE <output
 */

const LINE_MAX = 200;

const indentOf = (line) => line.search(/\S|$/);

/** The lines from `from` on that are indented deeper than that, or some of them, as one. */
function blockAt(lines, from, indent, most = 3) {
  const block = [];
  for (const line of lines.slice(from, from + 12)) {
    if (line && indentOf(line) <= indent) break;
    if (line) block.push(line.trim());
  }
  return block.slice(0, most).join(' ');
}

/** Check: file:line:F:case:test:iteration: message, which may begin with a place of its own. */
function ofCheck(lines) {
  return lines.flatMap((line) => {
    const found = line.match(/^(\S+?:\d+):[FES]:([^:]*):([^:]*):(-?\d+): (.*)$/);
    if (!found) return [];
    const [, place, suite, test, nth, message] = found;
    const name = `${suite}:${test}${nth === '0' ? '' : `:${nth}`}`;
    return [/^tests\/\S+:\d+: /.test(message) ? `${name}: ${message}` : `${name}: ${place}: ${message}`];
  });
}

/** The value of a key in the YAML that follows a line of TAP. */
function yamlValue(block, key) {
  const at = block.findIndex((line) => line.trim().startsWith(`${key}:`));
  if (at < 0) return '';
  const value = block[at].trim().slice(key.length + 1).trim();
  return /^[|>]-?$/.test(value) ? blockAt(block, at + 1, indentOf(block[at])) : value.replace(/^'(.*)'$/, '$1');
}

const relative = (place) => place.replace(/^.*?(?=(?:tests|tools)\/)/, '').replace(/(:\d+):\d+$/, '$1');

/** TAP. A test that has failed since its subtests failed says nothing that these do not. */
function ofTap(lines) {
  const found = [];
  let deepest = 0;
  lines.forEach((line, i) => {
    const [, indent, name] = line.match(/^( *)not ok \d+ - (.*)$/) ?? [];
    if (name === undefined) return;
    const isParent = deepest > indent.length;
    deepest = indent.length;
    if (isParent) return;
    const end = lines.findIndex((later, k) => k > i && later.trim() === '...');
    const block = lines[i + 1]?.trim() === '---' ? lines.slice(i + 2, end) : [];
    found.push(`${name}: ${relative(yamlValue(block, 'location'))}: ${yamlValue(block, 'error')}`);
  });
  return found;
}

/** The reporter spec, which lists the failing tests at its end, if it gets so far. */
function ofSpec(lines) {
  const from = lines.findLastIndex((line) => /^✖ failing tests:/.test(line.trim())) + 1;
  return lines.flatMap((line, i) => {
    const [, name] = line.match(/^ *✖ (.*?)(?: \([\d.]+ms\))?$/) ?? [];
    if (i < from || name === undefined) return [];
    const [, place] = lines[i - 1]?.match(/^ *test at (\S+)/) ?? [];
    return [`${name}: ${place ? `${relative(place)}: ` : ''}${blockAt(lines, i + 1, indentOf(line))}`];
  });
}

/** Checks of scripts: failed: what, and what the command said. */
function ofScripts(lines) {
  return lines.flatMap((line, i) => {
    if (!line.startsWith('failed: ')) return [];
    const said = lines[i + 1] ?? '';
    const isOther = /^failed: |: \d+ checks, \d+ failures$|^- tests\//.test(said);
    return [`${line.slice('failed: '.length)}${isOther || !said ? '' : `: ${said.trim()}`}`];
  });
}

function ofOthers(lines) {
  return lines.filter((line) => /ERROR: \w+Sanitizer|runtime error:|^not ok: |^\S+:\d+:\d+: (fatal )?error: /.test(line));
}

function lastError(lines) {
  const said = lines.filter(Boolean);
  const last = said.findLast((line) => /error|fail|cannot|refused/i.test(line)) ?? said.at(-1);
  return last === undefined ? [] : [last];
}

function failuresOf(text) {
  // eslint-disable-next-line no-control-regex
  const lines = text.replace(/\x1b\[[\d;]*m/g, '').split('\n').map((line) => line.trimEnd());
  const found = [ofCheck, ofTap, ofSpec, ofScripts, ofOthers].flatMap((form) => form(lines));
  return [...new Set(found.length > 0 ? found : lastError(lines))];
}

function main([stage]) {
  const text = require('fs').readFileSync(0, 'utf8');
  for (const line of failuresOf(text)) {
    console.log([...`${stage}: ${line.trim().replace(/[\s:]+$/, '')}`].slice(0, LINE_MAX).join(''));
  }
}

if (require.main === module) main(process.argv.slice(2));
module.exports = { failuresOf };
