'use strict';

const errors = require('./errors.js');

/*
 * Connections: a page of rows, newest first by createdAt or updatedAt. A cursor is the id of a
 * row, and a page starts where that row is *now*: a row that moves while a client pages through
 * `orderBy: updatedAt` can be seen twice, as at Linear.
 */

const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 250;

function checkSize(name, size) {
  if (size > LARGEST_PAGE) {
    throw errors.invalidArgument(`${name} must not be greater than ${LARGEST_PAGE}`);
  }
  if (size < 0) {
    throw errors.invalidArgument(`${name} must not be less than 0`);
  }
}

function newestFirst(column) {
  return (a, b) => {
    if (a[column] !== b[column]) {
      return a[column] < b[column] ? 1 : -1;
    }
    return a.id < b.id ? 1 : -1;
  };
}

function position(rows, name, cursor) {
  const at = rows.findIndex((row) => row.id === cursor);
  if (at < 0) {
    throw errors.invalidArgument(`${name} must be a valid cursor`);
  }
  return at;
}

/** The page of these rows that the arguments of a connection ask for. */
function page(rows, {
  first, last, after, before, orderBy = 'createdAt', includeArchived = false,
}) {
  checkSize('first', first);
  checkSize('last', last);
  const visible = includeArchived ? rows.slice() : rows.filter((row) => !row.archivedAt);
  visible.sort(newestFirst(orderBy || 'createdAt'));

  let start = after ? position(visible, 'after', after) + 1 : 0;
  let end = before ? position(visible, 'before', before) : visible.length;
  if (last) {
    start = Math.max(start, end - last);
  } else {
    end = Math.min(end, start + (first === undefined || first === null ? DEFAULT_PAGE : first));
  }
  const nodes = visible.slice(start, Math.max(start, end));
  return {
    nodes,
    edges: nodes.map((node) => ({ node, cursor: node.id })),
    pageInfo: {
      hasNextPage: end < visible.length,
      endCursor: nodes.length ? nodes[nodes.length - 1].id : null,
      hasPreviousPage: start > 0,
      startCursor: nodes.length ? nodes[0].id : null,
    },
  };
}

module.exports = { page, DEFAULT_PAGE };
