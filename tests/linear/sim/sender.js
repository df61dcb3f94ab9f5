'use strict';

const crypto = require('crypto');
const http = require('http');
const https = require('https');
const { randomUuid } = require('./uuid.js');

/*
 * Delivers webhooks, in Linear's way: five seconds for an answer of exactly 200, three retries,
 * and a webhook that keeps failing is disabled. Faults bend each of these on request.
 *
 * A delivery is stored with the change that it tells of, and stays `pending` until it is
 * `delivered`, `failed` (retries used up), `lost` (by a fault) or `dropped` (webhook disabled).
 * Pending ones go out again after a restart.
 */

/** Deliveries on their way at once; the others wait their turn. */
const CONCURRENCY = 32;

/** Finished deliveries that are kept to be looked at. */
const KEEP_FINISHED = 10000;

/** A reordered delivery waits for the next one to overtake it, but not for ever. */
const OVERTAKE_MS = 1000;

/** Failures that a webhook remembers. */
const KEEP_FAILURES = 50;

const sign = (secret, body) => crypto.createHmac('sha256', secret).update(body).digest('hex');

class Sender {
  constructor(workspace, faults) {
    this.workspace = workspace;
    this.faults = faults;
    /** Distinguishes what was begun before a reset, whose outcome no longer matters. */
    this.generation = 0;
    this.timers = new Set();
    /** Sends that wait for a free place, and how many are under way. */
    this.queue = [];
    this.underWay = 0;
    /** Deliveries held back until another one has overtaken them, each with its timer. */
    this.held = new Map();
    /** Deliveries that are over, oldest first. */
    this.finished = [];
  }

  get store() {
    return this.workspace.store;
  }

  /** Forgets everything that is under way. */
  reset() {
    this.generation += 1;
    this.timers.forEach(clearTimeout);
    this.timers.clear();
    this.queue.splice(0).forEach((proceed) => proceed());
    this.underWay = 0;
    this.held.clear();
    this.finished = [];
  }

  /** Takes up what an earlier run of the simulator left unfinished. */
  resume() {
    for (const delivery of this.store.all('deliveries')) {
      if (delivery.status === 'pending') {
        this.later(delivery.nextAt - this.workspace.clock.now(), () => this.send(delivery.id));
      } else {
        this.finished.push(delivery.id);
      }
    }
  }

  /** How many deliveries, copies of arrived ones included, are still to be sent. */
  get pending() {
    const stored = this.store.all('deliveries').filter(({ status }) => status === 'pending');
    return Math.max(stored.length, this.timers.size + this.queue.length + this.underWay);
  }

  later(ms, work) {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      work();
    }, Math.max(0, ms));
    this.timers.add(timer);
    return timer;
  }

  cancel(timer) {
    clearTimeout(timer);
    this.timers.delete(timer);
  }

  /**
   * Lets deliveries go, each with the faults that strike it. Resolves when all of them have been
   * tried once, for those who want a webhook to be there before their own answer.
   */
  async release(ids) {
    await Promise.all(ids.map((id) => this.releaseOne(id)));
  }

  async releaseOne(id) {
    const delivery = this.store.get('deliveries', id);
    if (!delivery) {
      // A reset came between the change and the end of its answer.
      return;
    }
    if (!this.isWanted(delivery)) {
      this.finish(id, 'dropped');
      return;
    }
    const names = [delivery.type, `${delivery.type}.${delivery.action}`];
    const strike = (kind) => this.faults.strike(kind, names);

    if (strike('webhook_lost')) {
      this.finish(id, 'lost');
      return;
    }
    const delayed = strike('webhook_delayed');
    if (delayed) {
      this.faults.hold(delayed, delayed.ms).then(() => this.send(id));
      return;
    }
    if (strike('webhook_reordered')) {
      this.held.set(id, this.later(OVERTAKE_MS, () => this.letGo(id)));
      return;
    }
    const copies = ['webhook_duplicated', 'webhook_replayed_old', 'webhook_replayed_new']
      .map(strike).filter(Boolean);
    await this.send(id, {
      stale: strike('webhook_stale'),
      previousSecret: strike('webhook_previous_secret'),
      wrongSecret: strike('webhook_wrong_secret'),
    });
    copies.forEach((copy) => this.later(copy.ms, () => this.send(id, {
      copy: true,
      newTimestamp: copy.kind === 'webhook_replayed_new',
    })));
    [...this.held.keys()].forEach((held) => this.letGo(held));
  }

  /** Whether the webhook is there and enabled. */
  isWanted({ webhookId }) {
    const webhook = this.store.get('webhooks', webhookId);
    return Boolean(webhook) && webhook.enabled;
  }

  letGo(id) {
    this.cancel(this.held.get(id));
    this.held.delete(id);
    this.send(id);
  }

  /** Waits for a free place, then makes one attempt. */
  async send(id, faults = {}) {
    const { generation } = this;
    if (this.underWay >= CONCURRENCY) {
      await new Promise((resolve) => {
        this.queue.push(resolve);
      });
    }
    if (generation !== this.generation) {
      return;
    }
    this.underWay += 1;
    const outcome = await this.attempt(id, faults);
    if (generation !== this.generation) {
      return;
    }
    this.underWay -= 1;
    if (this.queue.length > 0) {
      this.queue.shift()();
    }
    if (outcome) {
      this.record(id, outcome, faults);
    }
  }

  /** One POST. Answers what came of it, or null when there is nobody to send to any more. */
  async attempt(id, faults) {
    const delivery = this.store.get('deliveries', id);
    if (!delivery) {
      return null;
    }
    if (!this.isWanted(delivery)) {
      if (!faults.copy) {
        this.finish(id, 'dropped');
      }
      return null;
    }
    const webhook = this.store.get('webhooks', delivery.webhookId);
    const timestamp = this.timestamp(delivery, faults);
    const body = Buffer.from(JSON.stringify({ ...delivery.body, webhookTimestamp: timestamp }));
    const headers = {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': body.length,
      'User-Agent': 'Linear-Webhook',
      'Linear-Delivery': delivery.id,
      'Linear-Event': delivery.type,
      'Linear-Signature': sign(secretFor(webhook, faults), body),
      'Linear-Timestamp': String(timestamp),
    };
    const at = this.workspace.clock.iso();
    const result = await post(webhook.url, headers, body, this.workspace.settings.timeout_ms);
    return { at, timestamp, ...result };
  }

  /** The moment that a delivery claims to be sent at: signed, and maybe not the true one. */
  timestamp(delivery, { stale, copy, newTimestamp }) {
    const now = this.workspace.clock.now();
    const [first] = delivery.attempts;
    const keep = copy ? !newTimestamp : this.workspace.settings.retry_timestamp === 'old';
    if (first && keep) {
      return first.timestamp;
    }
    return stale ? now - stale.age_ms : now;
  }

  /** Notes the outcome of an attempt, and what follows from it. */
  record(id, outcome, { copy }) {
    const delivery = this.store.get('deliveries', id);
    const webhook = delivery && this.store.get('webhooks', delivery.webhookId);
    if (!delivery) {
      return;
    }
    const attempts = [...delivery.attempts, copy ? { ...outcome, copy: true } : outcome];
    if (copy) {
      this.store.commit([['deliveries', id, { attempts }]]);
    } else if (outcome.status === 200) {
      this.finish(id, 'delivered', { attempts });
      if (webhook && webhook.failuresInRow > 0) {
        this.store.commit([['webhooks', webhook.id, { failuresInRow: 0 }]]);
      }
    } else {
      this.retry(delivery, attempts);
      if (webhook) {
        this.noteFailure(webhook, delivery, outcome);
      }
    }
  }

  retry(delivery, attempts) {
    const waits = this.workspace.settings.retries_ms;
    const failures = attempts.filter((attempt) => !attempt.copy).length;
    if (failures > waits.length) {
      this.finish(delivery.id, 'failed', { attempts });
      return;
    }
    const wait = waits[failures - 1];
    const nextAt = this.workspace.clock.now() + wait;
    this.store.commit([['deliveries', delivery.id, { attempts, nextAt }]]);
    this.later(wait, () => this.send(delivery.id));
  }

  noteFailure(webhook, delivery, outcome) {
    const failuresInRow = webhook.failuresInRow + 1;
    const limit = this.workspace.settings.disable_after;
    const failure = {
      id: randomUuid(),
      url: webhook.url,
      executionId: delivery.id,
      httpStatus: outcome.status || null,
      responseOrError: outcome.error || null,
      createdAt: outcome.at,
    };
    this.store.commit([['webhooks', webhook.id, {
      failuresInRow,
      failures: [...webhook.failures, failure].slice(-KEEP_FAILURES),
      enabled: limit === null || failuresInRow < limit,
    }]]);
  }

  finish(id, status, fields = {}) {
    this.finished.push(id);
    const surplus = this.finished.splice(0, Math.max(0, this.finished.length - KEEP_FINISHED));
    this.store.commit([
      ['deliveries', id, { ...fields, status }],
      ...surplus.map((old) => ['deliveries', old, null]),
    ]);
  }
}

function secretFor(webhook, { previousSecret, wrongSecret }) {
  if (wrongSecret) {
    return 'not the secret of this webhook';
  }
  return (previousSecret && webhook.previousSecret) || webhook.secret;
}

/** Resolves to {status} or {error}; never rejects. */
function post(url, headers, body, timeout) {
  return new Promise((resolve) => {
    const client = url.startsWith('https:') ? https : http;
    const request = client.request(url, { method: 'POST', headers, agent: false }, (response) => {
      clearTimeout(timer);
      response.resume();
      resolve({ status: response.statusCode });
    });
    const timer = setTimeout(() => {
      request.destroy(new Error(`no answer within ${timeout} ms`));
    }, timeout);
    request.on('error', (error) => {
      clearTimeout(timer);
      resolve({ error: error.message });
    });
    request.end(body);
  });
}

module.exports = { Sender };
