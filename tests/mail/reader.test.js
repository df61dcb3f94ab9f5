// How docket-mail-read ends with mails that were made to exhaust it. AddressSanitizer
// needs more addresses than a reader may have, so this is the program of production.
const { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { tmpdir } = require('node:os');
const { after, test } = require('node:test');
const assert = require('node:assert');

const reader = join(__dirname, '../../build/release/docket-mail-read');
const scratch = mkdtempSync(join(tmpdir(), 'docket-reader.'));
after(() => rmSync(scratch, { recursive: true }));

const NO_MEMORY = 2;
const TOO_LONG = 'SIGXCPU';
const header = 'From: ana@example.com\nDate: Mon, 23 Nov 2026 10:12:00 +0100\n';

function read(mail) {
  const path = join(scratch, 'mail');
  writeFileSync(path, mail);
  const file = openSync(path);
  const run = spawnSync(reader, [], { stdio: [file, 'pipe', 'pipe', 'pipe'], timeout: 120000,
    maxBuffer: 1 << 28 });
  closeSync(file);
  return run;
}

test('a header of more than 1 MiB is refused', () => {
  for (const line of [`X-A: ${'x'.repeat(1 << 20)}\n`, 'X-A: x\n'.repeat(1 << 20)]) {
    const run = read(`${header}${line}\nHello\n`);
    assert.strictEqual(run.status, 0, run.signal);
    assert.match(JSON.parse(run.stdout).refused, /larger than 1 MiB/);
  }
});

test('a header of 1 MiB is read', () => {
  const rest = (1 << 20) - header.length - '\n'.length;
  const run = read(`${header}${'X-A: x\n'.repeat(rest / 7)}\nHello\n`);
  assert.strictEqual(run.status, 0, run.signal);
  assert.strictEqual(JSON.parse(run.stdout).text, 'Hello');
});

// Each is as large as a mail may be, and takes many times that memory, or much time.
for (const [name, mail] of Object.entries({
  parts: `${header}Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(4e6)}`,
  'headers of a part': `${header}Content-Type: multipart/mixed; boundary=b\n\n--b\n` +
    `${'X-A: x\n'.repeat(5e6)}\nx\n--b--\n`,
}))
  test(`too many ${name}: the reason is memory or time`, () => {
    const run = read(mail);
    assert.ok(run.status === NO_MEMORY || run.signal === TOO_LONG,
      `${run.status} ${run.signal} ${run.stdout.subarray(0, 200)}`);
  });
