'use strict';

const errors = require('./errors.js');
const issues = require('./issues.js');
const { randomUuid } = require('./uuid.js');
const { given, requireNewId, requireText } = require('./arguments.js');

/* Customers and their requests, a feature that not every plan of Linear's has. */

function requireFeature(tx) {
  if (!tx.settings.customers) {
    throw errors.featureNotAccessible('Customer requests');
  }
}

function findExisting(tx, input) {
  return tx.store.all('customers').find((customer) => (
    customer.id === input.id
    || (given(input.externalId) && customer.externalIds.includes(input.externalId))
    || (input.domains || []).some((domain) => customer.domains.includes(domain))
  ));
}

function upsert(tx, input) {
  requireFeature(tx);
  requireNewId(input.id);
  const before = findExisting(tx, input);
  if (!before) {
    requireText('name', input.name);
  }
  const external = given(input.externalId) ? [input.externalId] : [];
  const id = before ? before.id : (given(input.id) && input.id.toLowerCase()) || randomUuid();
  return tx.put('customers', id, {
    name: given(input.name) ? input.name.trim() : before.name,
    domains: given(input.domains) ? input.domains : (before && before.domains) || [],
    externalIds: [...new Set(((before && before.externalIds) || []).concat(external))],
    createdAt: before ? before.createdAt : tx.now,
    updatedAt: tx.now,
    archivedAt: null,
  });
}

function createNeed(tx, input) {
  requireFeature(tx);
  requireNewId(input.id);
  if (given(input.id) && tx.get('needs', input.id.toLowerCase())) {
    tx.workspace.noteConflict('CustomerNeed', input.id);
    throw errors.conflict('CustomerNeed', input.id, tx.settings);
  }
  if (!given(input.issueId)) {
    throw errors.invalidArgument('issueId should not be empty');
  }
  const issue = issues.find(tx, input.issueId);
  const customer = tx.store.all('customers').find((row) => (
    row.id === input.customerId || row.externalIds.includes(input.customerExternalId)
  ));
  if (!customer) {
    throw errors.notFound('Customer');
  }
  return tx.put('needs', given(input.id) ? input.id.toLowerCase() : randomUuid(), {
    issueId: issue.id,
    customerId: customer.id,
    body: input.body || null,
    priority: input.priority || 0,
    createdAt: tx.now,
    updatedAt: tx.now,
    archivedAt: null,
  });
}

module.exports = { upsert, createNeed };
