'use strict';

const { isUuid } = require('./uuid.js');

/*
 * Filters, as Linear's queries take them: a tree of `and`, `or`, comparators on properties and
 * filters on related rows. GraphQL has checked the shape; here it is only evaluated.
 */

const fold = (text) => String(text).toLowerCase();

/** Each comparator: whether value `a` of a row passes against the operand `b`. */
const COMPARATORS = {
  eq: (a, b) => a === b,
  neq: (a, b) => a !== b,
  in: (a, b) => b.includes(a),
  nin: (a, b) => !b.includes(a),
  lt: (a, b) => a !== null && a < b,
  lte: (a, b) => a !== null && a <= b,
  gt: (a, b) => a !== null && a > b,
  gte: (a, b) => a !== null && a >= b,
  null: (a, b) => (a === null) === b,
  eqIgnoreCase: (a, b) => fold(a) === fold(b),
  neqIgnoreCase: (a, b) => fold(a) !== fold(b),
  startsWith: (a, b) => a !== null && a.startsWith(b),
  startsWithIgnoreCase: (a, b) => a !== null && fold(a).startsWith(fold(b)),
  notStartsWith: (a, b) => a === null || !a.startsWith(b),
  endsWith: (a, b) => a !== null && a.endsWith(b),
  notEndsWith: (a, b) => a === null || !a.endsWith(b),
  contains: (a, b) => a !== null && a.includes(b),
  containsIgnoreCase: (a, b) => a !== null && fold(a).includes(fold(b)),
  notContains: (a, b) => a === null || !a.includes(b),
  notContainsIgnoreCase: (a, b) => a === null || !fold(a).includes(fold(b)),
};

/** A property of a row that is another row: from which table, by which column. */
const one = (table, column) => ({ table, one: (store, row) => store.get(table, row[column]) });

/** A property of a row that is a collection of rows. */
const many = (table, rows) => ({ table, many: rows });

const RELATIONS = {
  states: { team: one('teams', 'teamId') },
  labels: { team: one('teams', 'teamId') },
  issues: {
    team: one('teams', 'teamId'),
    state: one('states', 'stateId'),
    assignee: one('users', 'assigneeId'),
    creator: one('users', 'creatorId'),
    parent: one('issues', 'parentId'),
    labels: many('labels', (store, row) => row.labelIds.map((id) => store.get('labels', id))),
    comments: many('comments', (store, row) => store.by('comments', 'issueId', row.id)),
    attachments: many('attachments', (store, row) => store.by('attachments', 'issueId', row.id)),
  },
  comments: {
    issue: one('issues', 'issueId'),
    parent: one('comments', 'parentId'),
    user: one('users', 'userId'),
  },
};

class Filter {
  constructor(store, viewerId) {
    this.store = store;
    this.viewerId = viewerId;
  }

  /** Whether a row (undefined where a relation leads nowhere) passes the filter. */
  matches(table, row, filter) {
    return Object.entries(filter).every(([key, condition]) => {
      if (condition === null) {
        return true;
      }
      switch (key) {
        case 'and': return condition.every((part) => this.matches(table, row, part));
        case 'or': return condition.some((part) => this.matches(table, row, part));
        case 'null': return (row === undefined) === condition;
        default: return row !== undefined && this.property(table, row, key, condition);
      }
    });
  }

  property(table, row, key, condition) {
    const relation = (RELATIONS[table] || {})[key];
    if (!relation) {
      return this.compare(table, row, key, condition);
    }
    return relation.one
      ? this.matches(relation.table, relation.one(this.store, row), condition)
      : this.collection(relation.table, relation.many(this.store, row), condition);
  }

  collection(table, rows, filter) {
    return Object.entries(filter).every(([key, condition]) => {
      switch (key) {
        case 'and': return condition.every((part) => this.collection(table, rows, part));
        case 'or': return condition.some((part) => this.collection(table, rows, part));
        case 'some': return rows.some((row) => this.matches(table, row, condition));
        case 'every': return rows.every((row) => this.matches(table, row, condition));
        case 'length': return passes(rows.length, condition);
        default: return rows.some((row) => this.matches(table, row, { [key]: condition }));
      }
    });
  }

  compare(table, row, key, condition) {
    if (key === 'isMe') {
      return passes(row.id === this.viewerId, condition);
    }
    if (key === 'id') {
      return passes(row.id, this.idOperands(table, condition));
    }
    return passes(row[key], condition);
  }

  /** Ids compare without case; those of issues may be given as identifiers too. */
  idOperands(table, condition) {
    const resolve = (id) => {
      if (table === 'issues' && !isUuid(id)) {
        return this.store.identifiers.get(id.toUpperCase()) || id;
      }
      return id.toLowerCase();
    };
    return Object.fromEntries(Object.entries(condition).map(
      ([operator, operand]) => [
        operator,
        Array.isArray(operand) ? operand.map(resolve) : operand && resolve(operand),
      ],
    ));
  }
}

function passes(value, condition) {
  return Object.entries(condition).every(
    ([operator, operand]) => COMPARATORS[operator](value, operand),
  );
}

module.exports = { Filter };
