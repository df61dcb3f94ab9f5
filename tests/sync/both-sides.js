'use strict';

const { after, afterEach, before, beforeEach } = require('node:test');
const {
  Person, eventually, linear, sleep, unique,
} = require('../lib/index.js');

/* Issues that are on both sides, for tests that change them in Linear. */

/** Registers hooks: no test inherits a fault, or a clock that was moved, from another one. */
function withoutFaults() {
  before(() => linear.faults());
  beforeEach(() => linear.faults());
  afterEach(() => linear.post('clock', { offset_ms: 0 }));
  after(() => linear.faults());
}

/** A timer may end early; Linear dates what is written then by the same clock. */
async function nextMillisecond() {
  const now = Date.now();
  while (Date.now() <= now) {
    await sleep(1);
  }
}

const staff = () => Person.cached('sahel');

const get = async (id) => (await staff()).issue(id);
const synced = async (id) => (await staff()).synced(id);
const becomes = async (id, what, check) => (await staff()).becomes(id, what, check);
const activity = async (id) => (await staff()).history(id);

/** A customer's issue that is on both sides: {id, identifier, linear_issue_id, …}. */
async function raise(fields = {}) {
  const alice = await Person.cached('alice');
  const { id } = await alice.raise({ title: unique('Inward'), description: 'My own words', ...fields });
  return synced(id);
}

/** What a person does to the issue in Linear. */
const act = (issue, deed, fields = {}) => linear.act({
  do: deed, issue: issue.linear_issue_id, ...fields,
});

const threadOf = async (issue) => (await linear.issue(issue.linear_issue_id)).comments[0].id;

/** The issues in Linear with that title. */
const find = async (title) => (await linear.state()).issues.filter((issue) => issue.title === title);

/** Waits until there is one; resolves to it. */
const there = (title) => eventually(`"${title}" in Linear`, async () => (
  (await find(title))[0]));

module.exports = {
  act, activity, becomes, find, get, nextMillisecond, raise, synced, there, threadOf, withoutFaults,
};
