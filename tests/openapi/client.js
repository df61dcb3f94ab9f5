'use strict';

// A client that knows only the document: it looks up each operation by its id,
// with its path and its inputs.

const assert = require('node:assert/strict');
const { base, load } = require('./document');

const PASSWORD = 'test123456';

let document;

/** Before all else. */
async function open() {
  document = await load();
  return document;
}

// Sends an operation's request with these values, each placed where the document
// says. Fails if the answer does not match the document.
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
  return operation.method !== 'delete' && /json/.test(answer.headers.get('Content-Type')) ? JSON.parse(body) : body;
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

async function login(username, password = PASSWORD) {
  const { token } = await call(undefined, 'login', { username, password });
  return token;
}

module.exports = { open, call, login };
