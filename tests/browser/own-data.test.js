// Logins, the security log, and what is kept about a person.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { BASE, useBrowser, WIDE } from './browser.js';
import { api, logInAs, open, raised, settled, toastSays, unique, visit, watch } from './steps.js';

const browser = useBrowser();

const person = (user, path) => visit(browser, user, path);

const login = async (username, password) => fetch(`${BASE}/api/auth/login/`, {
  method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ username, password }),
});

test('logins are listed, and another device can be logged out', async () => {
  const count = async () => (await api('omar', 'GET', '/api/sessions/')).count;
  const known = await count();
  const { token } = await (await login('omar', 'test123456')).json();
  const status = async () => (await fetch(`${BASE}/api/users/me/`, { headers: { Authorization: `Token ${token}` } })).status;
  const { page, errors } = await logInAs(browser, 'omar', '/account/');
  const logins = page.locator('section', { has: page.getByRole('heading', { name: 'Where you are logged in' }) }).locator('li');
  // the newest is this one; the one before it is the other
  await logins.first().getByText('This device').waitFor();
  assert.equal(await logins.first().getByRole('button').count(), 0);
  assert.equal(await status(), 200);
  await logins.nth(1).getByText('127.0.0.1').waitFor();
  await logins.nth(1).getByRole('button', { name: 'Log out' }).focus();
  await page.keyboard.press('Enter');
  await toastSays(page, 'That device is logged out.');
  assert.equal(await count(), known + 1, 'only the login of the page is new');
  assert.equal(await status(), 401);
  assert.deepEqual(errors, []);
});

test('an owner reads the log of the organization, and their own', async () => {
  const { page, errors } = await person('sahel', '/settings/');
  await page.getByRole('link', { name: 'Security log' }).click();
  await page.getByRole('heading', { level: 1, name: 'Security log' }).waitFor();
  await page.getByText('Logins of your staff').waitFor();
  await page.locator('.rows li', { hasText: 'Logged in' }).first().waitFor();
  await page.getByLabel('Security log of').selectOption('own');
  await page.waitForURL('**/security-log/?of=own');
  await page.getByText('Logins to your account').waitFor();
  await page.locator('.rows li', { hasText: 'by Sahel' }).first().waitFor();
  assert.deepEqual(errors, []);
});

test('everybody else reads the log of their account, and of no organization', async () => {
  const { page, errors } = await person('erin', '/account/');
  await page.getByRole('link', { name: 'What happened to your account' }).click();
  await page.locator('.rows li', { hasText: 'Logged in' }).first().waitFor();
  await open(page, '/security-log/');
  await page.getByText('Logins to your account').waitFor();
  assert.equal(await page.getByLabel('Security log of').count(), 0);
  assert.deepEqual(errors, []);
});

test('what is kept is downloaded as a file', async () => {
  await raised();
  const { page, errors } = await person('alice', '/account/');
  const [download] = await Promise.all([
    page.waitForEvent('download'), page.getByRole('button', { name: 'Download my data' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'docket-account.json');
  const data = JSON.parse(await readFile(await download.path(), 'utf8'));
  assert.equal(data.account.username, 'alice');
  assert.ok(data.issues.length > 0);
  assert.deepEqual(errors, []);
});

test('an account is erased by its password and its name', async (t) => {
  const health = await (await fetch(`${BASE}/api/health/`)).json();
  if (!health.signup) return t.skip('SIGNUP is off');
  const name = unique('leaving').replaceAll(' ', '');
  const page = await (await browser.context({ viewport: WIDE })).newPage();
  const errors = watch(page);
  await open(page, '/sign-up/');
  for (const [label, text] of [['First name', 'Lea'], ['Last name', 'Ving'], ['E-mail', `${name}@example.com`], ['User name', name], ['Password', 'long enough']]) {
    await page.getByLabel(label, { exact: true }).fill(text);
  }
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.getByRole('heading', { level: 1, name: 'My issues' }).waitFor();
  await open(page, '/account/');
  const form = page.getByRole('form', { name: 'Erase the account' });
  const erase = form.getByRole('button', { name: 'Erase my account' });
  await erase.click();
  await form.getByText('Please fill this in.').nth(1).waitFor();
  await form.getByLabel('Your password').fill('not this one');
  await form.getByLabel('Your user name').fill('somebody else');
  await erase.click();
  await form.getByText(`This is not ${name}.`).waitFor();
  assert.equal((await login(name, 'long enough')).status, 200);
  await form.getByLabel('Your user name').fill(name);
  await erase.click();
  await form.locator('[name=password][aria-invalid]').waitFor();
  await form.getByLabel('Your password').fill('long enough');
  await form.getByLabel('Your password').press('Enter');
  await toastSays(page, 'Your account is erased.');
  await page.waitForURL('**/login/');
  await settled(page);
  assert.equal((await login(name, 'long enough')).status, 400);
  return assert.deepEqual(errors, []);
});
