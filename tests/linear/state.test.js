'use strict';

const assert = require('assert/strict');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { after, before, beforeEach, describe, it } = require('node:test');
const { startSimulator, Receiver, SECRET } = require('./harness.js');

/* With --state, what was acknowledged is there after any end of the process. */

describe('the state file', () => {
  let directory;
  let file;

  before(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linear-simulator-'));
  });
  after(() => fs.rmSync(directory, { recursive: true }));
  beforeEach(() => {
    file = path.join(directory, `${Math.random()}.jsonl`);
  });

  it('keeps every issue that was acknowledged before SIGKILL', async () => {
    const linear = await startSimulator('--state', file);
    const acknowledged = [];
    let alive = true;
    const client = async () => {
      while (alive) {
        try {
          acknowledged.push(await linear.createIssue());
        } catch {
          return;
        }
      }
    };
    const clients = Array.from({ length: 8 }, client);
    while (acknowledged.length < 50) {
      await new Promise(setImmediate);
    }
    await linear.stop('SIGKILL');
    alive = false;
    await Promise.all(clients);

    const again = await startSimulator('--state', file);
    const { issues } = await again.get('state');
    const known = new Map(issues.map((issue) => [issue.id, issue]));
    for (const { id, identifier } of acknowledged) {
      assert.equal(known.get(id).identifier, identifier);
    }
    const next = await again.createIssue();
    assert.ok(!issues.some(({ identifier }) => identifier === next.identifier));
    await again.stop();
  });

  it('keeps everything else, also with another port', async () => {
    const linear = await startSimulator('--state', file);
    const issue = await linear.createIssue();
    await linear.createComment({ issueId: issue.id, body: 'still here' });
    await linear.act({ do: 'attach', issue: issue.id, url: 'docket:7', title: 't' });
    await linear.act({ do: 'move_team', issue: issue.id, team: 'OTH' });
    await linear.post('settings', { plan_limit: 5 });
    const sync = 'mutation { issueUpdate(id: "TOO-1", input: {priority: 1}) { lastSyncId } }';
    const { issueUpdate: { lastSyncId } } = await linear.data(sync);
    await linear.stop('SIGKILL');

    const again = await startSimulator('--state', file);
    const state = await again.get('issue/TOO-1');
    assert.equal(state.identifier, 'OTH-1');
    assert.equal(state.comments[0].body, 'still here');
    assert.equal(state.attachments[0].url, 'docket:7');
    assert.equal(state.url, `${again.base}/too-good-crm/issue/OTH-1`);
    assert.equal((await again.get('state')).settings.plan_limit, 5);
    const later = await again.data(sync.replace('priority: 1', 'priority: 2'));
    assert.ok(later.issueUpdate.lastSyncId > lastSyncId);
    await again.stop();
  });

  it('ignores an incomplete last line', async () => {
    const linear = await startSimulator('--state', file);
    await linear.createIssue();
    await linear.stop('SIGKILL');
    fs.appendFileSync(file, '{"sequence":2,"changes":[["issues","half');
    const again = await startSimulator('--state', file);
    assert.equal((await again.get('state')).issues.length, 1);
    await again.createIssue();
    await again.stop('SIGKILL');
    const third = await startSimulator('--state', file);
    assert.equal((await third.get('state')).issues.length, 2);
    await third.stop();
  });

  it('sends pending webhooks after a restart', async () => {
    const receiver = await new Receiver().start();
    const hook = ['--webhook-url', receiver.url, '--webhook-secret', SECRET];
    receiver.answer = () => 500;
    const linear = await startSimulator('--state', file, ...hook);
    await linear.post('settings', { retries_ms: [200] });
    const { id } = await linear.createIssue();
    await receiver.next();
    await linear.stop('SIGKILL');

    receiver.answer = () => 200;
    const again = await startSimulator('--state', file, ...hook);
    await again.get('quiesce');
    const [first, second] = receiver.received;
    assert.equal(second.body.data.id, id);
    assert.equal(second.headers['linear-delivery'], first.headers['linear-delivery']);
    await again.stop();
    receiver.stop();
  });

  it('is emptied by a reset', async () => {
    const linear = await startSimulator('--state', file);
    await linear.createIssue();
    await linear.post('reset');
    await linear.stop('SIGKILL');
    const again = await startSimulator('--state', file);
    assert.equal((await again.get('state')).issues.length, 0);
    await again.stop();
  });

  it('is readable by its owner only', async () => {
    const linear = await startSimulator('--state', file);
    assert.equal(fs.statSync(file).mode & 0o077, 0);
    await linear.stop();
  });
});
