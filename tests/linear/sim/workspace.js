'use strict';

const webhookAdmin = require('./webhook-admin.js');
const { PayloadBuilder } = require('./payload.js');
const { Transaction } = require('./transaction.js');
const { randomUuid } = require('./uuid.js');
const {
  seed, VIEWER_ID, DEFAULT_HUMAN, BOT, EXTERNAL,
} = require('./seed.js');

/** Who may act without being a user. */
const STRANGERS = { automation: null, bot: BOT, external: EXTERNAL };

/*
 * The workspace: what is stored, who changes it, and which webhooks tell of it. All changes,
 * from the API, from people and from automations, pass through transact().
 */
class Workspace {
  /** `webhook` is the one that the command line asked for, or null. */
  constructor({
    store, bytes, clock, urls, webhook,
  }) {
    this.store = store;
    this.bytes = bytes;
    this.clock = clock;
    this.urls = urls;
    this.webhook = webhook;
    /** Ids that somebody tried to insert twice, for tests to look at. */
    this.conflicts = [];
  }

  /** Reads what the state file holds, or begins anew. */
  open() {
    if (!this.store.load()) {
      this.plant();
    }
    this.store.compact();
    if (this.webhook) {
      this.setWebhook(this.webhook);
    }
  }

  /** Back to how a first start is. */
  reset() {
    this.store.clear();
    this.bytes.clear();
    this.conflicts = [];
    this.plant();
    this.store.compact();
    if (this.webhook) {
      this.setWebhook(this.webhook);
    }
  }

  plant() {
    seed(this.clock.iso()).forEach((change) => this.store.apply(change));
  }

  setWebhook(config) {
    return this.transact({ actor: null, deliveries: [] }, (tx) => (
      webhookAdmin.setDefault(tx, config)
    ));
  }

  get settings() {
    return this.store.get('settings', 'workspace');
  }

  get viewer() {
    return this.store.get('users', VIEWER_ID);
  }

  /** A user by id or e-mail address; the default is who acts when a test names nobody. */
  user(name = DEFAULT_HUMAN) {
    const user = this.store.all('users').find(({ id, email }) => id === name || email === name);
    if (!user) {
      throw new Error(`no such user: ${name}`);
    }
    return user;
  }

  noteConflict(entity, id) {
    this.conflicts.push({ entity, id, at: this.clock.iso() });
  }

  /** The actor: a user (by default Ann), or somebody who is not a user. */
  actor(name) {
    return name in STRANGERS ? STRANGERS[name] : this.user(name);
  }

  /** A transaction for looking things up, never committed. */
  reader(actor = null) {
    return new Transaction(this, actor);
  }

  /**
   * Does one piece of work and commits all of it, or nothing when it throws. The deliveries that
   * follow are left in the session, for the sender to release when their time has come.
   */
  transact(session, work) {
    const tx = new Transaction(this, session.actor);
    const result = work(tx);
    const deliveries = tx.events.flatMap((event) => this.planDeliveries(tx, event));
    this.store.commit(tx.changes.concat(
      deliveries.map((delivery) => ['deliveries', delivery.id, delivery]),
    ));
    session.deliveries.push(...deliveries.map(({ id }) => id));
    return result;
  }

  /**
   * One delivery for each webhook that wants to hear of the event; a disabled one's are dropped
   * when they should go out. Of a private team only its own webhooks hear.
   */
  planDeliveries(tx, event) {
    const payloads = new PayloadBuilder(tx, this.urls);
    const team = teamOf(tx, event);
    return this.store.all('webhooks')
      .filter((webhook) => webhook.resourceTypes.includes(event.type)
        && (webhook.teamId === team.id || (webhook.allPublicTeams && !team.private)))
      .map((webhook) => ({
        id: randomUuid(),
        webhookId: webhook.id,
        type: event.type,
        action: event.action,
        entityId: event.row.id,
        body: payloads.build(event, webhook.id),
        status: 'pending',
        attempts: [],
        nextAt: tx.time,
        createdAt: tx.now,
      }));
  }
}

function teamOf(tx, { type, row }) {
  return tx.get('teams', type === 'Issue' ? row.teamId : tx.get('issues', row.issueId).teamId);
}

module.exports = { Workspace };
