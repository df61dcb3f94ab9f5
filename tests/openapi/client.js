'use strict';

// A client that knows only the document: it looks up each operation by its id,
// with its path and its inputs.

const assert = require('node:assert/strict');
const { PASSWORD, request } = require('../lib/index.js');
const { load } = require('./document');

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
  const { path, headers, body } = place(operation, values);
  const method = operation.method.toUpperCase();
  if (operation.security.length)
    Object.assign(headers, credential(operation, token));
  const answer = await request(method, path, { headers, body });
  const type = answer.headers['content-type'];
  const fault = document.answerFault({ method, path, status: answer.status, body: answer.text, type });
  assert.equal(fault, undefined, `${id}: ${fault}\n${answer.text}`);
  assert.ok(answer.status >= 200 && answer.status < 300, `${id}: ${answer.status} ${answer.text}`);
  return operation.method !== 'delete' && /json/.test(type) ? answer.body : answer.text;
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
