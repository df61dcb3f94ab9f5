'use strict';

const assert = require('assert/strict');
const fs = require('fs');
const http = require('http');
const { after, before, beforeEach, describe, it } = require('node:test');
const { request } = require('../lib/index.js');
const {
  startSimulator, KEY, TOO, OTH,
} = require('./harness.js');

/* The API does what Linear's does when all goes well, and pages and filters as it does. */

describe('the API', () => {
  let linear;

  before(async () => {
    linear = await startSimulator();
  });
  after(() => linear.stop());
  beforeEach(() => linear.post('reset'));

  it('returns the viewer, the teams, the states and the users', async () => {
    const data = await linear.data(`{
      viewer { id email isMe organization { urlKey } }
      teams { nodes { id key name defaultIssueState { name } states { nodes { type } } } }
      users(filter: { email: { eq: "erin@example.com" } }) { nodes { name active isMe } }
    }`);
    assert.equal(data.viewer.isMe, true);
    assert.equal(data.viewer.organization.urlKey, 'too-good-crm');
    assert.deepEqual(data.users.nodes, [{ name: 'Erin', active: true, isMe: false }]);
    assert.deepEqual(data.teams.nodes.map(({ id }) => id).sort(), [TOO, OTH].sort());
    for (const team of data.teams.nodes) {
      const types = team.states.nodes.map(({ type }) => type);
      assert.equal(team.defaultIssueState.name, 'Backlog');
      assert.equal(types.filter((type) => type === 'started').length, 2);
      assert.ok(types.includes('duplicate'));
    }
  });

  it('gives each team its own states', async () => {
    const ids = Object.values(await linear.states(TOO)).map(({ id }) => id);
    const others = Object.values(await linear.states(OTH)).map(({ id }) => id);
    assert.equal(new Set([...ids, ...others]).size, ids.length + others.length);
  });

  it('creates an issue with the id that the client chose', async () => {
    const id = '6e0c7f0e-4f3a-4c53-8a1f-0d2a6f5b9c11';
    const issue = await linear.createIssue({ id, title: ' Printer on fire ' });
    assert.equal(issue.id, id);
    assert.equal(issue.identifier, 'TOO-1');
    assert.equal(issue.title, 'Printer on fire');
    assert.equal(issue.description, null);
    assert.equal(issue.state.name, 'Backlog');
    assert.equal(issue.url, `${linear.base}/too-good-crm/issue/TOO-1`);
    assert.equal((await linear.createIssue()).identifier, 'TOO-2');
    assert.equal((await linear.createIssue({ teamId: OTH })).identifier, 'OTH-1');
  });

  it('puts new issues into triage in a team with triage', async () => {
    await linear.act({ do: 'triage', team: 'TOO', on: true });
    assert.equal((await linear.createIssue()).state.type, 'triage');
    await linear.act({ do: 'triage', team: 'TOO', on: false });
    assert.equal((await linear.createIssue()).state.name, 'Backlog');
  });

  it('finds an issue by UUID and by identifier', async () => {
    const { id } = await linear.createIssue();
    const query = 'query($id: String!) { issue(id: $id) { id identifier } }';
    assert.equal((await linear.data(query, { id })).issue.identifier, 'TOO-1');
    assert.equal((await linear.data(query, { id: 'TOO-1' })).issue.id, id);
  });

  it('updates an issue and keeps the times of its states', async () => {
    const states = await linear.states();
    const { id } = await linear.createIssue();
    const update = (input) => linear.data(
      `mutation($id: String!, $input: IssueUpdateInput!) {
        issueUpdate(id: $id, input: $input) {
          success
          issue {
            title priority priorityLabel startedAt completedAt canceledAt
            state { name } assignee { email }
          }
        }
      }`,
      { id, input },
    ).then(({ issueUpdate }) => issueUpdate.issue);
    const ann = await linear.data('{ users(filter: {name: {eq: "Ann"}}) { nodes { id } } }');

    const done = await update({
      stateId: states.Done.id, priority: 1, assigneeId: ann.users.nodes[0].id, title: 'New',
    });
    assert.equal(done.state.name, 'Done');
    assert.equal(done.priorityLabel, 'Urgent');
    assert.equal(done.assignee.email, 'ann@example.com');
    assert.ok(done.completedAt);
    const reopened = await update({ stateId: states['In Progress'].id, assigneeId: null });
    assert.equal(reopened.completedAt, null);
    assert.equal(reopened.assignee, null);
    assert.ok(reopened.startedAt);
    assert.ok((await update({ stateId: states.Canceled.id })).canceledAt);
  });

  it('keeps updatedAt if an update changes nothing', async () => {
    const { id, updatedAt } = await linear.createIssue({ title: 'Same' });
    const { issueUpdate } = await linear.data(
      `mutation($id: String!) {
        issueUpdate(id: $id, input: { title: "Same" }) { issue { updatedAt } }
      }`,
      { id },
    );
    assert.equal(issueUpdate.issue.updatedAt, updatedAt);
  });

  it('moves an issue to another team: new identifier, and a state of that team', async () => {
    const states = await linear.states();
    const { id } = await linear.createIssue({ stateId: states.Done.id });
    const { issueUpdate: { issue } } = await linear.data(
      `mutation($id: String!, $team: String!) {
        issueUpdate(id: $id, input: { teamId: $team }) {
          issue { identifier previousIdentifiers state { id name } team { key } }
        }
      }`,
      { id, team: OTH },
    );
    assert.equal(issue.identifier, 'OTH-1');
    assert.deepEqual(issue.previousIdentifiers, ['TOO-1']);
    assert.equal(issue.state.name, 'Done');
    assert.notEqual(issue.state.id, states.Done.id);
    const old = await linear.data('{ issue(id: "TOO-1") { id } }');
    assert.equal(old.issue.id, id);
  });

  it('can be set not to change updatedAt of an issue when a comment is edited or deleted', async () => {
    const { id } = await linear.createIssue();
    const comment = await linear.createComment({ issueId: id });
    const time = async () => (await linear.get(`issue/${id}`)).updatedAt;
    const later = async (deed, fields) => {
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
      await linear.act({ do: deed, comment: comment.id, ...fields });
      return time();
    };
    await linear.post('settings', { silent_comments: true });
    const begun = await time();
    assert.equal(await later('edit_comment', { body: 'unheard' }), begun);
    await linear.post('settings', { silent_comments: false });
    const moved = await later('edit_comment', { body: 'heard' });
    assert.ok(moved > begun);
    await linear.post('settings', { silent_comments: true });
    assert.equal(await later('delete_comment'), moved);
  });

  it('has comments in threads, and a comment changes updatedAt of its issue', async () => {
    const issue = await linear.createIssue();
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
    const root = await linear.createComment({ issueId: issue.identifier });
    const reply = await linear.createComment({ issueId: issue.id, parentId: root.id });
    assert.equal(reply.parentId, root.id);
    assert.ok(reply.issue.updatedAt > issue.updatedAt);
    assert.ok(reply.issue.updatedAt < reply.createdAt);
    const data = await linear.data(
      `query($id: String!) {
        issue(id: $id) { comments { nodes { id parent { id } children { nodes { id } } } } }
      }`,
      { id: issue.id },
    );
    const found = data.issue.comments.nodes.find(({ id }) => id === root.id);
    assert.deepEqual(found.children.nodes, [{ id: reply.id }]);
  });

  it('edits and deletes comments', async () => {
    const issue = await linear.createIssue();
    const root = await linear.createComment({ issueId: issue.id });
    await linear.createComment({ issueId: issue.id, parentId: root.id });
    const { commentUpdate } = await linear.data(
      `mutation($id: String!) {
        commentUpdate(id: $id, input: { body: "- new" }) { comment { body editedAt } }
      }`,
      { id: root.id },
    );
    assert.equal(commentUpdate.comment.body, '* new');
    assert.ok(commentUpdate.comment.editedAt);
    const { commentDelete } = await linear.data(
      'mutation($id: String!) { commentDelete(id: $id) { success entityId } }',
      { id: root.id },
    );
    assert.deepEqual(commentDelete, { success: true, entityId: root.id });
    const { comments } = await linear.data('{ comments { nodes { id } } }');
    assert.deepEqual(comments.nodes, []);
  });

  it('attaches a URL to an issue once', async () => {
    const issue = await linear.createIssue();
    const attach = (title) => linear.data(
      `mutation($input: AttachmentCreateInput!) {
        attachmentCreate(input: $input) { attachment { id title metadata } }
      }`,
      {
        input: {
          issueId: issue.id, url: 'docket://issues/7', title, metadata: { a: { b: [1] } },
        },
      },
    ).then(({ attachmentCreate }) => attachmentCreate.attachment);
    const first = await attach('ISS-2026-0001');
    const second = await attach('ISS-2026-0001 (billing)');
    assert.equal(second.id, first.id);
    assert.equal(second.title, 'ISS-2026-0001 (billing)');
    assert.deepEqual(second.metadata, { a: { b: [1] } });

    const data = await linear.data(`{
      attachmentsForURL(url: "docket://issues/7") { nodes { issue { id } } }
      issues(filter: { attachments: { url: { eq: "docket://issues/7" } } }) { nodes { id } }
      none: issues(filter: { attachments: { url: { eq: "docket://issues/8" } } }) { nodes { id } }
    }`);
    assert.deepEqual(data.attachmentsForURL.nodes, [{ issue: { id: issue.id } }]);
    assert.deepEqual(data.issues.nodes, [{ id: issue.id }]);
    assert.deepEqual(data.none.nodes, []);
  });

  it('leaves out archived and trashed issues unless they are asked for', async () => {
    const archived = await linear.createIssue();
    const trashed = await linear.createIssue();
    const { issueArchive, issueDelete } = await linear.data(
      `mutation($a: String!, $b: String!) {
        issueArchive(id: $a) { success entity { archivedAt trashed } }
        issueDelete(id: $b) { success entity { archivedAt trashed } }
      }`,
      { a: archived.id, b: trashed.id },
    );
    assert.ok(issueArchive.entity.archivedAt);
    assert.equal(issueArchive.entity.trashed, null);
    assert.equal(issueDelete.entity.trashed, true);
    const data = await linear.data(
      `query($id: String!) {
        shown: issues { nodes { id } }
        all: issues(includeArchived: true) { nodes { id } }
        issue(id: $id) { trashed }
      }`,
      { id: trashed.id },
    );
    assert.deepEqual(data.shown.nodes, []);
    assert.equal(data.all.nodes.length, 2);
    assert.equal(data.issue.trashed, true);
    await linear.data(
      `mutation($a: String!, $b: String!) {
        issueUnarchive(id: $a) { success }
        issueUpdate(id: $b, input: { trashed: null }) { success }
      }`,
      { a: archived.id, b: trashed.id },
    );
    const { issues } = await linear.data('{ issues { nodes { archivedAt trashed } } }');
    assert.deepEqual(issues.nodes, Array(2).fill({ archivedAt: null, trashed: null }));
  });

  it('filters issues by team, id, time, state, assignee and combinations', async () => {
    const first = await linear.createIssue({ title: 'one', priority: 1 });
    const second = await linear.createIssue({ title: 'two' });
    const third = await linear.createIssue({ title: 'three', teamId: OTH });
    const ids = async (filter) => {
      const { issues } = await linear.data(
        'query($filter: IssueFilter) { issues(filter: $filter) { nodes { title } } }',
        { filter },
      );
      return issues.nodes.map(({ title }) => title).sort();
    };
    assert.deepEqual(await ids({ team: { id: { eq: TOO } } }), ['one', 'two']);
    assert.deepEqual(await ids({ id: { in: [first.id, 'OTH-1'] } }), ['one', 'three']);
    assert.deepEqual(await ids({ updatedAt: { gte: first.updatedAt } }), ['one', 'three', 'two']);
    assert.deepEqual(await ids({ updatedAt: { gt: third.updatedAt } }), []);
    assert.deepEqual(await ids({ updatedAt: { gt: '-PT1H' } }), ['one', 'three', 'two']);
    assert.deepEqual(await ids({ assignee: { null: true }, priority: { eq: 1 } }), ['one']);
    assert.deepEqual(
      await ids({ or: [{ title: { eq: 'two' } }, { title: { startsWith: 'thr' } }] }),
      ['three', 'two'],
    );
    assert.deepEqual(
      await ids({ and: [{ team: { key: { eq: 'TOO' } } }, { id: { neq: second.id } }] }),
      ['one'],
    );
    assert.deepEqual(await ids({ state: { type: { in: ['completed'] } } }), []);
    assert.deepEqual(await ids({ createdAt: { lt: '2020' } }), []);
  });

  it('filters comments by issue, team and time', async () => {
    const mine = await linear.createIssue();
    const other = await linear.createIssue({ teamId: OTH });
    const comment = await linear.createComment({ issueId: mine.id });
    await linear.createComment({ issueId: other.id });
    const count = async (filter) => {
      const { comments } = await linear.data(
        'query($filter: CommentFilter) { comments(filter: $filter) { nodes { id } } }',
        { filter },
      );
      return comments.nodes.length;
    };
    assert.equal(await count({ issue: { id: { eq: mine.id } } }), 1);
    assert.equal(await count({ issue: { team: { id: { eq: OTH } } } }), 1);
    assert.equal(await count({ id: { in: [comment.id] } }), 1);
    assert.equal(await count({ updatedAt: { gte: comment.createdAt } }), 2);
    assert.equal(await count({ parent: { null: true }, user: { isMe: { eq: true } } }), 2);
  });

  it('sorts pages by creation or by update, newest first', async () => {
    for (let i = 0; i < 5; i += 1) {
      await linear.createIssue({ title: `issue ${i}`, createdAt: `202${i}` });
    }
    const titles = [];
    let after = null;
    do {
      const { issues } = await linear.data(
        `query($after: String) {
          issues(first: 2, after: $after) {
            nodes { title }
            pageInfo { hasNextPage endCursor }
          }
        }`,
        { after },
      );
      titles.push(...issues.nodes.map(({ title }) => title));
      after = issues.pageInfo.hasNextPage ? issues.pageInfo.endCursor : null;
    } while (after);
    assert.deepEqual(titles, [4, 3, 2, 1, 0].map((i) => `issue ${i}`));

    await linear.post('clock', { offset_ms: 1000 });
    await linear.act({ do: 'edit', issue: 'TOO-2', title: 'touched' });
    const { issues } = await linear.data(
      '{ issues(first: 1, orderBy: updatedAt) { nodes { title } edges { cursor } } }',
    );
    assert.equal(issues.nodes[0].title, 'touched');
    const { issues: rest } = await linear.data('{ issues(last: 2) { nodes { title } } }');
    assert.deepEqual(rest.nodes.map(({ title }) => title), ['touched', 'issue 0']);
  });

  it('leaves out deactivated users unless they are asked for', async () => {
    await linear.act({ do: 'deactivate_user', user: 'erin@example.com' });
    const emails = (users) => users.nodes.map(({ email }) => email);
    const data = await linear.data(`{
      users { nodes { email } }
      all: users(includeDisabled: true) { nodes { email active } }
    }`);
    assert.ok(!emails(data.users).includes('erin@example.com'));
    assert.ok(emails(data.all).includes('erin@example.com'));
  });

  it('has customers and their requests if the plan has them', async () => {
    const { id } = await linear.createIssue();
    const upsert = (name) => linear.data(
      `mutation($name: String!) {
        customerUpsert(input: { externalId: "42", name: $name }) { customer { id name } }
      }`,
      { name },
    ).then(({ customerUpsert }) => customerUpsert.customer);
    const customer = await upsert('Ada');
    assert.deepEqual(await upsert('Ada L.'), { id: customer.id, name: 'Ada L.' });
    const { customerNeedCreate } = await linear.data(
      `mutation($issue: String!) {
        customerNeedCreate(input: { issueId: $issue, customerExternalId: "42", body: "urgent" }) {
          need { customer { name } issue { customerTicketCount } }
        }
      }`,
      { issue: id },
    );
    assert.deepEqual(customerNeedCreate.need, {
      customer: { name: 'Ada L.' }, issue: { customerTicketCount: 1 },
    });
  });

  it('lists and creates webhooks', async () => {
    const { webhookCreate } = await linear.data(
      `mutation($input: WebhookCreateInput!) {
        webhookCreate(input: $input) { webhook { id enabled secret team { key } } }
      }`,
      { input: { url: 'http://127.0.0.1:9/x', teamId: 'OTH', resourceTypes: ['Issue'] } },
    );
    assert.equal(webhookCreate.webhook.enabled, true);
    assert.equal(webhookCreate.webhook.team.key, 'OTH');
    assert.ok(webhookCreate.webhook.secret.length >= 32);
    const { webhooks } = await linear.data('{ webhooks { nodes { id url } } }');
    assert.deepEqual(webhooks.nodes, [
      { id: webhookCreate.webhook.id, url: 'http://127.0.0.1:9/x' },
    ]);
  });

  it('reports the limits in headers and in rateLimitStatus', async () => {
    const { headers, data } = await linear.graphql(
      '{ viewer { id } rateLimitStatus { kind limits { type allowedAmount remainingAmount } } }',
    );
    for (const name of ['requests', 'complexity']) {
      const [limit, remaining, reset] = ['limit', 'remaining', 'reset']
        .map((part) => Number(headers[`x-ratelimit-${name}-${part}`]));
      assert.ok(remaining > 0 && remaining < limit, name);
      assert.ok(Math.abs(reset - Date.now() - 3600 * 1000) < 60000, name);
    }
    assert.equal(headers['x-complexity'], '4');
    assert.deepEqual(data.rateLimitStatus.limits.map(({ type }) => type), [
      'requests', 'complexity',
    ]);
  });

  it('counts requests', async () => {
    await linear.graphql('query Who { viewer { id } }', {}, { operationName: 'Who' });
    await linear.createIssue();
    const { requests } = await linear.get('state');
    assert.deepEqual(requests.by_operation, { Who: 1, viewer: 1, issueCreate: 1 });
    assert.equal(requests.total, 2);
    assert.equal(requests.in_flight, 0);
  });

  it('answers 100 requests per second of its processor time, also of a slow one', async () => {
    // Not of the clock's: others may be using the machine.
    const cpuSeconds = () => {
      const stat = fs.readFileSync(`/proc/${linear.child.pid}/stat`, 'utf8');
      const [user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13);
      return (Number(user) + Number(system)) / 100;
    };
    const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
    const body = JSON.stringify({
      query: `mutation($input: IssueCreateInput!) {
        issueCreate(input: $input) { issue { id identifier url updatedAt state { id } } }
      }`,
      variables: { input: { teamId: TOO, title: 'One of many' } },
    });
    const one = () => new Promise((resolve, reject) => {
      const headers = { 'Content-Type': 'application/json', Authorization: KEY };
      const call = http.request(`${linear.base}/graphql`, { method: 'POST', agent, headers }, (response) => {
        response.resume().on('end', resolve);
      });
      // The simulator closes idle connections; a busy machine may leave ours idle for so long.
      call.on('error', (error) => (call.reusedSocket ? one().then(resolve, reject) : reject(error)));
      call.end(body);
    });
    const start = cpuSeconds();
    await Promise.all(Array.from({ length: 1000 }, one));
    agent.destroy();
    const took = cpuSeconds() - start;
    assert.ok(took < 10, `1000 requests took ${took} s`);
  });

  it('accepts nothing but POST /graphql with JSON', async () => {
    assert.equal((await request('GET', `${linear.base}/graphql`)).status, 405);
    const form = await request('POST', `${linear.base}/graphql`, {
      type: null, headers: { Authorization: KEY }, body: '{"query":"{viewer{id}}"}',
    });
    assert.equal(form.status, 400);
  });
});
