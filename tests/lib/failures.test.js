'use strict';

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');
const { failuresOf } = require('./failures.js');

/** What node's test runner prints about a file with these lines. */
function outputOf(reporter, ...lines) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'docket-failures.'));
  const file = path.join(dir, 'some.test.js');
  fs.writeFileSync(file, ["const { describe, it } = require('node:test');", ...lines].join('\n'));
  const { NODE_TEST_CONTEXT, ...env } = process.env;
  const { stdout } = spawnSync(process.execPath, ['--test', `--test-reporter=${reporter}`, file], {
    encoding: 'utf8', env, timeout: 60000,
  });
  fs.rmSync(dir, { recursive: true });
  return stdout;
}

const NESTED = [
  "describe('outer', () => {",
  "  it('passes', () => {});",
  "  it('is wrong', () => { require('node:assert').equal(2, 1); });",
  "  it('throws', () => { throw new Error('no such thing\\nat all'); });",
  '});',
];

test('Check: where, which, and why', () => {
  assert.deepEqual(failuresOf([
    'Running suite(s): one',
    ' two',
    '99%: Checks: 1042, Failures: 2, Errors: 1',
    'tests/lib/expect.c:23:F:show:start:0: tests/api/seed_show.c:137: status 200 was expected',
    '    GET /api/start/',
    "tests/api/permissions.c:351:F:permissions:matrix:79: 201 was expected, not 400",
    'tests/api/search.c:80:E:search:slow:0: (after this point) Test timeout expired',
    'tests/lib/fixture.c:49:S:manual:status:0: (after this point) Early exit with return value 1',
    '',
  ].join('\n')), [
    'show:start: tests/api/seed_show.c:137: status 200 was expected',
    'permissions:matrix:79: tests/api/permissions.c:351: 201 was expected, not 400',
    'search:slow: tests/api/search.c:80: (after this point) Test timeout expired',
    'manual:status: tests/lib/fixture.c:49: (after this point) Early exit with return value 1',
  ]);
});

for (const reporter of ['tap', 'spec']) {
  test(`node's test runner, ${reporter}: the tests themselves, not what they are in`, () => {
    const [wrong, throws, ...others] = failuresOf(outputOf(reporter, ...NESTED));
    assert.match(wrong, /^is wrong: .*:4: .*2 == 1/);
    assert.match(throws, /^throws: .*:5: .*no such thing/);
    assert.deepEqual(others, []);
  });

  test(`node's test runner, ${reporter}: a file that cannot be loaded`, () => {
    const found = failuresOf(outputOf(reporter, "require('./nothing.js');"));
    assert.equal(found.length, 1);
    assert.match(found[0], /some\.test\.js/);
  });
}

test('scripts: each check with what its command said', () => {
  assert.deepEqual(failuresOf([
    'failed: it answers',
    'exit status 7',
    'failed: it stops',
    'lifecycle: 12 checks, 2 failures',
  ].join('\n')), ['it answers: exit status 7', 'it stops']);
});

test('a stage that hangs, and sanitizers', () => {
  const lines = ['not ok: it did not end within 900 s: sleep', 'lib/x.c:3:1: runtime error: overflow'];
  assert.deepEqual(failuresOf(`${lines.join('\n')}\n  PID\n`), lines);
});

test('compilers', () => {
  assert.deepEqual(failuresOf([
    'lib/a.c:58:1: error: expected ;', '   58 | int broken(', 'make: *** [Makefile:292: a.o] Error 1',
  ].join('\n')), ['lib/a.c:58:1: error: expected ;']);
});

test('anything else: the last error, or the last line', () => {
  assert.deepEqual(failuresOf('docket: cannot start\n\nNode.js v20\n'), ['docket: cannot start']);
  assert.deepEqual(failuresOf('one\ntwo\n\n'), ['two']);
  assert.deepEqual(failuresOf(''), []);
});
