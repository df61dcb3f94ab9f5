'use strict';

/* The figures of tests/bench/mails, which starts the instance. */

const {
  Person, deliverByHttp, deliverByPipe, eventually, forgetMailsIn, linear, query, replyAddress, sleep, writeMail,
} = require('../lib/index.js');

const MIB = 1024 * 1024;
const ROUNDS = 3;
const JOBS = 600; // of a round
const RATE = 50; // mails a second
const SENDERS = 10; // each may write 30 an hour

const sorted = (list) => [...list].sort((a, b) => a - b);
const median = (list) => sorted(list)[list.length >> 1];
const quantile = (list, q) => sorted(list)[Math.floor((list.length - 1) * q)];
const say = (what, value, bound) => console.log(`${what.padEnd(58)} ${value.padStart(22)}   ${bound}`);
const count = (statement) => Number(query(statement));

async function milliseconds(work) {
  const begin = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - begin) / 1e6;
}

/** Delivers `n` mails, one at a time; resolves to how long each took. */
async function times(n, deliver) {
  const list = [];
  for (let i = 0; i < n; i += 1) {
    list.push(await milliseconds(() => deliver(i)));
    if (i % 100 === 99) forgetMailsIn();
  }
  return list;
}

function stored(answer) {
  if (answer.code !== 0 && answer.status !== 200) throw new Error(`not stored: ${answer.output ?? answer.text}`);
}

/** Customers with an issue each, of an organization that Linear does not get. */
async function senders() {
  const list = [];
  for (let i = 0; i < SENDERS; i += 1) {
    const name = `sender${i}`;
    const person = await Person.signUp(name);
    const { id } = await person.raise({ organization: 2 });
    const user = count(`SELECT id FROM user WHERE username = '${name}'`);
    list.push({ from: `${name}@example.com`, to: replyAddress(id, user) });
  }
  return list;
}

const waiting = () => count("SELECT COUNT(*) FROM sync_job WHERE state = 'ready'");

/** How many jobs a second reach a Linear that takes 200 ms for each answer. */
async function jobRate(alice) {
  await linear.faults({ kind: 'latency', min: 200, max: 200 });
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (let i = 0; i < JOBS / 8; i += 1) await alice.raise();
  }));
  const n = waiting();
  const took = await milliseconds(() => eventually('nine tenths are in Linear', () => waiting() <= n / 10, 600000));
  await linear.faults();
  await eventually('all are in Linear', () => waiting() === 0, 600000);
  return (n * 0.9 * 1000) / took;
}

/** Sends mails at the rate until `stop` is called, which resolves to how many, and for how long the last ones waited. */
function stream(people) {
  let over = false;
  const first = count('SELECT COALESCE(MAX(id), 0) FROM mail_in');
  const done = (async () => {
    const begin = Date.now();
    const flying = new Set();
    let n = 0;
    for (; !over; n += 1) {
      const { from, to } = people[n % people.length];
      const sent = deliverByHttp(to, writeMail({ from, text: `Mail ${n}` }).raw, { sender: from }).then(stored).finally(() => flying.delete(sent));
      flying.add(sent);
      if (n % (2 * RATE) === 0) forgetMailsIn();
      await sleep(Math.max(0, begin + ((n + 1) * 1000) / RATE - Date.now()));
    }
    await Promise.all(flying);
    return { n, seconds: (Date.now() - begin) / 1000 };
  })();
  return async () => {
    over = true;
    const { n, seconds } = await done;
    const behind = count("SELECT COUNT(*) FROM mail_in WHERE state = 'new'");
    await eventually('all are applied', () => count("SELECT COUNT(*) FROM mail_in WHERE state = 'new'") === 0, 600000);
    const comments = count(`SELECT COUNT(*) FROM mail_in WHERE id > ${first} AND deed = 'comment'`);
    return { rate: n / seconds, n, behind, comments };
  };
}

async function main() {
  const alice = await Person.login('alice');
  const people = await senders();
  const [{ from, to }] = people;
  const small = () => writeMail({ from, text: 'It is blue.' }).raw;
  const large = Buffer.concat([writeMail({ from, text: 'Twenty-five MiB.' }).raw, Buffer.alloc(25 * MIB, `${'x'.repeat(75)}\n`)]);

  await times(5, () => deliverByPipe(to, small(), { sender: from }).then(stored)); // warms up
  const pipe = await times(300, () => deliverByPipe(to, small(), { sender: from }).then(stored));
  say('docketctl mail deliver, p99 (with starting it)', `${quantile(pipe, 0.99).toFixed(1)} ms`, `<= 30 ms; median ${median(pipe).toFixed(1)}`);
  const http = await times(300, () => deliverByHttp(to, small(), { sender: from }).then(stored));
  say('POST /api/mail/inbound/, p99', `${quantile(http, 0.99).toFixed(1)} ms`, `median ${median(http).toFixed(1)}`);
  const big = await times(5, (i) => deliverByPipe(to, Buffer.concat([large, Buffer.from(String(i))]), { sender: from }).then(stored));
  say('docketctl mail deliver, 25 MiB, median', `${median(big).toFixed(0)} ms`, '<= 500 ms');
  await eventually('all are applied', () => count("SELECT COUNT(*) FROM mail_in WHERE state = 'new'") === 0, 600000);

  const alone = [];
  const beside = [];
  let mails;
  for (let round = 0; round < ROUNDS; round += 1) {
    alone.push(await jobRate(alice));
    const stop = stream(people);
    beside.push(await jobRate(alice));
    mails = await stop();
    say(`  round ${round + 1}: ${mails.n} mails, ${mails.rate.toFixed(1)} a second`, `${mails.comments} comments`, `${mails.behind} waited at the end`);
  }
  say('jobs for Linear beside 50 mails a second', `${(median(beside) / median(alone)).toFixed(2)} (${median(beside).toFixed(0)}/${median(alone).toFixed(0)} a second)`, '>= 0.95');
}

main();
