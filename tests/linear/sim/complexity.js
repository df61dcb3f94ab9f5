'use strict';

const { Kind } = require('./graphql-js.js');
const { DEFAULT_PAGE } = require('./paging.js');

/*
 * What a document costs, by Linear's published rule: 0.1 for a property, 1 for an object, and
 * the children of a connection times the size of its page; rounded up.
 */

const LARGEST = 10000;

const isConnection = (field) => field.selectionSet.selections.some(
  (child) => child.kind === Kind.FIELD && ['nodes', 'edges'].includes(child.name.value),
);

function pageSize(field, variables) {
  const argument = field.arguments.find(({ name }) => ['first', 'last'].includes(name.value));
  if (!argument) {
    return DEFAULT_PAGE;
  }
  const { value } = argument;
  const size = value.kind === Kind.VARIABLE ? variables[value.name.value] : Number(value.value);
  return Number.isFinite(size) ? size : DEFAULT_PAGE;
}

function selectionCost(selectionSet, fragments, variables) {
  return selectionSet.selections
    .map((selection) => {
      if (selection.kind === Kind.FIELD) {
        return fieldCost(selection, fragments, variables);
      }
      const inner = selection.kind === Kind.FRAGMENT_SPREAD
        ? fragments[selection.name.value]
        : selection;
      return selectionCost(inner.selectionSet, fragments, variables);
    })
    .reduce((sum, cost) => sum + cost, 0);
}

function fieldCost(field, fragments, variables) {
  if (!field.selectionSet) {
    return 0.1;
  }
  const children = selectionCost(field.selectionSet, fragments, variables);
  return 1 + (isConnection(field) ? children * pageSize(field, variables) : children);
}

/** The points of one operation of a document that is valid, which rules out endless fragments. */
function complexity(document, operation, variables) {
  const fragments = Object.fromEntries(document.definitions
    .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
    .map((definition) => [definition.name.value, definition]));
  return Math.ceil(selectionCost(operation.selectionSet, fragments, variables));
}

module.exports = { complexity, LARGEST };
