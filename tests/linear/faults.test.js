'use strict';

const assert = require('assert/strict');
const { after, before, beforeEach, describe, it } = require('node:test');
const { startSimulator, TOO } = require('./harness.js');
const { eventually } = require('../lib/index.js');

/* The fault plan: what goes wrong with requests, where, and how often. */

const VIEWER = '{ viewer { id } }';
const CREATE = `mutation Raise($input: IssueCreateInput!) {
  issueCreate(input: $input) { success }
}`;
const INPUT = { input: { teamId: TOO, title: 'An issue' } };

describe('faults', () => {
  let linear;

  before(async () => {
    linear = await startSimulator('--seed', '42');
  });
  after(() => linear.stop());
  beforeEach(() => linear.post('reset'));

  const issueCount = async () => (await linear.get('state')).issues.length;

  it('latency', async () => {
    await linear.faults({ kind: 'latency', min: 60, max: 80 });
    const began = Date.now();
    await linear.graphql(VIEWER);
    const took = Date.now() - began;
    // Timers may be a millisecond early.
    assert.ok(took >= 59, `${took} ms`);
  });

  it('what a latency holds up goes on when the plan has no such rule any more', async () => {
    const held = { kind: 'latency', on: 'issueCreate', min: 60000, max: 60000 };
    const inFlight = async () => (await linear.get('requests')).in_flight;
    await linear.faults(held);
    const created = linear.graphql(CREATE, INPUT);
    await eventually('it is held', async () => await inFlight() === 1);
    await linear.faults({ ...held, next: 0 }, { kind: 'auth', on: 'nothing' });
    await linear.graphql(VIEWER);
    assert.equal(await inFlight(), 1);
    assert.equal(await issueCount(), 0);
    await linear.faults({ kind: 'latency', on: 'viewer', min: 1, max: 1 });
    assert.ok((await created).data);
    assert.equal(await issueCount(), 1);
  });

  it('a connection that is dropped before the request is executed', async () => {
    await linear.faults({ kind: 'drop_before', on: 'issueCreate' });
    await assert.rejects(linear.graphql(CREATE, INPUT), /socket hang up|ECONNRESET/);
    assert.equal(await issueCount(), 0);
    assert.ok((await linear.graphql(VIEWER)).data);
  });

  it('a connection that is dropped after the request was executed', async () => {
    await linear.faults({ kind: 'drop_after', on: 'issueCreate' });
    await assert.rejects(linear.graphql(CREATE, INPUT), /socket hang up|ECONNRESET/);
    assert.equal(await issueCount(), 1);
  });

  it('an HTTP error that is not JSON', async () => {
    await linear.faults({ kind: 'http', status: 502, next: 1 });
    const answer = await linear.graphql(CREATE, INPUT);
    assert.equal(answer.status, 502);
    assert.match(answer.headers['content-type'], /html/);
    assert.equal(await issueCount(), 0);
  });

  it('a rule that skips the first requests', async () => {
    await linear.faults({ kind: 'auth', on: 'issueCreate', after: 1, next: 1 });
    const refused = async () => Boolean((await linear.graphql(CREATE, { input: { ...INPUT.input, id: undefined } })).errors);
    assert.deepEqual([await refused(), await refused(), await refused()], [false, true, false]);
  });

  it('one field of a document fails: the fields before it are executed', async () => {
    for (const [kind, code] of [['field_refused', 'INPUT_ERROR'], ['field_failed', 'INTERNAL_SERVER_ERROR']]) {
      const begun = await issueCount();
      await linear.faults({ kind, on: 'issueArchive' });
      const { data, errors } = await linear.graphql(
        `mutation($input: IssueCreateInput!) {
          issueCreate(input: $input) { success }
          issueArchive(id: "TOO-1") { success }
          again: issueCreate(input: $input) { success }
        }`,
        INPUT,
      );
      assert.equal(data, null);
      assert.deepEqual(errors[0].path, ['issueArchive']);
      assert.equal(errors[0].extensions.code, code);
      assert.equal(await issueCount(), begun + 1);
    }
  });

  it('a rate limit with HTTP 400', async () => {
    await linear.faults({ kind: 'ratelimited', next: 1 });
    const { status, errors } = await linear.graphql(CREATE, INPUT);
    assert.equal(status, 400);
    assert.equal(errors[0].extensions.code, 'RATELIMITED');
    assert.equal(errors[0].extensions.statusCode, 429);
    assert.equal(await issueCount(), 0);
  });

  it('a lock timeout with HTTP 200', async () => {
    await linear.faults({ kind: 'lock_timeout', next: 1 });
    const { status, errors, data } = await linear.graphql(CREATE, INPUT);
    assert.equal(status, 200);
    assert.equal(errors[0].extensions.type, 'lock timeout');
    assert.equal(data, null);
    assert.equal(await issueCount(), 0);
  });

  it('an internal error with HTTP 200 or another status', async () => {
    await linear.faults({ kind: 'internal_error', next: 1 });
    const { status, errors } = await linear.graphql(VIEWER);
    assert.equal(status, 200);
    assert.equal(errors[0].extensions.code, 'INTERNAL_SERVER_ERROR');
    await linear.faults({ kind: 'internal_error', status: 500 });
    assert.equal((await linear.graphql(VIEWER)).status, 500);
  });

  it('an issue that always stays archived', async () => {
    await linear.faults({ kind: 'archived', on: 'issueCreate', next: 1 });
    const { status, errors } = await linear.graphql(CREATE, INPUT);
    assert.equal(status, 200);
    assert.equal(errors[0].message, 'Issue is archived');
    assert.equal(await issueCount(), 0);
  });

  it('a rate limit that says how many requests are left', async () => {
    await linear.faults({ kind: 'ratelimited', next: 1 }, { kind: 'ratelimited', remaining: 7 });
    const left = async () => (await linear.graphql(VIEWER))
      .headers['x-ratelimit-requests-remaining'];
    assert.equal(await left(), '0');
    assert.equal(await left(), '7');
    await linear.faults();
    assert.ok(await left() > 1000);
  });

  it('a field that is null with an error, in a response that is otherwise complete', async () => {
    await linear.createIssue();
    await linear.faults({ kind: 'broken_field', next: 1 });
    const { status, errors, data } = await linear.graphql(
      '{ issue(id: "TOO-1") { title assignee { id } } }',
    );
    assert.equal(status, 200);
    assert.deepEqual(errors[0].path, ['issue', 'assignee']);
    assert.deepEqual(data, { issue: { title: 'An issue', assignee: null } });
  });

  it('a refused key', async () => {
    await linear.faults({ kind: 'auth', next: 1 });
    const { status, errors } = await linear.graphql(VIEWER);
    assert.equal(status, 401);
    assert.equal(errors[0].extensions.code, 'AUTHENTICATION_ERROR');
    assert.equal((await linear.graphql(VIEWER)).status, 200);
  });

  it('apply by name of the operation or of its field, a number of times', async () => {
    await linear.faults(
      { kind: 'http', on: 'Raise', next: 1, status: 500 },
      { kind: 'http', on: 'viewer', next: 2, status: 503 },
    );
    const statuses = [];
    for (const [query, variables] of [
      [VIEWER], [CREATE, INPUT], [VIEWER], [CREATE, INPUT], [VIEWER],
    ]) {
      statuses.push((await linear.graphql(query, variables)).status);
    }
    assert.deepEqual(statuses, [503, 500, 503, 200, 200]);
    const { rules } = await linear.get('faults');
    assert.deepEqual(rules.map(({ hits, next }) => [hits, next]), [[1, 0], [2, 0]]);
  });

  it('apply to the same requests with the same seed', async () => {
    const run = async (seed) => {
      await linear.post('faults', { seed, rules: [{ kind: 'http', probability: 0.4 }] });
      let statuses = '';
      for (let i = 0; i < 40; i += 1) {
        statuses += (await linear.graphql(VIEWER)).status === 200 ? '.' : 'x';
      }
      return statuses;
    };
    const first = await run(1);
    assert.match(first, /x/);
    assert.match(first, /\./);
    assert.equal(await run(1), first);
    assert.notEqual(await run(2), first);
  });

  it('can be added to the existing ones', async () => {
    await linear.faults({ kind: 'latency', min: 1, max: 1 });
    await linear.post('faults', { add: true, rules: [{ kind: 'auth', next: 0 }] });
    const { rules } = await linear.get('faults');
    assert.deepEqual(rules.map(({ kind }) => kind), ['latency', 'auth']);
  });

  it('are refused if they are misspelled', async () => {
    for (const rule of [
      { kind: 'explode' },
      { kind: 'latency', mix: 3 },
      { kind: 'http', status: 'bad' },
      { kind: 'http', probability: -1 },
    ]) {
      await assert.rejects(linear.faults(rule), /400/);
    }
  });
});
