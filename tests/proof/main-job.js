'use strict';

/*
 * The main job on a new installation: the owner accepts the invitation, a customer raises an issue,
 * it reaches Linear, the owner resolves it, the customer reads that. Prints the two tokens.
 *
 *   BASE_URL=… main-job.js INVITATION
 */

const assert = require('node:assert/strict');

const { request } = require('../lib/http.js');

const PASSWORD = 'a password of the proof';

async function call(method, where, wanted, options) {
  const { status, body, error } = await request(method, where, options);
  assert.equal(status, wanted, `${method} ${where}: ${status} ${error ?? JSON.stringify(body)}`);
  return body;
}

async function login(username) {
  return (await call('POST', '/api/auth/login/', 200, { body: { username, password: PASSWORD } })).token;
}

async function main(invitation) {
  await call('POST', '/api/auth/password-reset/confirm/', 200, { body: { token: invitation, new_password: PASSWORD } });
  const staff = await login('olga@acme.example');
  const customer = await login('bob');
  const { issue, linear_data: linear } = await call('POST', '/api/client/issues/raise/', 201, {
    token: customer, body: { organization: 1, title: 'It does not work', description: 'At all.', priority: 'high' },
  });
  assert.match(issue.issue_number, /^ISS-\d{4}-0001$/);
  assert.ok(linear?.url || linear?.id, `Linear: ${JSON.stringify(linear)}`);
  const { results } = await call('GET', '/api/issues/?is_client_issue=true', 200, { token: staff });
  assert.deepEqual(results.map(({ id }) => id), [issue.id]);
  await call('POST', `/api/issues/${issue.id}/resolve/`, 200, { token: staff, body: { resolution_notes: 'Now it does.' } });
  await call('POST', `/api/client/issues/${issue.id}/comment/`, 201, { token: customer, body: { comment: 'Thank you!' } });
  const seen = await call('GET', `/api/client/issues/${issue.id}/`, 200, { token: customer });
  assert.equal(seen.resolution_notes, 'Now it does.');
  console.log(`${customer} ${staff}`);
}

main(process.argv[2]);
