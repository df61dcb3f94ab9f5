'use strict';

/*
 * People upload, bind, delete and upload again the same content, while processes of every service are
 * killed, and several sweeps run at once, which wait for nothing. Each person repeats a request with
 * its Idempotency-Key until it is answered. In the end each request must have had its effect once, every
 * file must be whole, and the disk must hold nothing else.
 */

const { execFileSync, spawn } = require('child_process');
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const { Person, check, query, report } = require('../lib/index.js');

const { STATE, BASE_URL, DOCKETCTL, NAMED } = process.env;
const KILLS = Number(process.env.FILES_KILLS ?? 60);
const PEOPLE = 4;
const FILES = path.join(STATE, 'files');
const INCOMING = path.join(FILES, 'incoming');
const CONTENTS = 12; // few, so that the same content is deleted and uploaded at once
const PATIENCE = 60000;

const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const pick = (list) => list[crypto.randomInt(list.length)];
const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');

const contents = Array.from({ length: CONTENTS }, (_, i) => Buffer.alloc(1 + i * 90000, `content ${i} `));
const hashes = contents.map(sha256);

/** The processes of a service, see tools/instance. */
function processesOf(name) {
  return fs.readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
    try {
      return fs.readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
        .includes(`DOCKET_SERVICE=${fs.realpathSync(STATE)}/${name}`);
    } catch {
      return false;
    }
  }).map(Number);
}

/** Sends a request until it is answered by the program. */
async function insist(person, method, url, body, headers) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    try {
      const answer = await fetch(BASE_URL + url, {
        method,
        body,
        headers: { Authorization: `Token ${person.token}`, ...headers },
        signal: AbortSignal.timeout(20000),
      });
      const text = method === 'GET' ? Buffer.from(await answer.arrayBuffer()) : await answer.text();
      if (answer.status < 500 && answer.status !== 429) {
        return { status: answer.status, text };
      }
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    if (Date.now() > end) throw new Error(`${method} ${url} is not answered`);
    await sleep(100 + crypto.randomInt(200));
  }
}

let running = true;
const alive = new Map(); // attachment id: index of its content

async function upload(person, url) {
  const which = crypto.randomInt(CONTENTS);
  const { status, text } = await insist(person, 'POST', `${url}?filename=f${which}.bin`, contents[which], {
    'Content-Type': 'application/octet-stream', 'Idempotency-Key': crypto.randomUUID(),
  });
  check(`an upload is accepted: ${status}`, status === 201, String(text).slice(0, 300));
  const { id } = JSON.parse(text).attachment;
  check('an upload has an id of its own', !alive.has(id));
  return [id, which];
}

/** One person's uploads: to an issue, or before a comment. */
async function work(person) {
  const { issue } = await person.post('/api/client/issues/raise/', {
    organization: 1, title: 'Files', description: '',
  });
  const url = `/api/issues/${issue.id}/attachments/`;
  const own = [];
  while (running) {
    if (crypto.randomInt(3)) {
      const [id, which] = await upload(person, url);
      alive.set(id, which);
      own.push(id);
    } else {
      const [id, which] = await upload(person, '/api/attachments/');
      const { status } = await insist(person, 'POST', `/api/issues/${issue.id}/add_comment/`, JSON.stringify({
        content: 'see', attachments: [id],
      }), { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() });
      check(`a comment takes its file: ${status}`, status === 201);
      alive.set(id, which);
      own.push(id);
    }
    if (own.length > 10 + crypto.randomInt(10)) {
      const [id] = own.splice(crypto.randomInt(own.length), 1);
      const { status } = await insist(person, 'DELETE', `/api/attachments/${id}/`);
      check(`a file is deleted: ${status}`, status === 204 || status === 404);
      alive.delete(id);
    }
    const some = pick(own);
    const { status, text } = await insist(person, 'GET', `/api/attachments/${some}/`);
    /* a sweep that was killed puts a file back a moment later */
    check(`a file is served: ${status}`, status === 404 || sha256(text) === hashes[alive.get(some)]);
  }
  return issue.id;
}

/** Sweeps, which are killed as well. */
async function sweep() {
  while (running) {
    const child = spawn(DOCKETCTL, ['files', 'sweep', '--deleted'], { stdio: 'ignore' });
    const ended = new Promise((resolve) => { child.on('exit', resolve); });
    if (!crypto.randomInt(3)) {
      setTimeout(() => child.kill('SIGKILL'), crypto.randomInt(400));
    }
    await ended;
  }
}

async function kill() {
  const services = ['files', 'files', 'files', 'write', 'app', 'nginx', 'sync'];
  for (let i = 1; i <= KILLS; i += 1) {
    await sleep(150 + crypto.randomInt(500));
    const pids = processesOf(i % 20 === 0 ? 'db' : pick(services));
    const victims = crypto.randomInt(2) ? pids : pids.slice(-1);
    for (const pid of victims) {
      try { process.kill(pid, 'SIGKILL'); } catch { /* it has ended */ }
    }
  }
  running = false;
}

/** Every file of the disk, as "organization hash". */
function disk() {
  const list = [];
  for (const org of fs.readdirSync(FILES).filter((name) => /^\d+$/.test(name))) {
    for (const part of fs.readdirSync(path.join(FILES, org))) {
      for (const hash of fs.readdirSync(path.join(FILES, org, part))) {
        list.push(`${org} ${hash}`);
      }
    }
  }
  return list.sort();
}

const ctl = (...args) => execFileSync(DOCKETCTL, args, { encoding: 'utf8', timeout: 60000 });

/** The names that files have while they are being written: none, where the file system can do without.
 * The trash is not there at first. */
function watchIncoming() {
  const names = new Set();
  fs.rmSync(path.join(FILES, 'trash'), { recursive: true, force: true });
  fs.mkdirSync(INCOMING, { recursive: true });
  const watcher = fs.watch(INCOMING, (event, name) => {
    if (/^[0-9a-f-]{36}$/.test(name)) names.add(name); // not "#123", which has no place in the folder
  });
  return () => {
    watcher.close();
    return names.size;
  };
}

/** As if a day had passed: then files without a row go. */
function age() {
  const then = new Date(Date.now() - 2 * 86400 * 1000);
  for (const name of disk()) {
    const [org, hash] = name.split(' ');
    fs.utimesSync(path.join(FILES, org, hash.slice(0, 2), hash), then, then);
  }
  for (const name of fs.readdirSync(INCOMING)) {
    fs.utimesSync(path.join(INCOMING, name), then, then);
  }
}

async function healthy() {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await sleep(200)) {
    try {
      if ((await fetch(`${BASE_URL}/api/health/`, { signal: AbortSignal.timeout(2000) })).ok) return true;
    } catch { /* not yet */ }
  }
  return false;
}

async function main() {
  const named = watchIncoming();
  const people = await Promise.all(Array.from({ length: PEOPLE }, (_, i) => Person.login(i % 2 ? 'alice' : 'testuser')));
  const [issues] = await Promise.all([Promise.all(people.map(work)), kill(), sweep(), sweep()]);
  check('it is healthy again', await healthy());
  check('files that are being written have names, or not', named() > 0 === (NAMED === 'yes'));
  await sleep(6000); // longer than what is in the trash rests
  ctl('files', 'sweep', '--deleted');
  age();
  ctl('files', 'sweep', '--deleted');
  check('nothing is being written', fs.readdirSync(INCOMING).length === 0);
  check('the trash is empty', fs.readdirSync(path.join(FILES, 'trash')).length === 0);

  const rows = query(`SELECT id FROM attachment WHERE deleted_at IS NULL AND issue_id IN (${issues.join(',')})`)
    .split('\n').filter(Boolean).map(Number);
  const lost = [...alive.keys()].filter((id) => !rows.includes(id));
  const doubled = rows.filter((id) => !alive.has(id));
  check(`no file is lost of ${alive.size}`, lost.length === 0, lost.join(' '));
  check('no file is doubled', doubled.length === 0, doubled.join(' '));
  const owner = await Person.login('sahel');
  for (const [id, which] of alive) {
    const { status, text } = await insist(owner, 'GET', `/api/attachments/${id}/`);
    check(`its content is whole: ${status}`, sha256(text) === hashes[which]);
  }
  const stored = query('SELECT CONCAT(organization_id, " ", sha256) FROM stored_file').split('\n').filter(Boolean).sort();
  check('the disk has what the database has', JSON.stringify(disk()) === JSON.stringify(stored),
    `${disk().length} files, ${stored.length} rows`);
  const verified = ctl('files', 'verify', '--all', '--json');
  check('every file has its hash, every organization its usage', /"wrong": ?0/.test(verified) && /"usages": ?0/.test(verified),
    verified);
  console.log(`${alive.size} files, ${KILLS} kills`);
}

main().catch((error) => check(`the test runs: ${error.stack}`, false)).finally(() => report('files'));
