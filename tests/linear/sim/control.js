'use strict';

const files = require('./files.js');
const issues = require('./issues.js');
const { SETTINGS } = require('./seed.js');
const { HttpError, readJson, sendJson, sleep } = require('./http.js');
const { act } = require('./act.js');

/*
 * /control/…: how a test, or a curious person, looks behind the API and steers what happens
 * there. JSON in and out; only from this machine.
 */

const QUIESCE_TIMEOUT_MS = 30000;
const QUIESCE_POLL_MS = 5;

/** A row as tests like it: names and URLs beside the ids. */
class View {
  constructor(workspace) {
    this.store = workspace.store;
    this.urls = workspace.urls;
  }

  email(id) {
    const user = id && this.store.get('users', id);
    return user ? user.email : null;
  }

  comment(row) {
    return {
      ...row,
      user: this.email(row.userId),
      children: this.store.by('comments', 'parentId', row.id).map((child) => this.comment(child)),
    };
  }

  /** An issue with its threads and attachments. */
  issue(row) {
    const { name, type } = this.store.get('states', row.stateId);
    return {
      ...row,
      url: this.urls.issue(row),
      team: this.store.get('teams', row.teamId).key,
      state: { id: row.stateId, name, type },
      assignee: this.email(row.assigneeId),
      creator: this.email(row.creatorId),
      comments: this.store.by('comments', 'issueId', row.id)
        .filter((comment) => !comment.parentId)
        .map((comment) => this.comment(comment)),
      attachments: this.store.by('attachments', 'issueId', row.id),
    };
  }
}

/** Whether a setting may have that value; those that are null at first take a number. */
function fits(value, initial) {
  if (initial === null) {
    return value === null || Number.isInteger(value);
  }
  return Array.isArray(initial)
    ? Array.isArray(value) && value.every(Number.isFinite)
    : typeof value === typeof initial;
}

class Control {
  constructor(simulator) {
    Object.assign(this, simulator);
    this.routes = {
      'GET state': () => this.state(),
      'GET issue': (fields, id) => this.issue(id),
      'GET requests': () => this.requests(),
      'GET files': () => this.listFiles(),
      'GET faults': () => this.faults.describe(),
      'POST faults': (fields) => this.setFaults(fields),
      'POST act': (fields) => this.act(fields),
      'POST settings': (fields) => this.setSettings(fields),
      'POST clock': (fields) => this.setClock(fields),
      'POST webhook': (fields) => this.setWebhook(fields),
      'POST rate': (fields) => this.setRate(fields),
      'POST key': (fields) => this.setKey(fields),
      'POST reset': () => this.reset(),
      'GET quiesce': (fields, id, query) => this.quiesce(query),
    };
  }

  async handle(request, response, url) {
    const [name, id] = url.pathname.slice('/control/'.length).split('/').map(decodeURIComponent);
    const route = this.routes[`${request.method} ${name}`];
    try {
      if (!route) {
        throw new HttpError(404, `there are: ${Object.keys(this.routes).join(', ')}`);
      }
      const fields = request.method === 'POST' ? await readJson(request) : {};
      sendJson(response, 200, await route(fields, id, url.searchParams));
    } catch (error) {
      // What is no HttpError is a refusal of Linear's or a wrong field; both are the caller's.
      sendJson(response, error.status || 400, { error: error.message, ...error.extensions });
    }
  }

  state() {
    const { store, viewer } = this.workspace;
    const view = new View(this.workspace);
    return {
      viewer: viewer.email,
      key: this.api.key,
      issues: store.all('issues').map((row) => view.issue(row)),
      teams: store.all('teams').map((team) => ({
        ...team,
        states: store.by('states', 'teamId', team.id),
      })),
      users: store.all('users'),
      labels: store.all('labels'),
      customers: store.all('customers'),
      needs: store.all('needs'),
      webhooks: store.all('webhooks'),
      deliveries: store.all('deliveries'),
      pending: this.sender.pending,
      requests: this.api.counts,
      conflicts: this.workspace.conflicts,
      faults: this.faults.describe(),
      settings: this.workspace.settings,
      clock: { now: this.workspace.clock.iso(), offset_ms: this.workspace.clock.offset },
    };
  }

  /** The small part of the state that a test may want to ask for often. */
  requests() {
    return {
      ...this.api.counts,
      conflicts: this.workspace.conflicts,
      pending: this.sender.pending,
    };
  }

  /** Uploaded files with the number of their references, and which host saw the key. */
  listFiles() {
    return { files: files.list(this.workspace), seen: this.fileHosts.seen, base: this.urls.files };
  }

  issue(id) {
    const row = issues.find(this.workspace.reader(), id);
    return new View(this.workspace).issue(row);
  }

  setFaults(fields) {
    this.faults.set(fields);
    return this.faults.describe();
  }

  /** Answers when the deed is done; its webhooks are on their way then. */
  act(fields) {
    const { row, deliveries } = act(this.workspace, fields);
    this.sender.release(deliveries);
    const issue = this.workspace.store.get('issues', row.issueId || row.id);
    return { row, ...(issue ? { issue: new View(this.workspace).issue(issue) } : {}) };
  }

  setSettings(fields) {
    Object.entries(fields).forEach(([name, value]) => {
      if (!(name in SETTINGS)) {
        throw new HttpError(400, `there are: ${Object.keys(SETTINGS).join(', ')}`);
      }
      if (!fits(value, SETTINGS[name])) {
        throw new HttpError(400, `${name} cannot be ${JSON.stringify(value)}`);
      }
    });
    this.workspace.store.commit([['settings', 'workspace', fields]]);
    return this.workspace.settings;
  }

  setClock({ offset_ms: offset, retry_scale: scale }) {
    if (offset !== undefined) {
      this.workspace.clock.offset = Number(offset);
    }
    if (scale !== undefined) {
      this.setSettings({ retries_ms: SETTINGS.retries_ms.map((wait) => wait * scale) });
    }
    return { now: this.workspace.clock.iso(), retries_ms: this.workspace.settings.retries_ms };
  }

  setWebhook(fields) {
    if (fields.url === undefined && this.workspace.store.all('webhooks').length === 0) {
      throw new HttpError(400, 'the webhook needs a "url"');
    }
    return this.workspace.setWebhook(fields);
  }

  setRate(fields) {
    this.limiter.set(fields);
    return this.limiter.status(this.workspace.clock.now());
  }

  /** Rotates the API key: the old one is refused from now on. */
  setKey({ key }) {
    if (typeof key !== 'string' || key === '') {
      throw new HttpError(400, 'the "key" must be some text');
    }
    this.api.key = key;
    return { key };
  }

  reset() {
    this.sender.reset();
    this.faults.set({ rules: [] });
    this.limiter.reset();
    this.workspace.clock.offset = 0;
    this.workspace.reset();
    this.api.key = this.api.initialKey;
    this.api.resetCounts();
    this.fileHosts.reset();
    return { ok: true };
  }

  /** Waits until no request is being answered and no webhook is still to be sent. */
  async quiesce(query) {
    const deadline = Date.now() + Number(query.get('timeout_ms') || QUIESCE_TIMEOUT_MS);
    for (;;) {
      const { pending } = this.sender;
      if (pending === 0 && this.api.counts.in_flight === 0) {
        return { pending: 0 };
      }
      if (Date.now() >= deadline) {
        throw new HttpError(504, `${pending} deliveries are still pending`);
      }
      await sleep(QUIESCE_POLL_MS);
    }
  }
}

module.exports = { Control };
