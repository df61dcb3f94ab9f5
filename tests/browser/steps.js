// What people do in the portal, and what a test looks up behind its back.
import assert from 'node:assert/strict';
import { BASE, PASSWORD } from './browser.js';

const SIMULATOR = process.env.SIMULATOR_URL;

// --- the API, and the simulated Linear ----------------------------------------

const tokens = new Map();

async function tokenOf(user) {
  if (!tokens.has(user)) {
    const answer = await fetch(`${BASE}/api/auth/login/`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ username: user, password: PASSWORD }),
    });
    assert.equal(answer.status, 200, `login of ${user}`);
    tokens.set(user, (await answer.json()).token);
  }
  return tokens.get(user);
}

/** A call as `user`, beside the browser. */
export async function api(user, method, path, body) {
  const answer = await fetch(BASE + path, {
    method,
    headers: { Authorization: `Token ${await tokenOf(user)}`, ...(body && { 'Content-Type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  const data = answer.status === 204 ? null : await answer.json();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${JSON.stringify(data)}`);
  return data;
}

/** A new issue of a customer's, raised beside the browser. */
export async function raised(fields = {}, customer = 'alice') {
  const body = { organization: 1, title: unique('Issue'), description: '', ...fields };
  return (await api(customer, 'POST', '/api/client/issues/raise/', body)).issue;
}

export async function linear(path, body) {
  const answer = await fetch(`${SIMULATOR}/control/${path}`, body && { method: 'POST', body: JSON.stringify(body) });
  const data = await answer.json();
  assert.ok(answer.ok, `simulator ${path}: ${JSON.stringify(data)}`);
  return data;
}

export const act = (what) => linear('act', what);

/** Waits until look() gives something; then gives that. */
export async function eventually(what, look, { timeout = 20_000 } = {}) {
  const end = Date.now() + timeout;
  for (;;) {
    const found = await look();
    if (found) return found;
    assert.ok(Date.now() < end, `${what}: not within ${timeout / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

/** The issue once Linear has it. */
export const inLinear = (id) => eventually(`issue ${id} in Linear`, async () => {
  const issue = await api('sahel', 'GET', `/api/issues/${id}/`);
  return issue.linear_identifier && issue.sync_state === 'synced' ? issue : null;
});

/** What the local mailbox caught for an address. */
export const mailsTo = async (address) =>
  (await fetch(`${process.env.MAILBOX_URL}/mails.json?to=${encodeURIComponent(address)}`)).json();

let serial = 0;
/** A text that no other test uses. */
export function unique(text) {
  serial += 1;
  return `${text} ${process.pid.toString(36)}${Date.now().toString(36)}${serial}`;
}

// --- in the browser -------------------------------------------------------------

/** Errors that a page must not have; assert.deepEqual(errors, []). */
export function watch(page) {
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    const text = message.text();
    // what the browser says of any refused request is not an error of ours
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) errors.push(text);
  });
  page.on('dialog', (dialog) => {
    errors.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(BASE) && !/^(data|blob):/.test(url)) errors.push(`a request to ${url}`);
  });
  return errors;
}

export async function logIn(page, user, path = '/') {
  await page.goto(path === '/' ? '/login/' : path);
  await page.getByLabel('User name or e-mail').fill(user);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('#nav').waitFor({ state: 'attached' });
  await settled(page);
}

/** Waits until the page on screen is there in full. */
export async function settled(page) {
  await page.locator('#main:not([aria-busy]) h1').first().waitFor();
}

export async function open(page, path) {
  await page.goto(path);
  await settled(page);
}

export const toastSays = (page, text) => page.locator('.toast', { hasText: text }).first().waitFor();

/** The link of the last mail to an address, when it has come. */
export async function mailedLink(email) {
  let link;
  await eventually(`a mail to ${email}`, async () => {
    const mails = await (await fetch(`${process.env.MAILBOX_URL}/mails.json?to=${encodeURIComponent(email)}`)).json();
    link = mails.at(-1)?.text.match(/https?:\/\/\S+#\S+/)?.[0];
    return Boolean(link);
  });
  return new URL(link);
}
