// Reads each mail of corpus/ by docket-mail-read and compares what it says with what a
// person expects: NAME.txt is the text that the sender wrote, expected.json has the rest.
//
// The mails have the form that Outlook, Gmail, Apple Mail, Thunderbird, Roundcube and
// K-9 give them, in six languages; the others each are one trap.
//
// npm's planer also cuts quotations. It is asked for its opinion of each text; where it
// cuts another way is noted in planer.json, with the reason why ours is wanted.
const { readFileSync, readdirSync, openSync, closeSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { test } = require('node:test');
const assert = require('node:assert');

const corpus = join(__dirname, 'corpus');
const reader = join(__dirname, '../../build', process.env.BUILD || 'asan', 'docket-mail-read');
const expected = JSON.parse(readFileSync(join(corpus, 'expected.json')));
const opinions = JSON.parse(readFileSync(join(__dirname, 'planer.json')));
const names = readdirSync(corpus).filter((f) => f.endsWith('.eml')).map((f) => f.slice(0, -4));

function read(name) {
  const mail = openSync(join(corpus, `${name}.eml`));
  const run = spawnSync(reader, ['mx.docket.example'],
    { stdio: [mail, 'pipe', 'pipe'], timeout: 60000, maxBuffer: 1 << 24 });
  closeSync(mail);
  assert.strictEqual(run.status, 0, `${name}: ${run.signal || ''} ${run.stderr}`);
  return JSON.parse(run.stdout);
}

// What is compared of a file: [name, type, bytes (null: any), shown in the text].
const fileRow = (file, wanted) => [file.name, file.type, wanted?.[2] === null ? null : file.size,
  file.is_inline];

function compare(name, mail) {
  const wanted = expected[name] || {};
  assert.strictEqual(mail.text, readFileSync(join(corpus, `${name}.txt`), 'utf8').replace(/\n$/, ''));
  for (const [key, value] of Object.entries(wanted)) {
    let got = mail[key];
    if (key === 'files')
      got = got.map((file, i) => fileRow(file, value[i]));
    if (key === 'problems')
      got = got.length;
    assert.deepStrictEqual(got, value, key);
  }
  if (!('problems' in wanted))
    assert.deepStrictEqual(mail.problems, []);
}

const squeezed = (text) => text.replace(/\s+/g, ' ').trim();

test('the corpus has the mails of six programs in six languages', () => {
  for (const program of ['outlook', 'gmail', 'apple', 'thunderbird', 'roundcube', 'k9'])
    for (const language of ['en', 'de', 'fr', 'es', 'it', 'nl'])
      assert.ok(names.includes(`${program}-${language}`));
});

const mails = new Map();
for (const name of names)
  test(`mail ${name}`, () => {
    mails.set(name, read(name));
    compare(name, mails.get(name));
  });

test("planer's opinion differs where it is known to, and nowhere else", () => {
  const planer = require('planer');
  const differs = [...mails].filter(([, mail]) =>
    squeezed(planer.extractFrom(mail.whole || mail.text, 'text/plain')) !== squeezed(mail.text));
  assert.deepStrictEqual(differs.map(([name]) => name).sort(), Object.keys(opinions).sort());
});
