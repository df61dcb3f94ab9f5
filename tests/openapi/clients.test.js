'use strict';

// What the web and the Android client do, step by step, as they do it: with plain calls, reading
// only what they read.

const assert = require('node:assert/strict');
const { randomUUID } = require('node:crypto');
const { test } = require('node:test');
const { PASSWORD, request } = require('../lib/index.js');

const tag = randomUUID().slice(0, 8);

// A client keeps its token, as the web client does in its storage.
class Client {
  async call(method, path, body) {
    const { status, text, body: data } = await request(method, `/api${path}`, {
      token: this.token, body, headers: { 'Content-Type': 'application/json' },
    });
    if (status < 200 || status > 299)
      throw Object.assign(new Error(`${method} ${path}: ${status} ${text}`), { status, data });
    return data;
  }

  get(path) { return this.call('GET', path); }
  post(path, body) { return this.call('POST', path, body); }

  async enter({ token, user }) {
    assert.ok(token);
    this.token = token;
    this.user = user;
    this.activeProfile = user.profiles.find((p) => p.is_primary && p.status === 'active');
    assert.ok(this.activeProfile);
  }

  async login(username, password = PASSWORD) {
    await this.enter(await this.post('/auth/login/', { username, password }));
  }

  // What is shown is what the server says after a reload.
  async reload() {
    this.user = await this.get('/users/me/');
    this.activeProfile = this.user.profiles.find((p) => p.is_primary && p.status === 'active');
  }

  organization() { return this.activeProfile.organization.id; }

  issues() { return this.get(`/issues/?organization=${this.organization()}&page_size=100`); }
}

const has = (page, id) => page.results.some((i) => i.id === id);
const refused = (status) => (error) => error.status === status;

test('a customer raises, corrects and withdraws', async () => {
  const client = new Client();
  await client.login('alice');
  const created = await client.post('/issues/', {
    organization: client.organization(), title: `Torn ${tag}`, description: 'A hole.', priority: 'critical', category: 'payment',
  });
  const { id } = created.issue;
  assert.ok(has(await client.issues(), id));
  const before = await client.get('/issues/stats/');
  assert.equal(before.by_category.payment, before.by_category.billing);

  // the form sends the whole issue back, with what was changed in it
  const whole = await client.get(`/issues/${id}/`);
  assert.equal(whole.status, 'open');
  await client.call('PUT', `/issues/${id}/`, { ...whole, title: `Torn open ${tag}`, priority: 'high' });
  const after = await client.get(`/issues/${id}/`);
  assert.deepEqual([after.title, after.priority, after.description], [`Torn open ${tag}`, 'high', 'A hole.']);
  await client.call('PATCH', `/issues/${id}/`, { description: 'A hole in the seam.' });

  await client.call('DELETE', `/issues/${id}/`);
  assert.ok(!has(await client.issues(), id));
  await assert.rejects(client.get(`/issues/${id}/`), refused(404));

  const closed = (await client.post('/issues/raise/', {
    organization: client.organization(), title: `Never mind ${tag}`, description: '',
  })).issue;
  assert.equal((await client.post(`/issues/${closed.id}/close/`)).issue.status, 'closed');
});

test('somebody with two profiles switches, and works as each', async () => {
  const client = new Client();
  await client.login('testuser');
  assert.equal(client.activeProfile.profile_type, 'customer');
  const { profiles } = await client.get('/auth/role-selection/available_roles/');
  const vendor = profiles.find((p) => p.profile_type === 'vendor');
  assert.equal(vendor.is_primary, false);
  const own = await client.issues();

  const chosen = await client.post('/auth/role-selection/select_role/', { profile_id: vendor.id });
  assert.equal(chosen.active_profile.is_primary, true);
  await client.reload();
  assert.equal(client.activeProfile.id, vendor.id);
  assert.equal(client.activeProfile.is_owner, true);
  const theirs = await client.issues();
  assert.ok(theirs.results.every((i) => i.organization === client.organization()));

  const { profile } = await client.get('/auth/role-selection/current_role/');
  assert.equal(profile.id, vendor.id);
  const customer = client.user.profiles.find((p) => p.profile_type === 'customer');
  await client.post('/auth/role-selection/select_role/', { profile_id: customer.id });
  await client.reload();
  assert.equal((await client.issues()).count, own.count);
});

test('an employee is let in by what they may do', async () => {
  const client = new Client();
  await client.login('erin');
  const organization = client.activeProfile.organization_id;
  const { permissions, roles } = await client.get(
    `/user-roles/user_permissions/?user_id=${client.user.id}&organization_id=${organization}`);
  assert.ok(permissions.some((p) => `${p.resource}:${p.action}` === 'issue:read'));
  assert.equal(client.activeProfile.roles[0].name, roles[0].name);
  const context = await client.get(`/user-context/permissions/?organization=${organization}`);
  assert.deepEqual(context.permissions, context.grouped_permissions.issue.map((a) => `issue.${a}`));
  assert.equal(context.organization_name, client.activeProfile.organization_name);
  const { results: [employee] } = await client.get('/employees/');
  assert.equal((await client.get(`/employees/${employee.id}/`)).code, employee.code);
  const page = await client.issues();
  assert.ok(page.count > 0);
  await client.post(`/issues/${page.results[0].id}/assign/`, { employee_id: client.activeProfile.id });
});

test('a new customer signs up and goes on with the token', { skip: process.env.SIGNUP !== 'on' }, async () => {
  const client = new Client();
  await client.enter(await client.post('/users/', {
    username: `new-${tag}`, email: `new-${tag}@example.com`, password: 'correct horse battery',
    password_confirm: 'correct horse battery', first_name: 'New', last_name: 'Here',
  }));
  assert.equal(client.activeProfile.profile_type, 'customer');
  assert.equal((await client.issues()).count, 0);
  assert.equal((await client.get(`/vendors/?organization=${client.organization()}`)).count, 0);
  const { issue } = await client.post('/client/issues/raise/', {
    organization: client.organization(), title: `First ${tag}`, description: '',
  });
  assert.ok(has(await client.issues(), issue.id));
  const me = await client.call('PATCH', '/users/update_profile/', { first_name: 'Newer' });
  assert.equal(me.full_name, 'Newer Here');
  await client.post('/auth/change-password/', {
    old_password: 'correct horse battery', new_password: 'battery staple horse', new_password_confirm: 'battery staple horse',
  });
  await client.reload();
  await client.post('/auth/logout/');
  await assert.rejects(client.get('/users/me/'), refused(401));
});
