'use strict';

const { eventually, linear, mailsTo, query } = require('../lib/index.js');
const {
  INTERNAL_HERE, INTERNAL_THERE, RESOLUTION, run,
} = require('./storm-run.js');
const { Files, isFiles, withoutFiles } = require('./storm-files.js');
const {
  STAFF, STATUS_OF_TYPE, PRIORITY_OF, THREAD,
} = require('./storm-deeds.js');

/*
 * What both sides must look like when all is calm again. Linear's side is read from the
 * simulator, with the webhooks that it meant to send, which tell all that ever happened there.
 */

/** How many issues are looked at at once. */
const LOOKERS = 8;

/** A webhook that claims to be older is only a reason to read again. */
const FRESH_MS = 60000;

const problems = [];
const check = (ok, issue, text) => {
  if (!ok) {
    problems.push(`issue ${issue.id} (${issue.linear || '-'}): ${text}`);
  }
};

/** What is left of a text however Linear writes it: letters and digits, no targets of links. */
const letters = (text) => (text || '').replace(/\]\([^)]*\)/g, '').replace(/[^\p{L}\p{N}]/gu, '');

/** Every page of a list. */
async function all(person, path) {
  const rows = [];
  for (let next = path; next;) {
    const page = await person.get(next);
    rows.push(...page.results);
    next = page.next && page.next.replace(/^https?:\/\/[^/]+/, '');
  }
  return rows;
}

/** Whether a delivery arrived, and was fresh; what was sent before that may have arrived as well. */
function cameFresh(attempts) {
  const arrival = attempts.findIndex(({ status }) => status === 200);
  return arrival >= 0 && attempts.slice(0, arrival + 1)
    .every(({ at, timestamp }) => Math.abs(Date.parse(at) - timestamp) < FRESH_MS);
}

/* --- Linear's side ----------------------------------------------------------------------- */

/** What there is and what there was, by id. */
class Linear {
  constructor(state, files) {
    this.state = state;
    this.files = new Files(files);
    this.issues = new Map(state.issues.map((issue) => [issue.id, issue]));
    this.comments = new Map();
    state.issues.forEach((issue) => issue.comments.forEach((root) => {
      [root, ...root.children].forEach((c) => this.comments.set(c.id, { ...c, issue }));
    }));
    const about = (type, action) => state.deliveries
      .filter((d) => d.type === type && d.action === action);
    this.removed = new Set(about('Comment', 'remove').map((d) => d.entityId));
    this.overwritten = new Set(about('Comment', 'update')
      .filter(({ body: { actor } }) => !actor || actor.email !== 'docket@example.com').map((d) => d.entityId));
    this.updates = about('Issue', 'update');
  }

  /** Whether Docket wrote over that edit, and no webhook told of it but as of long ago. */
  isUntold({ id }, { at }) {
    const of = this.updates.filter(({ entityId }) => entityId === id);
    const isTold = of.some(({ body, attempts }) => body.data.updatedAt === at && cameFresh(attempts));
    return !isTold && of.some(({ body: { actor, data } }) => (
      actor && actor.email === 'docket@example.com' && data.updatedAt > at));
  }

  /** Whether it is in the thread that Docket opened for the customer. */
  isShared(comment) {
    const root = comment.parentId && this.comments.get(comment.parentId);
    return Boolean(root) && isThread(root);
  }
}

const isOurs = (c) => c.user === 'docket@example.com';
const isThread = (c) => isOurs(c) && c.body.startsWith(THREAD);

/* --- one issue --------------------------------------------------------------------------- */

function checkFields(issue, mine, other) {
  check(mine.title === other.title, issue, `title "${mine.title}" / "${other.title}"`);
  const status = STATUS_OF_TYPE[other.state.type];
  const closedLater = mine.status === 'closed' && mine.resolved_at && status === 'resolved';
  check(mine.status === status || closedLater, issue, `status ${mine.status} / ${other.state.name}`);
  check(other.priority === 0 || mine.priority === PRIORITY_OF[other.priority], issue, `priority ${mine.priority} / ${other.priority}`);
  const assignee = mine.assigned_to ? mine.assigned_to.email : null;
  const stranger = other.assignee && !STAFF.includes(other.assignee);
  // an assignee without an account leaves Linear's assignee as it is, and staff are warned
  const left = run.did.has('leave') && assignee === 'erin@example.com'
    && (mine.linear_warning || '').includes('erin@example.com, who has no account');
  check(assignee === other.assignee || stranger || left, issue, `assignee ${assignee} / ${other.assignee}`);
  check(mine.sync_state === 'synced', issue, `state ${mine.sync_state}`);
}

/** Ours, unless somebody in Linear wrote another one; a customer's own is never theirs. */
function checkDescription(issue, mine, other, history) {
  const same = letters(mine.description) === letters(other.description);
  const { told } = issue;
  const theirs = told.description && told.description.values.some((v) => letters(v) === letters(other.description));
  if (!issue.customer) {
    check(same, issue, `description "${mine.description}" / "${other.description}"`);
    return;
  }
  check(same || theirs, issue, `description in Linear: "${other.description}"`);
  const changes = history.filter(({ field }) => field === 'description');
  check(changes.every((entry) => entry.actor_kind !== 'linear'), issue, 'Linear wrote the customer\'s description');
  const last = changes.pop();
  if (last && (!told.description || Date.parse(last.created_at) > Date.parse(told.description.at) + 5)) {
    check(same, issue, `description "${mine.description}" never arrived: "${other.description}"`);
  }
}

/** One comment that was written here for the customer to see. */
function checkOurComment(issue, c, there) {
  if (there.removed.has(c.linear_comment_id)) {
    return;
  }
  const copy = there.comments.get(c.linear_comment_id);
  check(c.synced_to_linear && copy, issue, `comment "${c.content}" is not in Linear`);
  if (!copy) {
    return;
  }
  check(copy.issue.id === issue.linear, issue, `comment "${c.content}" is with another issue`);
  check(there.isShared(copy), issue, `comment "${c.content}" is not in the thread`);
  const text = letters(withoutFiles(copy.body));
  check(there.overwritten.has(copy.id)
    || (text.startsWith(letters(c.author_name)) && text.endsWith(letters(c.content))), issue, `comment "${c.content}" is "${copy.body}" in Linear`);
}

/** One that was written there. */
function checkTheirComment(issue, c, found, there) {
  const copy = found.get(c.id);
  check(copy, issue, `comment "${c.body}" is not here`);
  if (!copy) {
    return;
  }
  check(copy.content === there.files.shown(c.body, copy.attachments), issue, `comment "${c.body}" is "${copy.content}"`);
  check(copy.is_internal === !there.isShared(c), issue, `comment "${c.body}" is ${copy.is_internal ? 'internal' : 'public'}`);
  check(copy.author_kind === 'linear' && copy.author_name, issue, `comment "${c.body}" is by ${copy.author_name}`);
}

function checkComments(issue, mine, other, there) {
  const found = new Map(mine.comments.map((c) => [c.linear_comment_id, c]));
  mine.comments.filter((c) => c.author_kind !== 'linear' && !c.is_internal)
    .forEach((c) => checkOurComment(issue, c, there));
  const theirs = [...there.comments.values()].filter((c) => c.issue.id === issue.linear);
  theirs.filter((c) => !isOurs(c)).forEach((c) => checkTheirComment(issue, c, found, there));
  mine.comments.filter((c) => c.author_kind === 'linear').forEach((c) => {
    check(there.comments.has(c.linear_comment_id), issue, `comment "${c.content}" was deleted there`);
  });
  const ours = theirs.filter(isOurs);
  check(ours.filter(isThread).length <= 1, issue, 'two threads');
  check(ours.filter(isFiles).length <= 1, issue, 'two replies with files');
  check(ours.every((c) => isThread(c) || isFiles(c) || found.has(c.id)), issue, 'a comment in Linear belongs to no comment here');
  const texts = ours.map((c) => c.body);
  check(new Set(texts).size === texts.length, issue, 'the same comment twice');
  check(other.attachments.length === 1 || !issue.customer, issue, `${other.attachments.length} attachments`);
}

/** The history of a field: each entry begins where the one before it ended. */
function checkChain(issue, mine, history, field, is) {
  const entries = history.filter((entry) => entry.field === field);
  const held = new Set();
  if (issue.first) {
    let value = issue.first[field];
    held.add(value);
    entries.forEach(({ from, to }) => {
      check(from === value, issue, `${field}: from "${from}" where it was "${value}"`);
      value = to;
      held.add(to);
    });
    check(value === is, issue, `${field} is "${is}", in the history "${value}"`);
  }
  issue.promises.filter((p) => p.field === field).forEach(({ value }) => {
    check(held.has(value) || !issue.first, issue, `${field} "${value}" was acknowledged, but is not in the history`);
  });
}

/**
 * What Linear acknowledged last is still there, or is known here. A value that is overwritten before
 * its webhook came is reported by that webhook, however late, and by the answer to the request that
 * overwrote it. If the webhook never comes, that answer may be lost as well, with the process that
 * waited for it; then the value is lost.
 */
function checkTold(issue, other, history, there) {
  const heard = (field, value) => history.some((entry) => (
    [field, `conflict_${field}`, `linear_${field}`].includes(entry.field)
    && [entry.from, entry.to].some((text) => letters(text) === letters(value))));
  const checkOne = (field, told, current, names) => {
    const kept = told.values.some((value) => value === current
      || names(value).some((name) => heard(field, name)));
    check(kept || there.isUntold(other, told), issue, `${field} "${told.values}" of Linear is lost`);
  };
  const { told } = issue;
  const own = (value) => [value];
  if (told.title) {
    checkOne('title', told.title, other.title, own);
  }
  if (told.description) {
    checkOne('description', told.description, other.description, own);
  }
  if (told.state) {
    checkOne('status', told.state, other.state.type, (type) => [STATUS_OF_TYPE[type]]);
  }
  if (told.priority && !told.priority.values.includes(0)) {
    checkOne('priority', told.priority, other.priority, (n) => [PRIORITY_OF[n]]);
  }
  const strangers = told.assignee && told.assignee.values.some((v) => v && !STAFF.includes(v));
  if (told.assignee && !strangers) {
    const names = { 'sahel@example.com': 'Sahel', 'erin@example.com': 'Erin' };
    const matches = (value) => history.some((entry) => (
      ['assigned_to', 'conflict_assigned_to', 'conflict_assignee'].includes(entry.field)
      && [entry.from, entry.to].some((text) => (value
        ? text === value || (text || '').startsWith(names[value]) : text === null))));
    check(there.isUntold(other, told.assignee)
      || told.assignee.values.some((v) => v === other.assignee || matches(v)), issue, `assignee "${told.assignee.values}" of Linear is lost`);
  }
}

function checkPromises(issue, mine, history) {
  ['title', 'description', 'status', 'priority', 'category'].forEach((field) => {
    checkChain(issue, mine, history, field, mine[field]);
  });
  checkChain(issue, mine, history, 'assigned_to', mine.assigned_to_name);
  issue.comments.forEach(({
    id, contents, internal, withdrawn,
  }) => {
    const [content] = contents;
    const copies = mine.comments.filter((c) => c.id === id || c.content === content);
    const may = { yes: [0], no: [1], maybe: [0, 1] }[withdrawn];
    check(may.includes(copies.length), issue, `comment "${content}" is here ${copies.length} times`);
    check(copies.every((c) => c.is_internal === internal), issue, `comment "${content}" changed between public and internal`);
    check(copies.every((c) => contents.includes(c.content)), issue, `comment "${content}" is "${copies[0]?.content}"`);
  });
  const ids = mine.comments.map((c) => c.id);
  check(new Set(ids).size === ids.length, issue, 'a comment twice');
}

/** Nothing that is internal, wherever a customer may look. */
async function checkCustomer(issue, mine) {
  const customer = run.people[issue.customer];
  const view = await customer.get(`/api/client/issues/${issue.id}/`);
  const seen = JSON.stringify([
    view,
    await customer.get(`/api/issues/${issue.id}/`),
    await customer.get(`/api/issues/${issue.id}/comments/`),
    await all(customer, `/api/issues/${issue.id}/activity/`),
  ]);
  [INTERNAL_HERE, INTERNAL_THERE, 'Their description'].forEach((mark) => {
    check(!seen.includes(mark), issue, `the customer sees ${mark}`);
  });
  issue.comments.forEach(({ id, contents }) => {
    const is = mine.comments.find((c) => c.id === id)?.content;
    contents.filter((text) => text !== is).forEach((text) => {
      check(!seen.includes(`"${text}"`), issue, `the customer sees "${text}", which was edited or withdrawn`);
    });
  });
  check(view.linear_issue_id === null && view.linear_identifier === null, issue, 'the customer sees an id in Linear');
  const wanted = mine.comments.filter((c) => !c.is_internal).map((c) => c.id).sort();
  const shown = view.comments.map((c) => c.id).sort();
  check(JSON.stringify(shown) === JSON.stringify(wanted), issue, 'the customer sees other comments than the public ones');
}

async function checkDeleted(issue, there) {
  const { status } = await run.people.sahel.call('GET', `/api/issues/${issue.id}/`);
  check(status === 404 || issue.deleted === 'maybe', issue, `deleted, but ${status}`);
  check(there.state.issues.filter((i) => i.title === issue.first?.title).length <= 1, issue, 'deleted here, but twice in Linear');
  return status === 404;
}

async function checkIssue(issue, there) {
  if (issue.deleted && await checkDeleted(issue, there)) {
    return;
  }
  const mine = await run.people.sahel.get(`/api/issues/${issue.id}/`);
  const history = await all(run.people.sahel, `/api/issues/${issue.id}/activity/`);
  issue.linear = mine.linear_issue_id;
  const other = there.issues.get(issue.linear);
  if (issue.customer) {
    await checkCustomer(issue, mine);
  }
  checkPromises(issue, mine, history);
  if (!other || other.trashed) {
    check(!mine.synced_to_linear && mine.sync_state === 'off', issue, `not in Linear, but ${mine.sync_state} here`);
    return;
  }
  check(mine.synced_to_linear, issue, 'in Linear, but not linked');
  checkFields(issue, mine, other);
  checkDescription(issue, mine, other, history);
  checkComments(issue, mine, other, there);
  checkTold(issue, other, history, there);
  (await there.files.faultsOf(issue, mine, there)).forEach((text) => check(false, issue, text));
}

/* --- all of them ------------------------------------------------------------------------- */

/** Every issue that Docket made in Linear is one of an issue here, and of one only. */
function checkOnce(there) {
  const ids = query('SELECT linear_id FROM issue WHERE linear_id IS NOT NULL').split('\n');
  const known = new Set(ids);
  check(known.size === ids.length, { id: '-' }, 'two issues here are one in Linear');
  there.state.issues.filter((i) => i.creator === 'docket@example.com').forEach((i) => {
    check(known.has(i.id), { id: '-', linear: i.id }, `"${i.title}" in Linear has no issue here`);
  });
}

/** What is internal here is nowhere in Linear: not in what it holds, nor in what it told. */
function checkLinearsEyes(there) {
  const text = JSON.stringify([there.state, there.files.files]);
  [INTERNAL_HERE, RESOLUTION].forEach((mark) => {
    const at = text.indexOf(mark);
    check(at < 0, { id: '-' }, `Linear sees ${text.slice(at - 60, at + 60)}`);
  });
}

async function checkLetters() {
  for (const name of ['alice', 'testuser']) {
    const { email } = await run.people[name].get('/api/users/me/');
    const notices = JSON.stringify(await all(run.people[name], '/api/notifications/?page_size=100'));
    const body = await mailsTo(email);
    check(Array.isArray(body) && body.length > 0, { id: '-' }, `${name} has no mail`);
    [INTERNAL_HERE, INTERNAL_THERE].forEach((mark) => {
      check(!notices.includes(mark), { id: '-' }, `${name} is notified of ${mark}`);
      check(!JSON.stringify(body).includes(mark), { id: '-' }, `${name} is mailed ${mark}`);
    });
  }
}

/* --- dead letters ------------------------------------------------------------------------ */

/** Faults of Linear's that are given up after so many tries, by code, with its words. */
const GIVEN_UP = 14;
const FAULTS = { INTERNAL_SERVER_ERROR: 'Internal server error', LOCK_TIMEOUT: 'lock timeout' };

/** Why a job may have been given up: only for what the storm did, in Linear's own words. */
const HONEST = [
  ({ reason }) => run.did.has('leave') && /deactivated user|Could not find referenced User/.test(reason),
  // a fault that was this issue's own, so many times that it takes half an hour or many hands
  ({ attempts, code, reason }) => run.faults > 0 && attempts >= GIVEN_UP && FAULTS[code]
    && reason.includes(FAULTS[code]),
];

/** Those there are, each honest; what was wrong is mended, so that each goes when tried again. */
async function checkDeadLetters() {
  const mine = new Set(run.issues.map(({ id }) => id));
  const dead = (await all(run.people.sahel, '/api/linear/failures/?page_size=100'))
    .filter(({ issue }) => mine.has(issue));
  for (const letter of dead) {
    const { id, issue, code, reason } = letter;
    check(HONEST.some((may) => may(letter)), { id: issue }, `dead after ${letter.attempts}: ${code}, ${reason}`);
    await run.people.sahel.post(`/api/linear/failures/${id}/retry/`);
  }
  await eventually('no dead letters', async () => (
    await all(run.people.sahel, '/api/linear/failures/?page_size=100')).every(({ issue }) => !mine.has(issue)))
    .catch((error) => check(false, { id: '-' }, error.message));
  return dead.length;
}

/** Answers what is wrong, a line each. */
async function reckon() {
  const there = new Linear(await linear.state(), await linear.get('files'));
  checkOnce(there);
  check(there.files.seen.storage.keys === 0, { id: '-' }, 'the storage saw the key');
  checkLinearsEyes(there);
  await checkLetters();
  const left = [...run.issues];
  const look = async () => {
    while (left.length > 0) {
      await checkIssue(left.shift(), there);
    }
  };
  await Promise.all(Array.from({ length: LOOKERS }, look));
  return problems;
}

module.exports = { reckon, checkDeadLetters, problems };
