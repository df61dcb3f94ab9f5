'use strict';

// A client that knows nothing but the document does the main job: it finds
// each operation by its id, where it is and what it takes by the document.

const assert = require('node:assert/strict');
const { test, before } = require('node:test');
const { base, load } = require('./document');

const PASSWORD = 'test123456';

let document;
before(async () => { document = await load(); });

// Sends an operation's request made of these values, each to where the
// document wants it; its answer has to fit the document.
async function call(token, id, values = {}) {
  const operation = document.operation(id);
  assert.ok(operation, `the document has no ${id}`);
  const request = place(operation, values);
  if (operation.security.length)
    Object.assign(request.headers, credential(operation, token));
  const answer = await fetch(base + request.path, {
    method: operation.method.toUpperCase(),
    headers: request.headers, body: request.body,
  });
  const body = await answer.text();
  const fault = document.answerFault({
    method: operation.method.toUpperCase(), path: request.path,
    status: answer.status, body, type: answer.headers.get('Content-Type'),
  });
  assert.equal(fault, undefined, `${id}: ${fault}\n${body}`);
  assert.ok(answer.status < 300, `${id}: ${answer.status} ${body}`);
  return body ? JSON.parse(body) : undefined;
}

function place(operation, values) {
  const query = new URLSearchParams();
  const headers = {};
  const rest = { ...values };
  let path = operation.path;

  for (const p of operation.parameters.map((x) => document.resolve(x))) {
    if (!(p.name in rest)) {
      assert.ok(!p.required, `${operation.operationId}: ${p.name}`);
      continue;
    }
    if (p.in === 'path')
      path = path.replace(`{${p.name}}`, rest[p.name]);
    else if (p.in === 'query')
      query.set(p.name, rest[p.name]);
    else
      headers[p.name] = rest[p.name];
    delete rest[p.name];
  }
  const body = placeBody(operation, rest, headers);
  return { path: query.size ? `${path}?${query}` : path, headers, body };
}

function placeBody({ operationId, requestBody }, values, headers) {
  if (!requestBody) {
    assert.deepEqual(values, {}, `${operationId} does not take these`);
    return undefined;
  }
  const [[type, { schema }]] = Object.entries(requestBody.content);
  for (const name of schema.required ?? [])
    assert.ok(name in values, `${operationId} requires ${name}`);
  for (const name of Object.keys(values))
    assert.ok(schema.properties[name], `${operationId} has no ${name}`);
  headers['Content-Type'] = type;
  return JSON.stringify(values);
}

// As the operation's first security scheme says.
function credential(operation, token) {
  const [name] = Object.keys(operation.security[0]);
  const scheme = document.json.components.securitySchemes[name];
  assert.equal(scheme.type, 'apiKey');
  return { [scheme.name]: scheme.description.match(/`([^`]*)`/)[1]
    .replace('<token>', token) };
}

async function login(username) {
  const { token } = await call(undefined, 'login',
    { username, password: PASSWORD });
  return token;
}

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
