'use strict';

// A client that knows only the document does with it what people do: nearly every
// operation. That each one succeeds is checked by check-exchanges.js.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { randomUUID } = require('node:crypto');
const { test, before } = require('node:test');
const { deliverWebhook, eventually, mailsTo } = require('../lib/index.js');
const { open, call, login } = require('./client');

const tag = randomUUID().slice(0, 8);
let document, customer, vendor, issue;

before(async () => {
  document = await open();
  customer = await login('alice');
  vendor = await login('sahel');
});

test('the customer', async () => {
  const [demo] = (await call(customer, 'client_organization_all')).filter((o) => o.name === 'Demo Company');
  ({ issue } = await call(customer, 'issue_raise_own', { organization: demo.id, title: `Leaking ${tag}`, description: '' }));
  await call(customer, 'issue_raise_own_post', { organization: demo.id, title: `Torn ${tag}`, description: '' });
  await call(customer, 'issue_raise', { organization: demo.id, title: `Broken ${tag}`, description: 'It is.' });
  await call(customer, 'client_issue_list', { search: tag });
  await call(customer, 'client_issue_show', { id: issue.id });
  await call(customer, 'client_comment', { id: issue.id, comment: 'Since Monday.' });
  await call(customer, 'organization_mine');
  await call(customer, 'notification_list', { unread: true });
});

test('what customers do with their own', async () => {
  const { issue: { id } } = await call(customer, 'issue_raise_own', { organization: issue.organization, title: `Wrong ${tag}`, description: '' });
  const { assigned_to, vendor: supplier } = await call(customer, 'issue_update', { id, title: `Right ${tag}`, category: 'other' });
  await call(customer, 'issue_update_put', { id, assigned_to, vendor: supplier, priority: 'low' });
  await call(customer, 'issue_close', { id });
  await call(customer, 'issue_delete', { id });
});

test('the issue and its staff', async () => {
  const { id } = issue;
  const { results } = await call(vendor, 'employee_list', { all: true });
  const { id: employee } = results.find((e) => e.is_active);
  await call(vendor, 'employee_show', { id: employee });
  await call(vendor, 'issue_update', { id, priority: 'high', vendor: null });
  await call(vendor, 'issue_update_put', { id, assigned_to: employee });
  await call(vendor, 'issue_assign', { id, employee_id: null });
  await call(vendor, 'issue_resolve', { id });
  await call(vendor, 'issue_reopen', { id });
  await call(vendor, 'issue_resolve_post', { id });
  await call(vendor, 'issue_close', { id });
  await call(vendor, 'comment_add', { id, content: 'Noted.', internal: true });
  const { comment: { id: cid } } = await call(vendor, 'comment_add', { id, content: 'Sorry.' });
  await call(vendor, 'comment_edit', { id, cid, content: 'We are sorry.' });
  await call(vendor, 'comment_withdraw', { id, cid });
  await call(vendor, 'comment_list', { id });
  await call(vendor, 'activity_list', { id, ordering: '-created_at', page_size: 3 });
  await call(vendor, 'issue_show', { id });
  await call(vendor, 'bulk_update', { issue_ids: [id, 999999999], status: 'open' });
  await call(vendor, 'issue_list', { assigned_to: 'none', ordering: '-priority' });
  await call(vendor, 'issue_stats', { days: 7 });
  await call(vendor, 'issue_export', { search: tag });
});

test('Linear', { skip: !process.env.LINEAR_API_KEY }, async () => {
  const { id } = issue;
  await call(vendor, 'sync_to_linear', { id });
  await call(vendor, 'sync_from_linear', { id });
  await call(vendor, 'bulk_sync_to_linear', { issue_ids: [id, 999999999] });
  await call(vendor, 'fetch_from_linear', { limit: 5, sync: true });
  await call(vendor, 'fetch_from_linear_post', { limit: 5 });
  await call(vendor, 'linear_status');
  await call(vendor, 'linear_failures');
  await call(vendor, 'linear_teams');
});

test('a webhook from Linear', { skip: !process.env.LINEAR_WEBHOOK_SECRET }, async () => {
  const payload = {
    type: 'Project', action: 'update', data: { id: randomUUID() }, webhookTimestamp: Date.now(),
  };
  for (const [headers, status] of [[{}, 200], [{ 'Linear-Signature': '0'.repeat(64) }, 401]]) {
    const answer = await deliverWebhook(payload, { headers });
    assert.equal(answer.status, status);
    assert.equal(document.answerFault({
      method: 'POST', path: '/api/webhooks/linear/', status, body: answer.text, type: answer.headers['content-type'],
    }), undefined);
  }
});

test('the organization', async () => {
  const { profile } = await call(vendor, 'current_role');
  const { id } = profile.organization;
  await call(vendor, 'user_permissions', { organization_id: id });
  await call(vendor, 'context_permissions', { organization: id });
  await call(vendor, 'organization_update', { id, name: profile.organization.name });
  await call(vendor, 'organization_show', { id });
  await call(customer, 'organization_show', { id });
  await call(vendor, 'organization_page', { page_size: 1 });
  await call(vendor, 'organization_all');
  await call(vendor, 'vendor_list', { search: 'a' });
  await call(vendor, 'customer_list', { search: 'a' });
  await call(customer, 'order_list');
  const { results } = await call(vendor, 'notification_list');
  await call(vendor, 'notification_read', { id: results[0].id });
  await call(vendor, 'notification_read_all');
});

// Tries again: a mail that is sent meanwhile makes a new link, which replaces this
// one.
const confirmEmail = (token, email) => eventually('the address is confirmed', async () => {
  const out = execFileSync('docketctl', ['user', 'email-link', email, '--json'], { timeout: 60000 });
  await call(token, 'email_confirm', { token: JSON.parse(out).confirm_link.replace(/.*#/, '') });
  return true;
});

// The token of the link in the latest mail.
const mailedToken = (email) => eventually(`a mail to ${email}`, async () => (
  (await mailsTo(email)).at(-1)?.text.match(/#(\S+)/)?.[1]));

// Answers invitations from the owner of another organization.
async function answerInvitations(token, email) {
  const owner = await login('testuser');
  const { profiles } = await call(owner, 'available_roles');
  await call(owner, 'select_role', { profile_id: profiles.find((p) => p.profile_type === 'vendor').id });
  for (const stem of ['invitation_decline', 'invitation_accept']) {
    const { employee } = await call(owner, 'employee_invite', { email });
    const { results: [invitation] } = await call(token, 'invitation_list');
    await call(token, stem, { id: invitation.id });
    if (stem === 'invitation_accept') await call(owner, 'employee_update', { id: employee.id, is_active: false });
  }
}

test('a new employee, from invitation to leave', async () => {
  const email = `new.${tag}@example.com`;
  const { employee } = await call(vendor, 'employee_invite', { email });
  await call(undefined, 'password_confirm', { token: await mailedToken(email), new_password: 'correct horse' });
  const token = await login(email, 'correct horse');
  await call(token, 'user_me');
  await call(token, 'user_update', { wants_mail: false });
  await answerInvitations(token, email);
  await call(token, 'user_update_patch', { first_name: 'New', last_name: 'Here' });
  await call(token, 'change_password', { old_password: 'correct horse', new_password: 'battery staple', new_password_confirm: 'battery staple' });
  await call(undefined, 'password_reset', { email });
  const { profiles: [profile] } = await call(token, 'available_roles');
  await call(token, 'select_role', { profile_id: profile.id });
  const { id } = await call(token, 'token_create', { name: 'script', expires_in_days: 1 });
  await call(token, 'token_list');
  await call(token, 'token_delete', { id });
  await call(token, 'session_list');
  const other = await login(email, 'battery staple');
  const { results: sessions } = await call(other, 'session_list');
  await call(token, 'session_delete', { id: sessions.find((s) => s.is_current).id });
  const later = `other.${tag}@example.com`;
  await call(token, 'email_change', { email: later, password: 'battery staple' });
  await confirmEmail(token, email);
  await call(token, 'security_log', { mine: true });
  await call(token, 'user_export');
  await call(token, 'logout');
  await call(await login(later, 'battery staple'), 'user_erase', { password: 'battery staple' });
  await call(vendor, 'employee_update', { id: employee.id, is_active: false });
});

test('the service itself', async () => {
  await call(undefined, 'health');
  await call(undefined, 'schema');
  await call(undefined, 'docs');
  await call(vendor, 'issue_delete', { id: issue.id });
});
