'use strict';

const { Access } = require('./access.js');

/*
 * One change of the workspace, by one actor, at one moment. It collects writes and events; the
 * workspace commits them together at the end, or none of them when a refusal is thrown before.
 */
class Transaction {
  constructor(workspace, actor) {
    this.workspace = workspace;
    this.store = workspace.store;
    this.settings = workspace.settings;
    /** Who does it: a user, a bot, somebody from outside; null for an automation of Linear's. */
    this.actor = actor;
    this.access = new Access(this.store, actor);
    this.time = workspace.clock.now();
    this.now = new Date(this.time).toISOString();
    this.changes = [];
    this.events = [];
    /** Rows as this transaction would leave them, by table and id. */
    this.pending = new Map();
  }

  /** The id of the user who does it, if it is one. */
  get userId() {
    return this.actor && this.store.get('users', this.actor.id) ? this.actor.id : null;
  }

  sees(table, row) {
    return this.access.sees(table, row);
  }

  /** A row, with what this transaction did to it. */
  get(table, id) {
    const key = `${table} ${id}`;
    return this.pending.has(key) ? this.pending.get(key) : this.store.get(table, id);
  }

  put(table, id, fields) {
    const row = { ...this.get(table, id), id, ...fields };
    this.pending.set(`${table} ${id}`, row);
    this.changes.push([table, id, fields]);
    return row;
  }

  remove(table, id) {
    this.pending.set(`${table} ${id}`, undefined);
    this.changes.push([table, id, null]);
  }

  /** Notes what webhooks will tell: `type` is Issue, Comment, …; `before` only for updates. */
  emit(type, action, row, before = null) {
    this.events.push({ type, action, row, before });
  }
}

module.exports = { Transaction };
