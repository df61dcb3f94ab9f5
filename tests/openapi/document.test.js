'use strict';

// The document itself: OpenAPI 3.1 by the standard's own schema, and strict.

const assert = require('node:assert/strict');
const { test, before } = require('node:test');
const { load } = require('./document');

let document;
before(async () => { document = await load(); });

// Calls visit(node, path) for every object in the JSON.
function walk(node, visit, path = '#') {
  if (node === null || typeof node !== 'object')
    return;
  if (!Array.isArray(node))
    visit(node, path);
  for (const [key, child] of Object.entries(node))
    walk(child, visit, `${path}/${key}`);
}

test('is valid OpenAPI 3.1', async () => {
  const { Validator } = await import('@seriousme/openapi-schema-validator');
  const validator = new Validator();
  const result = await validator.validate(structuredClone(document.json));
  assert.equal(validator.version, '3.1');
  assert.ok(result.valid, JSON.stringify(result.errors, null, 2));
});

test('every reference leads somewhere, and every component is used', () => {
  const used = new Set();
  walk(document.json, (node, path) => {
    if (!node.$ref)
      return;
    assert.ok(document.resolve(node), `${path}: ${node.$ref}`);
    used.add(node.$ref);
  });
  for (const kind of ['parameters', 'headers', 'responses', 'schemas'])
    for (const name of Object.keys(document.json.components[kind]))
      assert.ok(used.has(`#/components/${kind}/${name}`),
        `${kind}/${name} is not used`);
});

test('every schema compiles in strict mode', () => {
  for (const name of Object.keys(document.json.components.schemas))
    assert.ok(document.ajv.getSchema(
      `openapi#/components/schemas/${name}`), name);
  for (const { requestBody, parameters, operationId } of document.operations) {
    for (const content of Object.values(requestBody?.content ?? {}))
      assert.ok(document.ajv.compile(inline(content)), operationId);
    for (const p of parameters)
      assert.ok(document.resolve(p).schema, operationId);
  }
});

// The schema of a body of one type, its references made absolute.
function inline(content) {
  return JSON.parse(JSON.stringify(content.schema)
    .replace(/"#\//g, '"openapi#/'));
}

test('answers are strict: complete and nothing else', () => {
  walk(document.json.components.schemas, (node, path) => {
    if (node.type !== 'object' || !node.properties
      || /\/(properties|[A-Za-z]+Members)$/.test(path))
      return;
    const closed = node.additionalProperties ?? node.unevaluatedProperties;
    assert.ok(closed !== undefined, `${path} is open`);
    if (closed === false)
      assert.deepEqual(node.required, Object.keys(node.properties), path);
  });
});

test('operations have an id of their own, a known tag, and an answer', () => {
  const tags = document.json.tags.map((t) => t.name);
  const ids = document.operations.map((o) => o.operationId);
  assert.equal(new Set(ids).size, ids.length);
  for (const o of document.operations) {
    assert.match(o.operationId, /^[a-z_]+$/);
    assert.ok(o.summary, o.operationId);
    assert.ok(tags.includes(o.tags[0]), o.operationId);
    assert.equal(Object.keys(o.responses).filter((s) => s < 300 && s !== '206').length, 1,
      o.operationId);
  }
});

test('an answer that does not match is reported', () => {
  const faultOf = (status, body, path = '/api/health/', method = 'GET') =>
    document.answerFault({ method, path, status, body, type: 'application/json' });
  const error = JSON.stringify({ error: 'No.', code: 'no', details: {}, status_code: 404, request_id: '1' });

  assert.equal(faultOf(200, '{"status":"ok","signup":true}'), undefined);
  assert.match(faultOf(200, '{}'), /required property 'status'/);
  assert.match(faultOf(200, '{"status":"ok","signup":true,"more":1}'), /additional properties/);
  assert.match(faultOf(200, '{"status":null,"signup":true}'), /constant/);
  assert.match(faultOf(200, 'ok'), /not JSON/);
  assert.match(faultOf(418, '{}'), /status 418 is not in the document/);
  assert.match(faultOf(200, '{}', '/api/nothing/'), /path is not in the document/);
  assert.match(faultOf(200, '{}', '/api/health/', 'POST'), /does not know this method/);
  assert.equal(faultOf(404, error, '/api/nothing/'), undefined);
  assert.match(faultOf(404, '{}', '/api/nothing/'), /required property 'error'/);
});
