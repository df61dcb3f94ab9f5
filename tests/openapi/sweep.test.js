'use strict';

// Calls every operation of the document as each kind of user, with few inputs or
// none: every answer must match the document.

const assert = require('node:assert/strict');
const { test, before } = require('node:test');
const { login, request } = require('../lib/index.js');
const { load } = require('./document');

const NOTHING = 999999999; // the id of nothing

let document;
const tokens = { anonymous: undefined };

before(async () => {
  document = await load();
  for (const username of ['alice', 'sahel', 'erin', 'omar'])
    tokens[username] = await login(username);
});

// Sends the request. Fails if the answer does not match the document.
async function send(method, path, token, body) {
  const { status, text, headers } = await request(method, path, { token, body });
  const fault = document.answerFault({
    method, path, status, body: text, type: headers['content-type'],
  });
  assert.equal(fault, undefined, `${method} ${path} -> ${status}: ${fault}\n${text.slice(0, 500)}`);
  return { status, text };
}

for (const who of ['anonymous', 'alice', 'sahel', 'erin', 'omar'])
  test(`whatever is read, by ${who}`, async () => {
    for (const { path, operationId, security } of document.operations.filter((o) => o.method === 'get'))
      for (const id of path.includes('{id}') ? [1, 2, NOTHING] : [0]) {
        const { status } = await send('GET', path.replace('{id}', id), tokens[who]);
        const expected = security.length && who === 'anonymous' ? [401] : [200, 400, 403, 404];
        assert.ok(expected.includes(status), `${operationId}: ${status}`);
      }
  });

for (const who of ['anonymous', 'alice', 'sahel'])
  for (const body of [undefined, '{}', '[]', '{'])
    test(`whatever is written, with ${body ?? 'no body'}, by ${who}`, async () => {
      const kept = ['logout', 'notification_read_all', ...(body && body !== '{}' ? [] : ['password_reset'])];
      for (const { path, method, operationId } of document.operations.filter((o) => o.method !== 'get'))
        if (!kept.includes(operationId))
          await send(method.toUpperCase(), path.replace(/\{c?id\}/g, NOTHING), tokens[who], body);
    });

test('the lists in all their variants', async () => {
  for (const operation of document.operations.filter((o) => o.method === 'get' && !o.path.includes('{id}')))
    for (const parameter of operation.parameters.map((p) => document.resolve(p)).filter((p) => p.in === 'query'))
      for (const value of valuesOf(parameter.schema)) {
        const path = `${operation.path}?${parameter.name}=${encodeURIComponent(value)}`;
        for (const who of ['alice', 'sahel']) {
          const { status, text } = await send('GET', path, tokens[who]);
          assert.notEqual(status, 500, `${path}: ${text}`);
        }
      }
});

// Values that a schema allows, and some that it does not.
function valuesOf(schema) {
  if (schema.anyOf)
    return schema.anyOf.flatMap(valuesOf);
  if (schema.enum)
    return [...schema.enum, 'nonsense'];
  if (schema.type === 'boolean')
    return ['true', 'false', 'nonsense'];
  if (schema.type === 'integer')
    return [schema.minimum, schema.maximum ?? 7, schema.minimum - 1, 'nonsense'];
  return schema.format ? ['2026-01-31', '2026-01-31T12:00:00Z', 'nonsense'] : ['', 'box'];
}
