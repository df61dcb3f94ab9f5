'use strict';

const assert = require('assert/strict');
const crypto = require('crypto');
const { after, before, beforeEach, describe, it } = require('node:test');
const {
  startSimulator, Receiver, TOO, OTH, SECRET,
} = require('./harness.js');

/* Webhooks say what Linear's say, are signed as Linear's are, and are repeated as Linear's are. */

const hmac = (secret, raw) => crypto.createHmac('sha256', secret).update(raw).digest('hex');

describe('webhooks', () => {
  let linear;
  let receiver;

  before(async () => {
    receiver = await new Receiver().start();
    linear = await startSimulator('--webhook-url', receiver.url, '--webhook-secret', SECRET);
  });
  after(async () => {
    await linear.stop();
    receiver.stop();
  });
  beforeEach(async () => {
    await linear.post('reset');
    receiver.clear();
  });

  /** Waits until all is sent; answers what arrived, in the order in which it did. */
  async function arrivals() {
    await linear.get('quiesce');
    return receiver.received;
  }

  /** The same in the order of the events: two deliveries can overtake each other on the way. */
  async function settled() {
    const received = await arrivals();
    const { deliveries } = await linear.get('state');
    const order = new Map(deliveries.map(({ id }, index) => [id, index]));
    const position = ({ headers }) => order.get(headers['linear-delivery']);
    return received.slice().sort((a, b) => position(a) - position(b));
  }

  const bodies = async () => (await settled()).map(({ body }) => body);

  it('have envelope, headers and signature', async () => {
    const issue = await linear.createIssue({ title: 'Ünicode' });
    const [{ headers, raw, body }] = await settled();
    assert.equal(headers['content-type'], 'application/json; charset=utf-8');
    assert.equal(headers['user-agent'], 'Linear-Webhook');
    assert.equal(headers['linear-event'], 'Issue');
    assert.match(headers['linear-delivery'], /^[0-9a-f-]{14}4[0-9a-f-]{21}$/);
    assert.equal(headers['linear-signature'], hmac(SECRET, raw));
    assert.equal(headers['linear-timestamp'], String(body.webhookTimestamp));
    assert.ok(Math.abs(Date.now() - body.webhookTimestamp) < 60000);
    assert.equal(body.action, 'create');
    assert.equal(body.type, 'Issue');
    assert.equal(body.url, issue.url);
    assert.equal(body.updatedFrom, undefined);
    assert.equal(body.actor.type, 'user');
    assert.equal(body.actor.email, 'docket@example.com');
    assert.match(body.organizationId, /^[0-9a-f-]{36}$/);
    const { webhooks } = await linear.data('{ webhooks { nodes { id } } }');
    assert.equal(body.webhookId, webhooks.nodes[0].id);
  });

  it('have an issue with its team, state and people', async () => {
    const issue = await linear.createIssue({ title: 'x', description: '- y', priority: 2 });
    const [{ data }] = await bodies();
    assert.equal(data.id, issue.id);
    assert.equal(data.identifier, 'TOO-1');
    assert.equal(data.description, '* y');
    assert.equal(data.priorityLabel, 'High');
    assert.deepEqual(data.team, { id: TOO, key: 'TOO', name: 'Too Good CRM' });
    assert.equal(data.state.type, 'backlog');
    assert.equal(data.stateId, data.state.id);
    assert.equal(data.creator.email, 'docket@example.com');
    assert.equal(data.assignee, null);
    assert.equal(data.updatedAt, issue.updatedAt);
  });

  it('have the former values of an update', async () => {
    const { id, state, updatedAt } = await linear.createIssue();
    await linear.act({ do: 'move', issue: id, state: 'In Review' });
    const [, { action, actor, data, updatedFrom }] = await bodies();
    assert.equal(action, 'update');
    assert.equal(actor.name, 'Ann');
    assert.equal(data.state.name, 'In Review');
    assert.deepEqual(updatedFrom, { stateId: state.id, startedAt: null, updatedAt });
  });

  it('have no actor for automations', async () => {
    const { id } = await linear.createIssue();
    await linear.act({ do: 'move', issue: id, state: 'completed', as: 'automation' });
    const [, { actor }] = await bodies();
    assert.equal(actor, null);
  });

  it('have comments with their thread and issue', async () => {
    const issue = await linear.createIssue();
    const root = await linear.createComment({ issueId: issue.id });
    await linear.act({ do: 'comment', issue: 'TOO-1', thread: root.id, body: 'A _reply_' });
    const [, , { type, data, url, actor }] = await bodies();
    assert.equal(type, 'Comment');
    assert.equal(actor.email, 'ann@example.com');
    assert.equal(data.body, 'A *reply*');
    assert.equal(data.parentId, root.id);
    assert.equal(data.issueId, issue.id);
    assert.equal(data.issue.identifier, 'TOO-1');
    assert.equal(data.user.name, 'Ann');
    assert.ok(url.startsWith(`${issue.url}#comment-`));
  });

  it('report edits and deletions of comments', async () => {
    await linear.createIssue();
    const { row } = await linear.act({ do: 'comment', issue: 'TOO-1', body: 'a' });
    await linear.act({ do: 'edit_comment', comment: row.id, body: 'b' });
    await linear.act({ do: 'delete_comment', comment: row.id });
    const [, , edited, removed] = await bodies();
    assert.equal(edited.action, 'update');
    assert.equal(edited.updatedFrom.body, 'a');
    assert.equal(removed.action, 'remove');
    assert.equal(removed.data.id, row.id);
  });

  it('report archiving and trashing as updates, and deletion as a removal', async () => {
    await linear.createIssue();
    await linear.act({ do: 'archive', issue: 'TOO-1' });
    await linear.act({ do: 'unarchive', issue: 'TOO-1' });
    await linear.act({ do: 'trash', issue: 'TOO-1' });
    await linear.act({ do: 'delete', issue: 'TOO-1' });
    const [, archived, restored, trashed, removed] = await bodies();
    assert.deepEqual([archived, restored, trashed].map(({ action }) => action), [
      'update', 'update', 'update',
    ]);
    assert.ok(archived.data.archivedAt);
    assert.equal(archived.updatedFrom.archivedAt, null);
    assert.equal(restored.data.archivedAt, null);
    assert.equal(trashed.data.trashed, true);
    assert.equal(removed.action, 'remove');
    assert.equal((await linear.get('state')).issues.length, 0);
  });

  it('can be set to have only the id of what was removed', async () => {
    const { id } = await linear.createIssue();
    await linear.post('settings', { remove_payload: 'minimal' });
    await linear.act({ do: 'delete', issue: id });
    const [, removed] = await bodies();
    assert.deepEqual(removed.data, { id });
  });

  it('report attachments', async () => {
    await linear.createIssue();
    await linear.act({ do: 'attach', issue: 'TOO-1', url: 'docket:7', title: 'a' });
    await linear.act({ do: 'attach', issue: 'TOO-1', url: 'docket:7', title: 'b' });
    const [, created, updated] = await bodies();
    assert.deepEqual([created.type, created.action], ['Attachment', 'create']);
    assert.deepEqual([updated.type, updated.action], ['Attachment', 'update']);
    assert.equal(updated.updatedFrom.title, 'a');
  });

  it('are sent by resource type and by team', async () => {
    await linear.data(
      `mutation($input: WebhookCreateInput!) { webhookCreate(input: $input) { success } }`,
      {
        input: {
          url: `${receiver.url}?comments`, teamId: OTH, resourceTypes: ['Comment'], secret: 'x',
        },
      },
    );
    const other = await linear.createIssue({ teamId: OTH });
    await linear.createIssue();
    await linear.createComment({ issueId: other.id });
    await linear.createComment({ issueId: 'TOO-1' });
    const received = await settled();
    assert.equal(received.length, 5);
    const theirs = received.filter(({ raw, headers }) => (
      headers['linear-signature'] === hmac('x', raw)
    ));
    assert.deepEqual(theirs.map(({ body }) => body.data.issue.identifier), ['OTH-1']);
  });

  it('do not delay the response to the mutation by default', async () => {
    receiver.answer = () => null;
    await linear.createIssue();
    const { deliveries } = await linear.get('state');
    assert.equal(deliveries[0].status, 'pending');
    await receiver.next();
  });

  it('are sent again, unchanged, after every status but 200', async () => {
    await linear.post('settings', { retries_ms: [20, 40, 60] });
    receiver.answer = () => (receiver.received.length < 3 ? 201 : 200);
    await linear.createIssue();
    const received = await settled();
    assert.equal(received.length, 3);
    assert.equal(new Set(received.map(({ raw }) => raw.toString())).size, 1);
    assert.equal(new Set(received.map(({ headers }) => headers['linear-delivery'])).size, 1);
    const { deliveries } = await linear.get('state');
    assert.equal(deliveries[0].status, 'delivered');
    assert.deepEqual(deliveries[0].attempts.map(({ status }) => status), [201, 201, 200]);
  });

  it('can be set to be sent again with a new timestamp and signature', async () => {
    await linear.post('settings', { retries_ms: [20], retry_timestamp: 'new' });
    receiver.answer = () => (receiver.received.length < 2 ? 500 : 200);
    await linear.createIssue();
    const [first, second] = await settled();
    assert.ok(second.body.webhookTimestamp > first.body.webhookTimestamp);
    assert.equal(second.headers['linear-signature'], hmac(SECRET, second.raw));
    assert.equal(second.headers['linear-delivery'], first.headers['linear-delivery']);
    assert.deepEqual({ ...second.body, webhookTimestamp: 0 }, {
      ...first.body, webhookTimestamp: 0,
    });
  });

  it('are dropped after three retries', async () => {
    await linear.post('clock', { retry_scale: 1e-6 });
    receiver.answer = () => 500;
    await linear.createIssue();
    assert.equal((await settled()).length, 4);
    const { deliveries, webhooks } = await linear.get('state');
    assert.equal(deliveries[0].status, 'failed');
    assert.equal(webhooks[0].enabled, true);
    const data = await linear.data('{ webhooks { nodes { failures { httpStatus } } } }');
    assert.deepEqual(data.webhooks.nodes[0].failures, Array(4).fill({ httpStatus: 500 }));
  });

  it('count a timeout as a failure', async () => {
    await linear.post('settings', { timeout_ms: 500, retries_ms: [20] });
    receiver.answer = () => (receiver.received.length < 2 ? null : 200);
    await linear.createIssue();
    assert.equal((await settled()).length, 2);
    const { deliveries } = await linear.get('state');
    assert.match(deliveries[0].attempts[0].error, /no answer within 500 ms/);
  });

  it('can be set to be disabled after several failures in a row', async () => {
    await linear.post('settings', { retries_ms: [], disable_after: 2 });
    receiver.answer = () => 500;
    await linear.createIssue();
    await settled();
    await linear.createIssue();
    await settled();
    await linear.createIssue();
    assert.equal((await settled()).length, 2);
    const { webhooks } = await linear.data('{ webhooks { nodes { id enabled } } }');
    assert.equal(webhooks.nodes[0].enabled, false);

    receiver.answer = () => 200;
    await linear.data(
      'mutation($id: String!) { webhookUpdate(id: $id, input: { enabled: true }) { success } }',
      { id: webhooks.nodes[0].id },
    );
    await linear.createIssue();
    assert.equal((await settled()).length, 3);
  });

  it('are recorded as dropped while no webhook wants them', async () => {
    await linear.post('webhook', { enabled: false });
    await linear.createIssue();
    await linear.post('webhook', { enabled: true });
    await linear.createComment({ issueId: 'TOO-1' });
    assert.deepEqual((await bodies()).map(({ type }) => type), ['Comment']);
    const { deliveries } = await linear.get('state');
    assert.deepEqual(deliveries.map(({ status }) => status), ['dropped', 'delivered']);
  });

  it('report nothing of a private team to webhooks for all public teams', async () => {
    await linear.createIssue();
    await linear.act({ do: 'hide_team', team: 'TOO' });
    await linear.act({ do: 'edit', issue: 'TOO-1', title: 'Hidden' });
    await linear.act({ do: 'create', team: 'OTH', title: 'Seen' });
    assert.deepEqual((await bodies()).map(({ data }) => data.title), ['An issue', 'Seen']);
  });

  it('name authors who are not users', async () => {
    await linear.createIssue();
    for (const as of ['bot', 'external', 'automation']) {
      await linear.act({ do: 'comment', issue: 'TOO-1', body: as, as });
    }
    const [, bot, external, automation] = await bodies();
    assert.equal(bot.actor.type, 'integration');
    assert.equal(JSON.parse(bot.data.botActor).name, 'Slack');
    assert.deepEqual([bot.data.userId, bot.data.externalUserId], [null, null]);
    assert.equal(external.actor.type, 'externalUser');
    assert.equal(external.data.externalUser.id, external.data.externalUserId);
    assert.deepEqual([external.data.user, external.data.botActor], [null, null]);
    assert.deepEqual([automation.actor, automation.data.botActor], [null, null]);
  });

  it('follow the configuration that a test sets', async () => {
    await linear.post('webhook', { secret: 'next' });
    await linear.createIssue();
    const [{ raw, headers }] = await settled();
    assert.equal(headers['linear-signature'], hmac('next', raw));
    await linear.post('webhook', { enabled: false });
    await linear.createIssue();
    assert.equal((await settled()).length, 1);
  });

  it('have the time of a clock that was moved', async () => {
    await linear.post('clock', { offset_ms: -7200000 });
    await linear.createIssue();
    const [{ body }] = await settled();
    assert.ok(Math.abs(Date.now() - 7200000 - body.webhookTimestamp) < 60000);
    assert.ok(Date.parse(body.data.createdAt) < Date.now() - 7000000);
  });

  describe('with faults', () => {
    it('arrive before the response', async () => {
      await linear.faults({ kind: 'webhook_first' });
      let arrived = null;
      receiver.answer = () => {
        arrived = Date.now();
        return 200;
      };
      await linear.createIssue();
      assert.ok(arrived !== null);
    });

    it('are lost', async () => {
      await linear.faults({ kind: 'webhook_lost', on: 'Comment', next: 1 });
      await linear.createIssue();
      await linear.createComment({ issueId: 'TOO-1', body: 'lost' });
      await linear.createComment({ issueId: 'TOO-1', body: 'found' });
      const received = await bodies();
      assert.deepEqual(received.map(({ data }) => data.body), [undefined, 'found']);
      const { deliveries } = await linear.get('state');
      assert.deepEqual(deliveries.map(({ status }) => status), ['delivered', 'lost', 'delivered']);
    });

    it('arrive late', async () => {
      await linear.faults({ kind: 'webhook_delayed', on: 'Issue.create', ms: 1500 });
      const began = Date.now();
      await linear.createIssue();
      await linear.act({ do: 'edit', issue: 'TOO-1', title: 'New' });
      const received = await arrivals();
      assert.deepEqual(received.map(({ body }) => body.action), ['update', 'create']);
      assert.ok(received[1].at - began >= 1499);
    });

    it('arrive twice', async () => {
      await linear.faults({ kind: 'webhook_duplicated' });
      await linear.createIssue();
      const [first, second] = await settled();
      assert.deepEqual(second.raw, first.raw);
      assert.equal(second.headers['linear-delivery'], first.headers['linear-delivery']);
    });

    it('arrive in another order', async () => {
      await linear.faults({ kind: 'webhook_reordered', next: 1 });
      await linear.createIssue();
      await linear.act({ do: 'edit', issue: 'TOO-1', title: 'New' });
      const received = await arrivals();
      assert.deepEqual(received.map(({ body }) => body.action), ['update', 'create']);
    });

    it('arrive again, with the old timestamp or a new one', async () => {
      await linear.faults(
        { kind: 'webhook_replayed_old', next: 1, ms: 30 },
        { kind: 'webhook_replayed_new', next: 1, ms: 1000 },
      );
      await linear.createIssue();
      const [first, old, fresh] = await settled();
      assert.equal(old.body.webhookTimestamp, first.body.webhookTimestamp);
      assert.ok(fresh.body.webhookTimestamp > first.body.webhookTimestamp);
      assert.equal(fresh.headers['linear-signature'], hmac(SECRET, fresh.raw));
    });

    it('have an old timestamp', async () => {
      await linear.faults({ kind: 'webhook_stale', age_ms: 3600000 });
      await linear.createIssue();
      const [{ body, raw, headers }] = await settled();
      assert.ok(body.webhookTimestamp < Date.now() - 3590000);
      assert.equal(headers['linear-signature'], hmac(SECRET, raw));
    });

    it('are signed with the previous secret, or with an unknown one', async () => {
      await linear.post('webhook', { secret: 'next' });
      await linear.faults(
        { kind: 'webhook_previous_secret', on: 'Issue' },
        { kind: 'webhook_wrong_secret', on: 'Comment' },
      );
      await linear.createIssue();
      await linear.createComment({ issueId: 'TOO-1' });
      const [issue, comment] = await settled();
      assert.equal(issue.headers['linear-signature'], hmac(SECRET, issue.raw));
      assert.notEqual(comment.headers['linear-signature'], hmac('next', comment.raw));
      assert.notEqual(comment.headers['linear-signature'], hmac(SECRET, comment.raw));
    });
  });
});
