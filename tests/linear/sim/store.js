'use strict';

/*
 * All that the workspace holds: tables of rows by id, in memory, with a journal behind them when
 * the simulator was given a state file. Rows are plain objects that nobody changes in place: a
 * commit replaces them, so a row once read stays as it was.
 *
 * A change is [table, id, fields]: the fields are merged into the row, which is made when it is
 * missing; fields of null remove the row.
 */

/** The tables, and the columns by which rows are looked up. */
const TABLES = {
  settings: [],
  users: [],
  teams: [],
  states: ['teamId'],
  labels: ['teamId'],
  issues: ['teamId', 'stateId'],
  comments: ['issueId', 'parentId'],
  attachments: ['issueId', 'url'],
  customers: [],
  needs: ['issueId'],
  files: ['path'],
  webhooks: [],
  deliveries: [],
};

class Store {
  constructor(journal = null) {
    this.journal = journal;
    this.clear();
  }

  clear() {
    /** Counts commits; Linear's `lastSyncId`. */
    this.sequence = 0;
    this.tables = {};
    this.indexes = {};
    for (const [table, columns] of Object.entries(TABLES)) {
      this.tables[table] = new Map();
      this.indexes[table] = Object.fromEntries(columns.map((column) => [column, new Map()]));
    }
    /** Identifier, present or previous, to issue id. */
    this.identifiers = new Map();
  }

  get(table, id) {
    return this.tables[table].get(id);
  }

  /** Every row of a table, oldest first. */
  all(table) {
    return [...this.tables[table].values()];
  }

  /** The rows whose column has that value, oldest first. */
  by(table, column, value) {
    const ids = this.indexes[table][column].get(value);
    return ids ? [...ids].map((id) => this.tables[table].get(id)) : [];
  }

  /** Journals the changes, then makes them; the order is what makes a kill harmless. */
  commit(changes) {
    if (changes.length === 0) {
      return;
    }
    this.sequence += 1;
    if (this.journal) {
      this.journal.append({ sequence: this.sequence, changes });
    }
    changes.forEach((change) => this.apply(change));
  }

  apply([table, id, fields]) {
    const before = this.tables[table].get(id);
    if (before) {
      this.unindex(table, before);
    }
    if (fields === null) {
      this.tables[table].delete(id);
      return;
    }
    const row = { ...before, id, ...fields };
    this.tables[table].set(id, row);
    this.index(table, row);
  }

  index(table, row) {
    for (const [column, index] of Object.entries(this.indexes[table])) {
      const value = row[column];
      if (!index.has(value)) {
        index.set(value, new Set());
      }
      index.get(value).add(row.id);
    }
    if (table === 'issues') {
      [row.identifier, ...row.previousIdentifiers].forEach((name) => {
        this.identifiers.set(name, row.id);
      });
    }
  }

  unindex(table, row) {
    for (const [column, index] of Object.entries(this.indexes[table])) {
      const ids = index.get(row[column]);
      ids.delete(row.id);
      if (ids.size === 0) {
        index.delete(row[column]);
      }
    }
    if (table === 'issues') {
      [row.identifier, ...row.previousIdentifiers].forEach((name) => {
        this.identifiers.delete(name);
      });
    }
  }

  /** Reads the journal back. Answers false when there was nothing to read. */
  load() {
    const entries = this.journal ? this.journal.read() : [];
    for (const { sequence, changes } of entries) {
      this.sequence = sequence;
      changes.forEach((change) => this.apply(change));
    }
    return entries.length > 0;
  }

  /** Replaces the journal by one entry that makes the present rows. */
  compact() {
    if (!this.journal) {
      return;
    }
    const changes = Object.keys(TABLES).flatMap(
      (table) => this.all(table).map((row) => [table, row.id, row]),
    );
    this.journal.restart({ sequence: this.sequence, changes });
  }
}

module.exports = { Store };
