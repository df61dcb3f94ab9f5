'use strict';

/*
 * The people of the restore drill (tests/ops/restore), in steps that are commands:
 *
 *   load N            N issues with comments and changes, on both sides
 *   more N FILE       N more changes; notes in FILE all that was given out
 *   check FILE        after the restore: that nothing was lost in Linear, given out twice or
 *                     mailed twice, and that both sides are equal
 */

const assert = require('assert/strict');
const fs = require('fs');
const {
  Person, eventually, linear, query, request, successful, unique,
} = require('../lib/index.js');

const STATUS = {
  triage: 'open', backlog: 'open', unstarted: 'open', started: 'in_progress',
  completed: 'resolved', canceled: 'closed', duplicate: 'closed',
};

const people = async () => ({
  customer: await Person.login('testuser'), owner: await Person.login('sahel'),
});

const isQuiet = () => eventually('everything is synced', () => (
  query(`SELECT COUNT(*) FROM sync_job`) === '0'
  && query(`SELECT COUNT(*) FROM webhook_delivery WHERE done_at IS NULL`) === '0'
), 120000);

/** Runs a task for each number, some at a time. */
async function each(n, task) {
  let next = 0;
  const worker = async () => {
    while (next < n) {
      const i = next;
      next += 1;
      await task(i);
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
}

/** What one person or the other does with an issue: one change. */
const CHANGES = [
  ({ customer }, issue) => customer.post(`/api/client/issues/${issue.id}/comment/`, { comment: unique('Question') }),
  ({ owner }, issue) => owner.post(`/api/issues/${issue.id}/add_comment/`, { content: unique('Answer') }),
  ({ owner }, issue) => owner.patch(`/api/issues/${issue.id}/`, { priority: 'urgent' }),
  ({ owner }, issue) => owner.post(`/api/issues/${issue.id}/resolve/`, {}),
  (_, issue) => linear.act({ do: 'edit', issue: issue.linear, title: unique('Renamed in Linear') }),
  (_, issue) => linear.act({ do: 'comment', issue: issue.linear, thread: issue.thread, body: unique('Reply') }),
];

async function raised(who) {
  const { id } = await who.customer.raise({ category: 'billing' });
  const synced = await who.owner.synced(id, 60000);
  const { comments } = await linear.issue(synced.linear_issue_id);
  return {
    id, number: synced.issue_number, linear: synced.linear_issue_id, customer: synced.raised_by_customer,
    thread: comments.find(({ body }) => body.startsWith('**Conversation')).id,
  };
}

/** Issues with changes, until there were n changes; returns the issues. */
async function work(who, n) {
  const issues = [];
  const per = CHANGES.length + 1;
  await each(Math.ceil(n / per), async () => {
    const issue = await raised(who);
    issues.push(issue);
    for (const change of CHANGES) {
      await change(who, issue);
    }
  });
  return issues;
}

async function load(n) {
  await work(await people(), n);
  await isQuiet();
}

/** A hash of each comment's text, by its id. */
const comments = () => Object.fromEntries(query('SELECT id, MD5(content) FROM comment')
  .split('\n').map((line) => line.split('\t')));

async function more(n, file) {
  const who = await people();
  const old = query('SELECT id, linear_id FROM issue WHERE synced_to_linear AND raised_by = 1 AND organization_id = 1 ORDER BY id')
    .split('\n').map((line) => line.split('\t'));
  // half of it on issues that the backup has
  const known = await Promise.all(old.map(async ([id, linearId]) => ({
    id: Number(id),
    linear: linearId,
    thread: (await linear.issue(linearId)).comments.find(({ body }) => body.startsWith('**Conversation'))?.id,
  })));
  const usable = known.filter(({ thread }) => thread);
  await each(Math.ceil(n / 2), (i) => (
    CHANGES[[0, 1, 2, 4, 5][i % 5]](who, usable[i % usable.length])));
  const issues = await work(who, n / 2);
  await isQuiet();
  const alice = await Person.login('alice');
  successful('erase', await alice.call('POST', '/api/users/me/erase/', { password: 'test123456' }));
  fs.writeFileSync(file, JSON.stringify({
    issues,
    session: who.customer.token,
    numbers: query('SELECT id, issue_number FROM issue WHERE organization_id = 1')
      .split('\n').map((line) => line.split('\t')),
    comments: comments(),
    linear: (await linear.state()).issues ?? 0,
  }));
}

/** Every text of a mail is in one mail of each person. */
async function noMailTwice() {
  const mails = successful('mails', await request('GET', `${process.env.MAILBOX_URL}/mails.json`));
  const seen = new Map();
  mails.forEach((mail) => {
    (mail.text.match(/(Question|Answer|Reply) [0-9a-z]{9,}/g) ?? []).forEach((text) => {
      const key = `${mail.to} ${text}`;
      assert.ok(!seen.has(key), `mailed twice: ${key}`);
      seen.set(key, mail);
    });
  });
  return seen.size;
}

async function equalToLinear(owner) {
  const rows = query(`SELECT id, linear_id FROM issue WHERE organization_id = 1 AND synced_to_linear`)
    .split('\n').map((line) => line.split('\t'));
  await each(rows.length, async (i) => {
    const [id, linearId] = rows[i];
    const [ours, theirs] = [await owner.issue(id), await linear.issue(linearId)];
    assert.equal(ours.title, theirs.title, `title of ${id}`);
    // what is closed after it was resolved stays completed there
    assert.equal(ours.status === 'closed' && ours.resolved_at ? 'resolved' : ours.status,
      STATUS[theirs.state.type], `status of ${id}`);
    const links = theirs.attachments.filter(({ url }) => url.endsWith(`/issues/${id}/`));
    assert.equal(links.length, 1, `links of ${id}`);
  });
  return rows.length;
}

async function check(file) {
  const was = JSON.parse(fs.readFileSync(file));
  const who = await people();
  assert.equal((await new Person('testuser', was.session).call('GET', '/api/users/me/')).status, 401, 'an old login works');
  assert.equal((await request('POST', '/api/auth/login/', {
    body: { username: 'alice', password: 'test123456' },
  })).status, 400, 'who was erased logs in');
  await eventually('reconciled', () => (
    query("SELECT 1 FROM sync_fact r JOIN sync_fact a ON a.name = 'restored' WHERE r.name = 'reconcile' AND r.updated_at > a.updated_at")), 60000);
  await isQuiet();
  for (const { id, number, customer } of was.issues) {
    const issue = await who.owner.issue(id);
    assert.equal(issue.issue_number, number, `number of ${id}`);
    assert.equal(issue.raised_by_customer, customer, `customer of ${number}`);
    assert.equal(issue.category, 'billing', `category of ${number}`);
  }
  const before = await equalToLinear(who.owner);
  const given = new Map(was.numbers.map(([id, number]) => [number, Number(id)]));
  const ids = new Set(given.values());
  for (let i = 0; i < 5; i += 1) {
    const issue = await raised(who);
    assert.ok(!given.has(issue.number), `${issue.number} was given out twice`);
    assert.ok(!ids.has(issue.id), `issue ${issue.id} was given out twice`);
    const { comment } = await who.owner.post(`/api/issues/${issue.id}/add_comment/`, { content: unique('Answer') });
    assert.ok(!was.comments[comment.id], `comment ${comment.id} was given out twice`);
  }
  await isQuiet();
  Object.entries(comments()).forEach(([id, text]) => {
    assert.ok([undefined, text].includes(was.comments[id]), `comment ${id} is another one now`);
  });
  assert.equal(await equalToLinear(who.owner), before + 5);
  const texts = await noMailTwice();
  console.log(`${before} issues are equal to Linear, ${texts} texts were mailed, each once`);
}

const [step, ...args] = process.argv.slice(2);
const steps = { load: () => load(Number(args[0])), more: () => more(Number(args[0]), args[1]), check: () => check(args[0]) };
steps[step]().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
