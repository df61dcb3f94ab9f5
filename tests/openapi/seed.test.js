'use strict';

// The main use case, by a client that knows only the document.

const assert = require('node:assert/strict');
const { test, before } = require('node:test');
const { open, call, login } = require('./client');

before(open);

test('the main job, from the document alone', async () => {
  const customer = await login('alice');
  const vendor = await login('sahel');
  const [organization] = (await call(customer, 'organization_all'))
    .filter((o) => o.name === 'Demo Company');
  const { issue } = await call(customer, 'issue_raise', {
    organization: organization.id, title: 'The box came empty',
    description: 'Nothing in it.', priority: 'critical',
    category: 'delivery', 'Idempotency-Key': `openapi-${Date.now()}`,
  });
  assert.equal(issue.priority, 'urgent');

  const list = await call(vendor, 'issue_list',
    { status: 'open', search: 'box empty', page_size: 100 });
  assert.ok(list.results.some((i) => i.id === issue.id));

  const { results: staff } = await call(vendor, 'employee_list');
  const assigned = await call(vendor, 'issue_assign',
    { id: issue.id, employee_id: staff[0].id });
  assert.equal(assigned.issue.status, 'in_progress');

  const resolved = await call(vendor, 'issue_resolve',
    { id: issue.id, resolution_notes: 'Another box is on its way.' });
  assert.equal(resolved.previous_status, 'in_progress');
  assert.equal(resolved.issue.status, 'resolved');

  const reopened = await call(vendor, 'issue_reopen',
    { id: issue.id, comment: 'It came empty too.' });
  assert.equal(reopened.issue.status, 'in_progress');

  await call(customer, 'client_comment',
    { id: issue.id, comment: 'Please hurry.' });
  const shown = await call(customer, 'client_issue_show', { id: issue.id });
  assert.deepEqual(shown.comments.map((c) => c.content),
    ['It came empty too.', 'Please hurry.']);
  assert.equal((await call(vendor, 'issue_stats')).total > 0, true);
});
