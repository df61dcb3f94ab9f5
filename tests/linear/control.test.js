'use strict';

const assert = require('assert/strict');
const { spawnSync } = require('child_process');
const path = require('path');
const { after, before, beforeEach, describe, it } = require('node:test');
const { request } = require('../lib/index.js');
const { startSimulator } = require('./harness.js');

/* The control endpoints, the pages for people, and the command line. */

describe('actions', () => {
  let linear;

  before(async () => {
    linear = await startSimulator();
  });
  after(() => linear.stop());
  beforeEach(() => linear.post('reset'));

  it('create, edit, move and comment as Ann or as another user', async () => {
    await linear.act({
      do: 'create',
      title: 'Born here', state: 'started', assignee: 'erin@example.com', as: 'sahel@example.com',
    });
    await linear.act({
      do: 'edit',
      issue: 'TOO-1', description: 'd', priority: 1, assignee: null,
    });
    await linear.act({ do: 'move', issue: 'TOO-1', state: 'In Review' });
    await linear.act({ do: 'comment', issue: 'TOO-1', body: 'hm' });
    const issue = await linear.get('issue/TOO-1');
    assert.equal(issue.creator, 'sahel@example.com');
    assert.equal(issue.assignee, null);
    assert.equal(issue.priority, 1);
    assert.equal(issue.state.name, 'In Review');
    assert.equal(issue.comments[0].user, 'ann@example.com');
  });

  it('use the first state by position if a type is given', async () => {
    await linear.createIssue();
    const { issue } = await linear.act({ do: 'move', issue: 'TOO-1', state: 'started' });
    assert.equal(issue.state.name, 'In Progress');
  });

  it('reply in a thread, by the id of any of its comments', async () => {
    await linear.createIssue();
    const root = await linear.createComment({ issueId: 'TOO-1' });
    const { row } = await linear.act({ do: 'comment', issue: 'TOO-1', thread: root.id, body: 'a' });
    await linear.act({ do: 'comment', issue: 'TOO-1', thread: row.id, body: 'b' });
    const { comments } = await linear.get('issue/TOO-1');
    assert.deepEqual(comments.map(({ children }) => children.map(({ body }) => body)), [
      ['a', 'b'],
    ]);
  });

  it('write as a bot, as an external user, and as nobody', async () => {
    await linear.createIssue();
    for (const as of ['bot', 'external', 'automation']) {
      await linear.act({ do: 'comment', issue: 'TOO-1', body: as, as });
    }
    const { comments } = await linear.data(`{ comments { nodes {
      body user { name } externalUser { name } botActor { name type }
    } } }`);
    const by = Object.fromEntries(comments.nodes.map(({ body, ...author }) => [body, author]));
    assert.deepEqual(by, {
      bot: { user: null, externalUser: null, botActor: { name: 'Slack', type: 'slack' } },
      external: { user: null, externalUser: { name: 'Max Muster' }, botActor: null },
      automation: { user: null, externalUser: null, botActor: null },
    });
    const page = await request('GET', (await linear.get('issue/TOO-1')).url);
    assert.match(page.text, /Slack[^]*Max Muster[^]*Automation/);
    const { issue } = await linear.act({ do: 'create', title: 'By a bot', as: 'bot' });
    assert.equal(issue.creator, null);
  });

  it('hide a private team and its contents from the key only', async () => {
    const mine = await linear.createIssue();
    const comment = await linear.createComment({ issueId: mine.id });
    await linear.act({ do: 'hide_team', team: 'TOO' });
    const lists = `{ teams { nodes { key } } issues { nodes { id } } comments { nodes { id } }
      workflowStates { nodes { team { key } } } }`;
    const seen = await linear.data(lists);
    assert.deepEqual(seen.teams.nodes, [{ key: 'OTH' }]);
    assert.deepEqual([seen.issues.nodes, seen.comments.nodes], [[], []]);
    assert.ok(seen.workflowStates.nodes.every(({ team }) => team.key === 'OTH'));
    const UPDATE = 'mutation($id: String!) { issueUpdate(id: $id, input: {priority: 1}) { success } }';
    for (const [query, id, entity] of [
      ['query($id: String!) { team(id: $id) { id } }', 'TOO', 'Team'],
      ['query($id: String!) { issue(id: $id) { id } }', mine.id, 'Issue'],
      ['query($id: String!) { comment(id: $id) { id } }', comment.id, 'Comment'],
      [UPDATE, mine.id, 'Issue'],
    ]) {
      const { errors: [{ message }] } = await linear.graphql(query, { id });
      assert.equal(message, `Entity not found: ${entity}`);
    }
    await assert.rejects(linear.createIssue(), /Entity not found: Team/);
    assert.equal((await linear.act({ do: 'edit', issue: mine.id, priority: 2 })).issue.priority, 2);
    await linear.act({ do: 'show_team', team: 'TOO' });
    assert.equal((await linear.data(lists)).issues.nodes.length, 1);
  });

  it('change the workflow', async () => {
    await linear.createIssue();
    await linear.act({ do: 'add_state', team: 'TOO', name: 'Paused', type: 'paused' });
    const paused = await linear.act({ do: 'move', issue: 'TOO-1', state: 'paused' });
    assert.equal(paused.issue.state.type, 'paused');
    await linear.act({ do: 'rename_state', team: 'TOO', state: 'Paused', name: 'On hold' });
    assert.equal((await linear.get('issue/TOO-1')).state.name, 'On hold');
    await linear.act({ do: 'remove_state', team: 'TOO', state: 'On hold' });
    assert.equal((await linear.get('issue/TOO-1')).state.name, 'Backlog');
    const duplicate = await linear.act({ do: 'duplicate', issue: 'TOO-1' });
    assert.equal(duplicate.issue.state.type, 'duplicate');
  });

  it('are refused with a reason', async () => {
    await assert.rejects(linear.act({ do: 'dance' }), /must be one of/);
    await assert.rejects(linear.act({ do: 'move', issue: 'TOO-1' }), /needs \\"state\\"/);
    await assert.rejects(linear.act({ do: 'archive', issue: 'TOO-9' }), /Entity not found: Issue/);
    await linear.createIssue();
    await assert.rejects(linear.act({ do: 'move', issue: 'TOO-1', state: 'Gone' }), /no such state/);
    await assert.rejects(linear.act({ do: 'archive', issue: 'TOO-1', as: 'x' }), /no such user/);
  });

  it('and unknown endpoints list the ones that exist', async () => {
    const { status, text } = await request('GET', `${linear.base}/control/nothing`);
    assert.equal(status, 404);
    assert.match(text, /GET state/);
    await assert.rejects(linear.post('settings', { typo: 1 }), /plan_limit/);
    await assert.rejects(linear.post('settings', { timeout_ms: '5' }), /timeout_ms cannot be/);
    assert.equal((await linear.get('requests')).total, 0);
  });

  it('reset during a request breaks neither', async () => {
    await linear.post('webhook', { url: 'http://127.0.0.1:1/', secret: 's' });
    await linear.faults({ kind: 'latency', min: 40, max: 40 }, { kind: 'webhook_first' });
    const slow = linear.createIssue();
    const quick = linear.graphql('{ viewer { id } }');
    await linear.post('reset');
    assert.equal((await slow).identifier, 'TOO-1');
    assert.equal((await quick).status, 200);
    assert.equal((await linear.get('requests')).in_flight, 0);
  });

  it('quiesce times out', async () => {
    await linear.post('webhook', { url: 'http://127.0.0.1:1/', secret: 's' });
    await linear.createIssue();
    const { status } = await request('GET', `${linear.base}/control/quiesce?timeout_ms=50`);
    assert.equal(status, 504);
  });
});

describe('pages', () => {
  let linear;

  before(async () => {
    linear = await startSimulator();
  });
  after(() => linear.stop());
  beforeEach(() => linear.post('reset'));

  const submit = (url, fields, headers = {}) => request('POST', url, {
    type: 'application/x-www-form-urlencoded', headers, body: String(new URLSearchParams(fields)),
  });

  it('show a board and, at the URL that the API gives, the issue', async () => {
    const { url } = await linear.createIssue({ title: 'Printer', description: 'burns' });
    await linear.createComment({ issueId: 'TOO-1', body: 'on it' });
    const board = await request('GET', `${linear.base}/`);
    assert.equal(board.status, 200);
    assert.match(board.text, /Printer/);
    assert.match(board.text, /In Review/);
    const page = await request('GET', url);
    assert.equal(page.status, 200);
    assert.match(page.text, /burns/);
    assert.match(page.text, /on it/);
    assert.equal((await request('GET', `${url}/printer`)).status, 200);
    assert.equal((await request('GET', `${linear.base}/too-good-crm/issue/TOO-9`)).status, 404);
    assert.equal((await request('GET', `${linear.base}/style.css`)).status, 200);
  });

  it('escape everything', async () => {
    const evil = '<script>"&\'</script>';
    const { url } = await linear.createIssue({ title: evil, description: evil });
    await linear.createComment({ issueId: 'TOO-1', body: evil });
    await linear.act({ do: 'attach', issue: 'TOO-1', title: evil, url: 'javascript:alert(1)' });
    for (const page of [await request('GET', url), await request('GET', `${linear.base}/`)]) {
      assert.ok(!page.text.includes('<script'));
      assert.ok(!page.text.includes('href="javascript'));
      assert.match(page.text, /&lt;script&gt;&quot;&amp;&#39;/);
      assert.match(page.headers['content-security-policy'], /default-src 'none'/);
    }
  });

  it('move an issue and comment on it', async () => {
    const { url } = await linear.createIssue();
    const states = await linear.states();
    const moved = await submit(`${url}/move`, {
      state: states.Done.id, as: 'erin@example.com',
      // A browser may know this machine by another name.
    }, { Host: 'linear.test', Origin: 'http://linear.test' });
    assert.equal(moved.status, 303);
    assert.equal(moved.headers.location, new URL(url).pathname);
    await submit(`${url}/comment`, { body: 'first', thread: '', as: 'erin@example.com' });
    const { comments: [{ id }] } = await linear.get('issue/TOO-1');
    await submit(`${url}/comment`, { body: 'second', thread: id, as: 'automation' });
    const issue = await linear.get('issue/TOO-1');
    assert.equal(issue.state.name, 'Done');
    assert.equal(issue.comments[0].user, 'erin@example.com');
    assert.equal(issue.comments[0].children[0].body, 'second');
    assert.equal(issue.comments[0].children[0].user, null);
    assert.match((await request('GET', url)).text, /second/);
  });

  it('refuse forms of other origins, and empty comments', async () => {
    const { url } = await linear.createIssue();
    const foreign = await submit(`${url}/comment`, { body: 'x' }, { Origin: 'http://evil' });
    assert.equal(foreign.status, 403);
    assert.equal((await submit(`${url}/comment`, { body: '' })).status, 400);
    assert.equal((await linear.get('issue/TOO-1')).comments.length, 0);
  });

  it('show archived issues without forms', async () => {
    const { url } = await linear.createIssue();
    await linear.act({ do: 'trash', issue: 'TOO-1' });
    const { text } = await request('GET', url);
    assert.match(text, /in the trash/);
    assert.ok(!text.includes('<form'));
  });
});

describe('the command line', () => {
  const run = (...words) => spawnSync(
    process.execPath,
    [path.join(__dirname, 'simulator.js'), ...words],
    { encoding: 'utf8' },
  );

  it('prints its usage', () => {
    const { status, stdout } = run('--help');
    assert.equal(status, 0);
    assert.match(stdout, /--webhook-secret/);
  });

  it('refuses unknown arguments', () => {
    for (const words of [[], ['--port', 'x'], ['--port'], ['--fast'], ['--port', '-1']]) {
      const { status, stderr } = run(...words);
      assert.equal(status, 2, words.join(' '));
      assert.match(stderr, /usage/);
    }
  });

  it('ends with status 0 on SIGTERM', async () => {
    const linear = await startSimulator();
    assert.deepEqual(await linear.stop('SIGTERM'), { code: 0, signal: null });
  });

  it('says that its port is in use', async () => {
    const linear = await startSimulator();
    const { status, stderr } = run('--port', new URL(linear.base).port);
    assert.equal(status, 1);
    assert.match(stderr, /EADDRINUSE/);
    await linear.stop();
  });
});
