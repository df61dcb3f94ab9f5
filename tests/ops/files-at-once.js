'use strict';

/*
 * One address may send four uploads at once: the fifth is refused before its body is read, even if it is
 * another person's. Other addresses, and other requests of this one, are served.
 */

const http = require('http');
const { Person, check, eventually, report } = require('../lib/index.js');

const { BASE_URL } = process.env;
const MOST = 4;
const BODY = 'some bytes';

/** Begins an upload and sends all of its body but the last byte; end() sends that. */
function begin(person, localAddress = '127.0.0.1') {
  const request = http.request(`${BASE_URL}/api/attachments/?filename=a.txt`, {
    method: 'POST',
    localAddress,
    agent: false,
    timeout: 60000,
    headers: { Authorization: `Token ${person.token}`, 'Content-Type': 'application/octet-stream', 'Content-Length': BODY.length },
  });
  const answer = new Promise((resolve) => {
    request.on('response', (response) => {
      let text = '';
      response.on('data', (data) => { text += data; });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    request.on('error', (error) => resolve({ status: 0, text: error.message }));
    request.on('timeout', () => request.destroy(new Error('timeout')));
  });
  const connected = new Promise((resolve) => { request.on('finish', resolve); request.on('socket', resolve); });
  request.write(BODY.slice(0, -1));
  return { answer, connected, end: () => request.end(BODY.slice(-1)) };
}

async function main() {
  const [alice, erin] = await Promise.all(['alice', 'erin'].map((name) => Person.login(name)));
  const list = Array.from({ length: MOST }, () => begin(alice));
  await Promise.all(list.map(({ connected }) => connected));
  /* nginx counts an upload once it has its head */
  const refused = await eventually('a refusal', async () => {
    const one = begin(erin);
    one.end();
    const answer = await one.answer;
    return answer.status === 429 && answer;
  }, 30000);
  check('it says so', JSON.parse(refused.text).code === 'throttled', refused.text);
  check('and when to try again', Number(refused.headers['retry-after']) > 0);
  const other = begin(alice, '127.0.0.2');
  other.end();
  check('another address may upload', (await other.answer).status === 201, (await other.answer).text);
  check('this one may read', (await fetch(`${BASE_URL}/api/issues/`, {
    headers: { Authorization: `Token ${alice.token}` }, signal: AbortSignal.timeout(20000),
  })).status === 200);
  list.forEach(({ end }) => end());
  for (const { answer } of list) {
    const { status, text } = await answer;
    check('the first ones are stored', status === 201, text);
  }
  const last = begin(erin);
  last.end();
  check('then there is room again', (await last.answer).status === 201, (await last.answer).text);
}

main().catch((error) => check(`the test runs: ${error.stack}`, false)).finally(() => report('uploads at once'));
