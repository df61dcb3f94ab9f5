'use strict';

const assert = require('assert/strict');
const { after, before, beforeEach, describe, it } = require('node:test');
const { eventually } = require('../lib/index.js');
const { startSimulator, TOO, OTH } = require('./harness.js');

/* What Linear refuses is refused, in the words, codes and HTTP statuses of Linear. */

const CREATE = `mutation($input: IssueCreateInput!) {
  issueCreate(input: $input) { issue { id } }
}`;
const UPDATE = `mutation($id: String!, $input: IssueUpdateInput!) {
  issueUpdate(id: $id, input: $input) { issue { id } }
}`;
const COMMENT = `mutation($input: CommentCreateInput!) {
  commentCreate(input: $input) { comment { id } }
}`;
const NOWHERE = 'c0ffee00-0000-4000-8000-000000000000';
const ID = '6e0c7f0e-4f3a-4c53-8a1f-0d2a6f5b9c11';

describe('refusals', () => {
  let linear;

  before(async () => {
    linear = await startSimulator();
  });
  after(() => linear.stop());
  beforeEach(() => linear.post('reset'));

  /** Asserts that an answer is one refusal like that, and answers its extensions. */
  function assertRefused(answer, { status = 200, message, ...extensions }) {
    assert.ok(answer.errors, 'was not refused');
    assert.equal(answer.errors.length, 1);
    const [error] = answer.errors;
    assert.match(error.message, message);
    assert.equal(answer.status, status);
    for (const [name, value] of Object.entries(extensions)) {
      assert.equal(error.extensions[name], value, name);
    }
    return error.extensions;
  }

  const create = (input) => linear.graphql(CREATE, {
    input: { teamId: TOO, title: 'An issue', ...input },
  });
  const update = (id, input) => linear.graphql(UPDATE, { id, input });
  const comment = (input) => linear.graphql(COMMENT, { input: { body: 'Text', ...input } });

  const INPUT = { type: 'invalid input', code: 'INPUT_ERROR', statusCode: 400, userError: true };
  const ARGUMENT = {
    message: /^Argument Validation Error$/, type: 'invalid input', code: 'INVALID_INPUT',
  };

  it('a missing or wrong key', async () => {
    for (const key of ['', 'lin_api_wrong', 'Bearer lin_oauth_x']) {
      const answer = await linear.graphql('{ viewer { id } }', {}, { key });
      assertRefused(answer, {
        status: 401,
        message: /^Authentication required, not authenticated$/,
        type: 'authentication error',
        code: 'AUTHENTICATION_ERROR',
      });
      assert.equal(answer.errors[0].extensions.http.status, 401);
    }
  });

  it('the key with the prefix Bearer', async () => {
    const answer = await linear.graphql('{ viewer { id } }', {}, { key: 'Bearer lin_api_test' });
    assertRefused(answer, { ...INPUT, status: 400, message: /^It looks like you're trying/ });
  });

  it('the old key after a rotation', async () => {
    await linear.post('key', { key: 'lin_api_next' });
    const query = '{ viewer { id } }';
    assert.equal((await linear.graphql(query)).status, 401);
    assert.equal((await linear.graphql(query, {}, { key: 'lin_api_next' })).status, 200);
  });

  it('a document that is not GraphQL, or does not match the schema', async () => {
    const invalid = await linear.graphql('{ viewer { shoeSize } }');
    assertRefused(invalid, {
      status: 400,
      message: /shoeSize/,
      type: 'graphql error',
      code: 'GRAPHQL_VALIDATION_FAILED',
    });
    assert.equal((await linear.graphql('{ viewer {')).status, 400);
    assert.equal((await linear.graphql('')).status, 400);
    const missing = await linear.graphql(CREATE, {});
    assertRefused(missing, { status: 400, message: /\$input/, type: 'graphql error' });
  });

  it('pages of more than 250', async () => {
    const answer = await linear.graphql('{ issues(first: 251) { nodes { id } } }');
    const { userPresentableMessage } = assertRefused(answer, ARGUMENT);
    assert.equal(userPresentableMessage, 'first must not be greater than 250.');
    assert.ok((await linear.graphql('{ issues(first: 250) { nodes { id } } }')).data);
  });

  it('queries of more than 10,000 points', async () => {
    const answer = await linear.graphql(
      '{ issues(first: 250) { nodes { id comments { nodes { id body } } } } }',
    );
    const extensions = assertRefused(answer, {
      ...INPUT, status: 400, message: /^Query too complex$/,
    });
    assert.match(extensions.userPresentableMessage, /\d+, maximum allowed is 10000/);
  });

  it('ids that are not UUIDs', async () => {
    assertRefused(await create({ id: 'seven' }), ARGUMENT);
    assertRefused(await create({ id: '6e0c7f0e-4f3a-1c53-8a1f-0d2a6f5b9c11' }), ARGUMENT);
    assertRefused(await create({ teamId: 'TOO' }), ARGUMENT);
    assertRefused(await create({ assigneeId: 'erin@example.com' }), ARGUMENT);
    const { userPresentableMessage } = assertRefused(await create({ stateId: 'Done' }), ARGUMENT);
    assert.equal(userPresentableMessage, 'stateId must be a UUID.');
  });

  it('an id that exists, with data null, before any other check', async () => {
    await create({ id: ID });
    await linear.post('settings', { plan_limit: 1 });
    await linear.act({ do: 'retire_team', team: 'TOO' });
    const answer = await create({ id: ID });
    const extensions = assertRefused(answer, { ...INPUT, message: /^conflict on insert of Issue/ });
    assert.equal(extensions.userPresentableMessage, `Entity Issue with id ${ID} already exists.`);
    assert.equal(answer.data, null);
    const { conflicts } = await linear.get('state');
    assert.deepEqual(conflicts.map(({ entity, id }) => [entity, id]), [['Issue', ID]]);
  });

  it('a team that exists; a new team takes issues', async () => {
    const { row: team } = await linear.act({ do: 'add_team', key: 'NEW', name: 'New Team' });
    await create({ teamId: team.id });
    const { issues } = await linear.get('state');
    assert.equal(issues.filter(({ identifier }) => identifier === 'NEW-1').length, 1);
    await assert.rejects(linear.act({ do: 'add_team', key: 'NEW', name: 'Another' }), /there is a team NEW/);
  });

  it('an id that exists, without words that name the entity', async () => {
    await linear.post('settings', { conflict_words: false });
    await create({ id: ID });
    const extensions = assertRefused(await create({ id: ID }), { ...INPUT, message: /^conflict on insert of Issue/ });
    assert.equal(extensions.userPresentableMessage, undefined);
  });

  it('a comment id that exists', async () => {
    const issue = await linear.createIssue();
    await comment({ id: ID, issueId: issue.id });
    const answer = await comment({ id: ID, issueId: issue.id });
    assertRefused(answer, { ...INPUT, message: /^conflict on insert of Comment/ });
  });

  it('can be set to have HTTP 400, since the status of Linear\'s is not documented', async () => {
    await linear.post('settings', { refusal_status: 400 });
    await create({ id: ID });
    assertRefused(await create({ id: ID }), { status: 400, message: /^conflict on insert/ });
    assertRefused(await create({ id: 'x' }), { ...ARGUMENT, status: 400 });
    assertRefused(await update(NOWHERE, {}), { status: 200, message: /^Entity not found/ });
  });

  it('an entity that does not exist', async () => {
    const issue = await linear.createIssue();
    const cases = [
      [await linear.graphql(`{ issue(id: "${NOWHERE}") { id } }`), 'Issue'],
      [await linear.graphql('{ issue(id: "TOO-99") { id } }'), 'Issue'],
      [await linear.graphql(`{ team(id: "${NOWHERE}") { id } }`), 'Team'],
      [await linear.graphql(`{ comment(id: "${NOWHERE}") { id } }`), 'Comment'],
      [await create({ teamId: NOWHERE }), 'Team'],
      [await create({ stateId: NOWHERE }), 'WorkflowState'],
      [await create({ assigneeId: NOWHERE }), 'User'],
      [await create({ labelIds: [NOWHERE] }), 'IssueLabel'],
      [await update(NOWHERE, { title: 'x' }), 'Issue'],
      [await comment({ issueId: NOWHERE }), 'Issue'],
      [await comment({ issueId: issue.id, parentId: NOWHERE }), 'Comment'],
    ];
    for (const [answer, entity] of cases) {
      const extensions = assertRefused(answer, {
        ...INPUT, message: new RegExp(`^Entity not found: ${entity}$`),
      });
      assert.equal(extensions.userPresentableMessage, `Could not find referenced ${entity}.`);
      assert.equal(answer.data, null);
    }
  });

  it('a team that was retired', async () => {
    await linear.act({ do: 'retire_team', team: 'TOO' });
    assertRefused(await create({}), { message: /^Entity not found: Team$/ });
  });

  it('a private team, and what it contains', async () => {
    const issue = await linear.createIssue();
    await linear.act({ do: 'hide_team', team: 'TOO' });
    assertRefused(await create({}), { message: /^Entity not found: Team$/ });
    assertRefused(await update(issue.id, { title: 'x' }), { message: /^Entity not found: Issue$/ });
    assertRefused(await comment({ issueId: issue.id }), { message: /^Entity not found: Issue$/ });
    assertRefused(await linear.graphql(`{ team(id: "${TOO}") { id } }`), { message: /^Entity not found: Team$/ });
    assertRefused(await linear.graphql(`{ issue(id: "${issue.id}") { id } }`), { message: /^Entity not found: Issue$/ });
    const seen = await linear.data('{ teams { nodes { key } } issues { nodes { id } } }');
    assert.deepEqual(seen, { teams: { nodes: [{ key: 'OTH' }] }, issues: { nodes: [] } });
    await linear.act({ do: 'show_team', team: 'TOO' });
    assert.equal((await linear.data(`{ issue(id: "${issue.id}") { id } }`)).issue.id, issue.id);
  });

  it('a state of another team', async () => {
    const states = await linear.states(OTH);
    const issue = await linear.createIssue();
    for (const answer of [
      await create({ stateId: states.Done.id }),
      await update(issue.id, { stateId: states.Done.id }),
    ]) {
      assertRefused(answer, {
        message: /^Discrepancy between issue team and state, cycle or project$/,
        code: 'INVALID_INPUT',
      });
    }
  });

  it('a duplicate state on create', async () => {
    const states = await linear.states();
    assertRefused(await create({ stateId: states.Duplicate.id }), inputError(/duplicate state/));
  });

  it('empty titles and comments', async () => {
    const issue = await linear.createIssue();
    assertRefused(await create({ title: '' }), ARGUMENT);
    assertRefused(await create({ title: '  ' }), ARGUMENT);
    assertRefused(await create({ title: null }), ARGUMENT);
    assertRefused(await update(issue.id, { title: '' }), ARGUMENT);
    assertRefused(await comment({ issueId: issue.id, body: ' \n' }), ARGUMENT);
    assertRefused(await comment({ issueId: issue.id, body: null }), ARGUMENT);
  });

  it('priorities that do not exist', async () => {
    assertRefused(await create({ priority: 5 }), ARGUMENT);
    assertRefused(await create({ priority: -1 }), ARGUMENT);
  });

  it('times in the future, and a completion without a completed state', async () => {
    const states = await linear.states();
    const past = '2020-01-02T03:04:05.000Z';
    const future = new Date(Date.now() + 60000).toISOString();
    const issue = await linear.createIssue({ createdAt: past });
    assert.equal(issue.createdAt, past);
    const done = await linear.createIssue({ stateId: states.Done.id, completedAt: past });
    assert.equal(done.completedAt, past);
    assertRefused(await create({ createdAt: future }), inputError(/createdAt/));
    assertRefused(await create({ completedAt: past }), inputError(/completedAt/));
    assertRefused(
      await comment({ issueId: issue.id, createdAt: future }),
      inputError(/createdAt/),
    );
  });

  it('more issues than the plan allows', async () => {
    await linear.post('settings', { plan_limit: 1 });
    await linear.createIssue();
    assertRefused(await create({}), { ...INPUT, message: /^issue limit exceeded$/ });
  });

  it('edits of archived and trashed issues', async () => {
    const issue = await linear.createIssue();
    const { id } = await linear.createComment({ issueId: issue.id });
    await linear.act({ do: 'archive', issue: issue.id });
    assertRefused(await update(issue.id, { title: 'x' }), inputError(/archived/));
    assertRefused(await comment({ issueId: issue.id }), inputError(/archived/));
    const edit = await linear.graphql(
      `mutation { commentUpdate(id: "${id}", input: { body: "x" }) { success } }`,
    );
    assertRefused(edit, inputError(/archived/));
    await linear.act({ do: 'unarchive', issue: issue.id });
    assert.ok((await update(issue.id, { title: 'x' })).data);
  });

  it('replies to replies, and to comments of another issue', async () => {
    const issue = await linear.createIssue();
    const root = await linear.createComment({ issueId: issue.id });
    const reply = await linear.createComment({ issueId: issue.id, parentId: root.id });
    assertRefused(
      await comment({ issueId: issue.id, parentId: reply.id }),
      inputError(/parent comment is a reply/),
    );
    const other = await linear.createIssue();
    assertRefused(
      await comment({ issueId: other.id, parentId: root.id }),
      inputError(/another issue/),
    );
  });

  it('creating as another user with a key', async () => {
    assertRefused(await create({ createAsUser: 'Ada' }), inputError(/createAsUser/));
  });

  it('assigning to a deactivated user', async () => {
    const { users } = await linear.data(
      '{ users(filter: { email: { eq: "erin@example.com" } }) { nodes { id } } }',
    );
    await linear.act({ do: 'deactivate_user', user: 'erin@example.com' });
    assertRefused(await create({ assigneeId: users.nodes[0].id }), inputError(/not active/));
  });

  it('a label name that is taken in the team', async () => {
    const label = (name, teamId) => linear.graphql(
      `mutation($input: IssueLabelCreateInput!) {
        issueLabelCreate(input: $input) { issueLabel { id } }
      }`,
      { input: { name, teamId } },
    );
    assert.ok((await label('Portal', TOO)).data);
    assert.ok((await label('Portal', OTH)).data);
    assertRefused(await label('portal', TOO), { ...INPUT, message: /^duplicate label name$/ });
  });

  it('labels of another team', async () => {
    const { row } = await linear.act({ do: 'add_label', name: 'Theirs', team: 'OTH' });
    assertRefused(await create({ labelIds: [row.id] }), inputError(/label/));
  });

  it('customer requests if the plan has none', async () => {
    await linear.post('settings', { customers: false });
    const answer = await linear.graphql(
      'mutation { customerUpsert(input: { name: "Ada" }) { success } }',
    );
    assertRefused(answer, {
      message: /^feature not accessible$/, type: 'feature not accessible',
    });
  });

  it('requests beyond the rate limit, with HTTP 400, until the bucket has a token again', async () => {
    await linear.post('rate', { requests: 2 });
    const query = '{ viewer { id } }';
    await linear.graphql(query);
    await linear.graphql(query);
    const answer = await linear.graphql(query);
    assertRefused(answer, {
      status: 400,
      message: /^Rate limit exceeded\. Only 2 requests are allowed per 1 hour/,
      type: 'ratelimited',
      code: 'RATELIMITED',
      statusCode: 429,
    });
    assert.equal(answer.headers['x-ratelimit-requests-remaining'], '0');
    await linear.post('rate', { requests: 2, period_ms: 400, remaining: 0 });
    await eventually('the bucket has a token', async () => (await linear.graphql(query)).status === 200);
  });

  it('one mutation of a document, and keep the result of the one before it', async () => {
    const { data, errors } = await linear.graphql(
      `mutation($input: IssueCreateInput!) {
        first: issueCreate(input: $input) { success }
        second: issueArchive(id: "TOO-99") { success }
      }`,
      { input: { teamId: TOO, title: 'Stays' } },
    );
    assert.equal(data, null);
    assert.equal(errors[0].path[0], 'second');
    assert.equal((await linear.get('state')).issues.length, 1);
  });

  function inputError(message) {
    return { ...INPUT, message };
  }
});
