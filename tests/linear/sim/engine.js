'use strict';

const fs = require('fs');
const path = require('path');
const {
  buildSchema, parse, validate, execute, getOperationAST, getVariableValues, Kind,
} = require('./graphql-js.js');
const errors = require('./errors.js');
const { attachResolvers } = require('./resolvers.js');
const { complexity, LARGEST } = require('./complexity.js');
const { defineScalars } = require('./scalars.js');

/*
 * GraphQL from text to answer. Documents are parsed and validated once and then remembered:
 * clients send the same few for ever, and this is most of what a request costs.
 */

const SCHEMA_FILE = path.join(__dirname, '../schema.graphql');
const REMEMBERED = 500;

class Engine {
  constructor(clock) {
    this.schema = buildSchema(fs.readFileSync(SCHEMA_FILE, 'utf8'));
    defineScalars(this.schema, clock);
    attachResolvers(this.schema);
    this.documents = new Map();
  }

  /** The parsed document with its faults. */
  document(query) {
    let entry = this.documents.get(query);
    if (!entry) {
      entry = this.parse(query);
      if (this.documents.size >= REMEMBERED) {
        this.documents.clear();
      }
      this.documents.set(query, entry);
    }
    return entry;
  }

  parse(query) {
    try {
      const document = parse(query);
      const faults = validate(this.schema, document)
        .map((error) => errors.graphqlFault(error, 'GRAPHQL_VALIDATION_FAILED'));
      return { document, faults };
    } catch (error) {
      return { document: null, faults: [errors.graphqlFault(error, 'GRAPHQL_PARSE_FAILED')] };
    }
  }

  /** The names under which faults and counts know a request: operation, then root fields. */
  names({ query, operationName }) {
    const { document } = typeof query === 'string' ? this.document(query) : { document: null };
    const operation = document && getOperationAST(document, operationName);
    if (!operation) {
      return [];
    }
    const fields = operation.selectionSet.selections
      .filter((selection) => selection.kind === Kind.FIELD)
      .map((field) => field.name.value);
    return [...new Set([operation.name && operation.name.value, ...fields].filter(Boolean))];
  }

  /**
   * All that can be known before anything is done: the operation, its variables, its cost.
   * Throws the list of refusals.
   */
  prepare({ query, variables, operationName }) {
    if (typeof query !== 'string' || query === '') {
      throw [errors.graphqlFault(
        { message: 'GraphQL operations must contain a non-empty `query`.' },
        'BAD_REQUEST',
      )];
    }
    const { document, faults } = this.document(query);
    if (faults.length > 0) {
      throw faults;
    }
    const operation = getOperationAST(document, operationName);
    if (!operation) {
      throw [errors.graphqlFault(
        { message: 'Unknown or missing operation name.' },
        'OPERATION_RESOLUTION_FAILURE',
      )];
    }
    const given = variables || {};
    const coerced = getVariableValues(this.schema, operation.variableDefinitions || [], given);
    if (coerced.errors) {
      throw coerced.errors.map((error) => errors.graphqlFault(error, 'BAD_USER_INPUT'));
    }
    const points = complexity(document, operation, coerced.coerced);
    if (points > LARGEST) {
      throw [errors.tooComplex(points, LARGEST)];
    }
    return { document, operationName, variables: given, points };
  }

  execute(prepared, session) {
    return execute({
      schema: this.schema,
      document: prepared.document,
      operationName: prepared.operationName,
      variableValues: prepared.variables,
      contextValue: session,
    });
  }
}

module.exports = { Engine };
