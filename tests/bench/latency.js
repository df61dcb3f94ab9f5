'use strict';

/*
 * The figures of tests/bench/latency. The load comes from a process of its own, so that it does not delay the
 * measuring: latency.js load RATE SECONDS TOKEN raises so many issues a second (0: as many as 16 clients
 * can) and prints how many it raised.
 */

const { execFile } = require('child_process');
const http = require('http');
const { promisify } = require('util');
const { Person, linear, sleep } = require('../lib/index.js');

const { BASE_URL, LINEAR_API_URL, LINEAR_API_KEY } = process.env;
const CLIENTS = 16;
const SAMPLES = 200;
const LINEAR_MS = 50;
const TIED = 1; // the organization with a team in Linear
const OTHER = 2;

const agent = new http.Agent({ keepAlive: true, maxSockets: 100 });
const quantile = (list, q) => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) * q)];
const now = () => Number(process.hrtime.bigint()) / 1e6;

/** Sends a request; resolves to the parsed answer, which must have the status. */
function send(method, url, { headers, body, status }) {
  const text = body && JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = http.request(url, {
      method,
      agent,
      timeout: 60000,
      headers: { ...headers, ...(text && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }) },
    }, (answer) => {
      let got = '';
      answer.setEncoding('utf8');
      answer.on('data', (part) => { got += part; });
      answer.on('end', () => (answer.statusCode === status
        ? resolve(JSON.parse(got)) : reject(new Error(`${method} ${url}: status ${answer.statusCode}: ${got}`))));
    });
    request.on('timeout', () => request.destroy(new Error(`${method} ${url}: no answer`)));
    request.on('error', reject);
    request.end(text);
  });
}

const get = (path, token) => send('GET', BASE_URL + path, { headers: { Authorization: `Token ${token}` }, status: 200 });
const raise = (token, organization, title) => send('POST', `${BASE_URL}/api/client/issues/raise/`, {
  headers: { Authorization: `Token ${token}` }, status: 201, body: { organization, title, description: 'It never came. Please call.' },
});

async function load(rate, seconds, token) {
  const end = now() + seconds * 1000;
  let raised = 0;
  const client = async (_, n) => {
    const every = rate ? (1000 * CLIENTS) / rate : 0;
    // one after the other: a client that is late does not catch up
    for (let next = now() + (every * n) / CLIENTS; next < end; next = Math.max(next + every, now())) {
      if (next > now()) await sleep(next - now());
      await raise(token, OTHER, 'Late delivery');
      raised += 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  console.log(raised);
}

/** Runs the load in a process of its own; resolves to how many issues a second it raised. */
async function loadOf(rate, seconds, token) {
  const { stdout } = await promisify(execFile)(process.execPath, [__filename, 'load', rate, seconds, token],
    { timeout: (seconds + 60) * 1000 });
  return Number(stdout) / seconds;
}

/** How long it takes until look() finds it, in ms. */
async function until(begin, look) {
  while (!await look()) {
    if (now() - begin > 60000) throw new Error('it is not seen within a minute');
  }
  return now() - begin;
}

/** How soon a search and the notifications of staff have an issue that was raised. */
async function seen(customer, staff, list) {
  const word = `w${Math.random().toString(36).slice(2, 12)}`;
  const { issue } = await raise(customer, OTHER, `Late ${word}`);
  const begin = now();
  const [search, notified] = await Promise.all([
    until(begin, async () => (await get(`/api/issues/?search=${word}&page_size=1`, staff)).count > 0),
    until(begin, async () => (await get('/api/notifications/?page_size=100', staff)).results
      .some((n) => n.issue === issue.id || n.issue?.id === issue.id)),
  ]);
  list.search.push(search);
  list.notified.push(notified);
}

async function derivation(say, customer, staff) {
  const most = await loadOf(0, 3, customer);
  const beside = loadOf(Math.round(most / 2), 20, customer);
  const list = { search: [], notified: [] };
  const end = now() + 20000;
  while (now() < end) {
    await seen(customer, staff, list);
    await sleep(10 + Math.random() * 40);
  }
  const rate = (await beside).toFixed(0);
  const text = (times) => `${quantile(times, 0.5).toFixed(1)}, ${quantile(times, 0.99).toFixed(1)} ms`;
  say(`a search sees a change beside ${rate} raises/s: p50, p99`, text(list.search), 'p99 <= 50 ms');
  say(`notifications see it beside ${rate} raises/s: p50, p99`, text(list.notified), 'p99 <= 50 ms');
}

/** The median of what takes so many ms. */
async function median(work) {
  const times = [];
  for (let i = 0; i < SAMPLES; i += 1) {
    const begin = now();
    await work();
    times.push(now() - begin);
  }
  return quantile(times, 0.5);
}

async function withLinear(say, customer) {
  await linear.faults({ kind: 'latency', min: LINEAR_MS, max: LINEAR_MS });
  const without = await median(() => raise(customer, OTHER, 'Late delivery'));
  const waited = await median(async () => {
    if (!(await raise(customer, TIED, 'Late delivery')).linear_data) throw new Error('Linear did not answer in time');
  });
  const itself = await median(() => send('POST', LINEAR_API_URL, {
    headers: { Authorization: LINEAR_API_KEY }, status: 200, body: { query: '{ viewer { id } }' },
  }));
  say('a raise that waits for Linear, beyond the raise and Linear: p50', `${(waited - without - itself).toFixed(1)} ms`,
    `<= 2 ms (${waited.toFixed(1)} - ${without.toFixed(1)} - ${itself.toFixed(1)})`);
}

async function main() {
  const say = (what, value, bound) => console.log(`${what.padEnd(62)} ${value.padStart(18)}   ${bound}`);
  const [customer, staff] = await Promise.all(['alice', 'omar'].map((name) => Person.login(name)));
  await withLinear(say, customer.token);
  await derivation(say, customer.token, staff.token);
  agent.destroy();
}

if (process.argv[2] === 'load') load(...process.argv.slice(3, 5).map(Number), process.argv[5]).then(() => agent.destroy());
else main();
