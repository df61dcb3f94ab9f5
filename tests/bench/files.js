'use strict';

/*
 * The figures of tests/bench/files, which starts the servers and says where they are.
 * `files.js upload URL…` is the client of 100 uploads: a process of its own, whose priority is
 * low, since clients use no processor of a server.
 */

const { execFileSync, spawn } = require('child_process');
const { once } = require('events');
const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const path = require('path');
const { Person } = require('../lib/index.js');

const { STATE, BASE_URL, DAV_URL, DAV_FILES } = process.env;
const MIB = 1024 * 1024;
const ROUNDS = 5;

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const quantile = (list, q) => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) * q)];
const agent = new http.Agent({ keepAlive: true, maxSockets: 200 });

/** Sends a request; resolves to its status and how many ms it took. */
function send(url, { method = 'GET', token, body, type } = {}) {
  const begin = process.hrtime.bigint();
  return new Promise((resolve, reject) => {
    const request = http.request(url, {
      method,
      agent,
      headers: {
        ...(token && { Authorization: `Token ${token}` }),
        ...(body && { 'Content-Length': body.length, 'Content-Type': type ?? 'application/octet-stream' }),
      },
    }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ status: answer.statusCode, ms: Number(process.hrtime.bigint() - begin) / 1e6 }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

function must(answer, status) {
  if (answer.status !== status) throw new Error(`status ${answer.status}, not ${status}`);
  return answer.ms;
}

/** Ratio of an upload to a PUT by nginx and sha256sum of what it wrote. */
async function uploads(url, token) {
  const ours = [];
  const theirs = [];
  for (let i = 0; i < ROUNDS; i += 1) {
    const body = crypto.randomBytes(25 * MIB);
    ours.push(must(await send(`${url}?filename=b${i}.bin`, { method: 'POST', token, body }), 201));
    const put = must(await send(`${DAV_URL}/b${i}`, { method: 'PUT', body }), 201);
    const begin = process.hrtime.bigint();
    execFileSync('sha256sum', [path.join(DAV_FILES, `b${i}`)]);
    theirs.push(put + Number(process.hrtime.bigint() - begin) / 1e6);
  }
  return { ours: median(ours), theirs: median(theirs) };
}

/** How long workers were busy with downloads of 25 MiB, in ms, from their log. */
async function downloads(list, token) {
  for (let i = 0; i < 40; i += 1) {
    must(await send(`${BASE_URL}${list[i % list.length].url}`, { token }), 200);
  }
  return fs.readFileSync(path.join(STATE, 'log/worker.log'), 'utf8').split('\n')
    .filter((l) => l.includes('"route":"attachment_show"')).map((l) => Number(JSON.parse(l).us) / 1000);
}

/** The p99 of one issue, while `beside` runs, or for so many requests. */
async function p99(url, token, beside) {
  let running = Boolean(beside);
  const done = beside?.().finally(() => { running = false; });
  const times = [];
  while (running || (!beside && times.length < 600)) times.push(must(await send(url, { token }), 200));
  await done;
  return quantile(times, 0.99);
}

/** The client of 100 uploads: begins them when it is told so, and ends when they are stored. */
async function upload(urls) {
  const bodies = urls.map(() => crypto.randomBytes(MIB));
  process.stdout.write('ready');
  await once(process.stdin, 'data');
  await Promise.all(urls.map(async (url, i) => (
    must(await send(url, { method: 'POST', token: process.env.TOKEN, body: bodies[i] }), 201))));
  process.exit();
}

async function slowdown(issue, files, token) {
  const idle = [];
  const busy = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    idle.push(await p99(issue, token));
    const urls = Array.from({ length: 100 }, (_, i) => `${files[i % files.length]}?filename=p${round}.${i}`);
    const client = spawn('nice', ['-n', '19', process.execPath, __filename, 'upload', ...urls], {
      env: { ...process.env, TOKEN: token }, stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(client.stdout, 'data');
    busy.push(await p99(issue, token, async () => {
      client.stdin.write('go');
      const [status] = await once(client, 'exit');
      if (status !== 0) throw new Error(`the uploads failed: ${status}`);
    }));
  }
  return { idle: median(idle), busy: median(busy) };
}

/** PSS in KiB of the workers of a pool: its largest. */
function memory(pool) {
  const sizes = fs.readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).map((pid) => {
    try {
      const own = fs.readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`DOCKET_SERVICE=${fs.realpathSync(STATE)}/${pool}\0`);
      const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      if (!own || !command.includes('docket.fcgi\0--pool')) return 0;
      return Number(fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').match(/^Pss: +(\d+)/m)[1]);
    } catch {
      return 0;
    }
  });
  return Math.max(...sizes);
}

async function main() {
  const customer = await Person.login('testuser');
  const { token } = customer;
  const raised = [];
  for (let i = 0; i < 7; i += 1) {
    raised.push((await customer.post('/api/client/issues/raise/', {
      organization: 1, title: 'Files', description: '',
    })).issue.id);
  }
  const [plain, large, ...many] = raised;
  const lists = many.map((id) => `${BASE_URL}/api/issues/${id}/attachments/`);
  const before = memory('files');
  const size = await uploads(`${BASE_URL}/api/issues/${large}/attachments/`, token);
  const { attachments } = await customer.get(`/api/issues/${large}/attachments/`);
  const held = await downloads(attachments, token);
  const slow = await slowdown(`${BASE_URL}/api/issues/${plain}/`, lists, token);
  const say = (what, value, bound) => console.log(`${what.padEnd(58)} ${value.padStart(18)}   ${bound}`);
  say('25 MiB up / (nginx PUT + sha256sum)', `${(size.ours / size.theirs).toFixed(2)} (${size.ours.toFixed(0)}/${size.theirs.toFixed(0)} ms)`, '<= 1.50');
  say('a download of 25 MiB holds a worker, median', `${median(held).toFixed(2)} ms`, '<= 2 ms');
  say('p99 of one issue beside 100 uploads of 1 MiB', `${(slow.busy / slow.idle).toFixed(2)} (${slow.busy.toFixed(1)}/${slow.idle.toFixed(1)} ms)`, '<= 1.30');
  say('a worker of the files pool, PSS', `${(memory('files') / 1024).toFixed(1)} MiB`, `<= 12 MiB; before: ${(before / 1024).toFixed(1)}`);
  say('a worker of the app pool, PSS', `${(memory('app') / 1024).toFixed(1)} MiB`, '');
  agent.destroy();
}

if (process.argv[2] === 'upload') {
  upload(process.argv.slice(3));
} else {
  main();
}
