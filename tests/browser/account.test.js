// One's own account, and what the portal does when things are not as usual.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BASE, useBrowser, WIDE } from './browser.js';
import { api, asksAgain, eventually, inLinear, mailedLink, open, raised, settled, toastSays, unique, visit, watch } from './steps.js';

const browser = useBrowser();

const blank = async (options) => (await browser.context({ viewport: WIDE, ...options })).newPage();

const person = (user, path) => visit(browser, user, path);

test('a login that does not fit says so, and keeps the name', async () => {
  const page = await blank();
  const errors = watch(page);
  const name = unique('nobody');
  await open(page, '/login/');
  await page.getByLabel('User name or e-mail').fill(name);
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('.form-problem:not(:empty)').waitFor();
  assert.equal(await page.getByLabel('User name or e-mail').inputValue(), name);
  assert.deepEqual(errors, []);
});

async function fillSignUp(page) {
  const name = unique('ab').replaceAll(' ', '');
  for (const [label, text] of [['First name', 'Ada'], ['Last name', 'Brand'], ['E-mail', `${name}@example.com`], ['User name', name], ['Password', 'long enough']]) {
    await page.getByLabel(label, { exact: true }).fill(text);
  }
  await page.getByRole('button', { name: 'Create the account' }).click();
}

const health = async () => (await fetch(`${BASE}/api/health/`)).json();

test('people who sign up can raise an issue at once', async (t) => {
  if (!(await health()).signup) return t.skip('SIGNUP is off');
  const page = await blank();
  const errors = watch(page);
  await open(page, '/login/');
  await page.getByRole('link', { name: 'Create an account' }).click();
  await fillSignUp(page);
  await page.getByRole('heading', { level: 1, name: 'My issues' }).waitFor();
  await page.getByText('You have not raised anything yet').waitFor();
  return assert.deepEqual(errors, []);
});

test('who signed up confirms the address by the mailed link', async (t) => {
  if (!(await health()).signup || !process.env.MAILBOX_URL) return t.skip('SIGNUP or the mailbox is off');
  const page = await blank();
  const errors = watch(page);
  await open(page, '/sign-up/');
  await fillSignUp(page);
  await page.getByRole('heading', { level: 1, name: 'My issues' }).waitFor();
  await page.goto('/account/');
  await page.getByText('Not confirmed').waitFor();
  const email = await page.getByLabel('E-mail address').inputValue();
  const link = await mailedLink(email);
  assert.equal(link.pathname, '/confirm-email/');

  // somebody else gets nothing by it, and opening it confirms nothing
  const other = await person('alice', '/');
  await other.page.goto(link.pathname + link.hash);
  await other.page.getByRole('button', { name: 'Confirm the address' }).click();
  await other.page.getByText('belongs to another account').waitFor();
  await page.goto(link.pathname + link.hash);
  await page.getByRole('button', { name: 'Confirm the address' }).waitFor();
  assert.equal(new URL(page.url()).hash, '');
  await page.getByRole('button', { name: 'Confirm the address' }).click();
  await page.waitForURL('**/account/');
  await page.getByText('Confirmed', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Invitations' }).click();
  await page.getByText('There are no invitations').waitFor();
  return assert.deepEqual(errors, []);
});

test('where sign-up is off it is not offered, and says why', async () => {
  const page = await blank();
  const errors = watch(page);
  // as a server would answer on which it is off
  await page.route('**/api/health/', (route) => route.fulfill({ json: { status: 'ok', signup: false } }));
  await page.route('**/api/users/', (route) => route.fulfill({
    status: 403, json: { error: 'Sign-up is not available here.', code: 'signup_disabled', details: {}, status_code: 403, request_id: '1' },
  }));
  await open(page, '/login/');
  await page.waitForLoadState('networkidle'); // what is offered is known later than the page is drawn
  assert.equal(await page.getByRole('link', { name: 'Create an account' }).count(), 0);
  await open(page, '/sign-up/');
  await fillSignUp(page);
  await page.getByText('Accounts are made by invitation here.').waitFor();
  assert.deepEqual(errors, []);
});

test('a forgotten password gets the same answer, known or not', async () => {
  const page = await blank();
  const errors = watch(page);
  await open(page, '/login/');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByLabel('E-mail').fill('nobody@example.com');
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await page.getByRole('heading', { name: 'Look into your mailbox' }).waitFor();
  assert.deepEqual(errors, []);
});

test('where no mails are sent, a forgotten password says who can help', async () => {
  const page = await blank();
  const error = 'This site sends no e-mails. Ask its operator to set a new password for you.';
  // as a server would answer that has no SMTP_URL
  await page.route('**/api/auth/password-reset/', (route) => route.fulfill({
    status: 403, json: { error, code: 'mail_disabled', details: {}, status_code: 403, request_id: '1' },
  }));
  await open(page, '/forgot-password/');
  await page.getByLabel('E-mail').fill('nobody@example.com');
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await page.getByText(error).waitFor();
  assert.equal(await page.getByRole('heading', { name: 'Look into your mailbox' }).count(), 0);
});

test('a token is shown once, works, and is revoked', async () => {
  const { page, errors } = await person('alice', '/account/');
  const name = unique('report');
  await page.getByLabel('What is it for?').fill(name);
  await page.getByRole('button', { name: 'Make a token' }).click();
  const token = await page.locator('.secret').innerText();
  const status = async () => (await fetch(`${BASE}/api/users/me/`, { headers: { Authorization: `Token ${token}` } })).status;
  assert.equal(await status(), 200);
  await page.reload();
  await settled(page);
  assert.equal(await page.getByText(token).count(), 0);
  await page.locator('.rows li', { hasText: name }).getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.locator('.rows li', { hasText: name }).waitFor({ state: 'detached' });
  assert.equal(await status(), 401);
  assert.deepEqual(errors, []);
});

test('mail can be switched off and on', async () => {
  const { page, errors } = await person('alice', '/account/');
  const box = page.getByLabel('Send me notifications by e-mail, too');
  const before = await box.isChecked();
  await box.setChecked(!before);
  await toastSays(page, before ? 'You get no more mail.' : 'You get mail from now on.');
  await page.reload();
  await settled(page);
  assert.equal(await box.isChecked(), !before);
  await box.setChecked(before);
  await toastSays(page, before ? 'You get mail from now on.' : 'You get no more mail.');
  await eventually('as it was', async () => (await api('alice', 'GET', '/api/users/me/')).wants_mail === before);
  assert.deepEqual(errors, []);
});

test('the theme follows the system until one is chosen, and then stays', async () => {
  const page = await blank({ colorScheme: 'dark' });
  await open(page, '/login/');
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const dark = await ground();
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await ground();
  assert.notEqual(dark, light);
  await page.getByRole('button', { name: 'Dark theme' }).click();
  assert.equal(await ground(), dark);
  await page.reload();
  await settled(page);
  assert.equal(await ground(), dark);
});

test('offline: it is said, what was typed stays, and all goes on afterwards', async () => {
  const issue = await raised();
  const { page, errors } = await person('alice', `/issues/${issue.id}/`);
  await page.getByLabel('Your reply').fill('Typed in a tunnel');
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'Send the reply' }).click();
  await page.locator('#banner').getByText('Docket cannot be reached.').waitFor();
  assert.equal(await page.getByLabel('Your reply').inputValue(), 'Typed in a tunnel');
  await page.getByRole('link', { name: 'My issues' }).first().click();
  await page.getByText('You seem to be offline').waitFor();
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { level: 1, name: 'My issues' }).waitFor();
  await page.locator('#banner:empty').waitFor({ state: 'attached' });
  assert.deepEqual(errors, []);
});

test('what cannot be loaded says so, wherever one is', async () => {
  await raised();
  for (const [user, path] of [['alice', '**/api/client/issues/?*status=open*'], ['erin', '**/api/issues/?*status=open*']]) {
    const { page, errors } = await person(user, '/');
    await page.route(path, (route) => route.abort());
    await page.getByRole('navigation', { name: 'By status' }).getByRole('link', { name: /^Open/ }).click();
    await page.getByText('You seem to be offline').waitFor();
    assert.equal(await page.locator('h1').count(), 1);
    await page.unroute(path);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.issue-card, .issues [data-link]').first().waitFor();
    assert.equal(await page.getByText('You seem to be offline').count(), 0);
    assert.match(page.url(), /status=open/);
    assert.deepEqual(errors, []);
  }
});

test('a session that ended asks for the login and comes back to the page', async () => {
  const issue = await raised();
  const { page, errors } = await person('alice', `/issues/${issue.id}/`);
  await page.getByLabel('Your reply').fill('Not lost');
  await page.evaluate(() => localStorage.setItem('docket.token', '"gone"'));
  await page.reload();
  await page.waitForURL(`**/login/?next=%2Fissues%2F${issue.id}%2F`);
  await page.getByLabel('User name or e-mail').fill('alice');
  await page.getByLabel('Password').fill('test123456');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL(`**/issues/${issue.id}/`);
  await settled(page);
  assert.equal(await page.getByLabel('Your reply').inputValue(), 'Not lost');
  assert.deepEqual(errors, []);
});

test('what has not changed costs a 304, and a hidden tab asks less and less', async () => {
  const issue = await raised();
  await inLinear(issue.id); // nothing changes it from now on
  const { page } = await person('alice', `/issues/${issue.id}/`);
  const answers = [];
  page.on('response', (r) => r.url().endsWith(`/api/client/issues/${issue.id}/`) && answers.push(r.status()));
  await asksAgain(page);
  await eventually('an answer', () => answers.length > 0);
  assert.equal(answers[0], 304);

  // the waits of a poll, while it is seen and then not; here they end at once
  const waits = await page.evaluate(async () => {
    const { poll } = await import('/js/poll.js');
    const stop = new AbortController();
    const found = [];
    const real = window.setTimeout;
    await new Promise((enough) => {
      window.setTimeout = (run, ms) => {
        if (run.name !== 'ask' || ms > 1000) return real(run, ms);
        found.push(ms);
        if (found.length === 3) Object.defineProperty(document, 'hidden', { value: true, configurable: true });
        if (found.length === 6) return enough();
        return real(run, 0);
      };
      poll('/api/users/me/', { every: 60, signal: stop.signal, onData() {} });
    });
    stop.abort();
    return found;
  });
  assert.deepEqual(waits, [60, 60, 60, 120, 240, 480]);
});

test('what is asked for while an answer is on its way is asked again, and an old answer replaces nothing', async () => {
  const { page, errors } = await person('alice', '/account/');
  const held = [];
  await page.route('**/api/users/me/?held=*', (route) => held.push(route));
  await page.evaluate(async () => {
    const { poll } = await import('/js/poll.js');
    window.heard = [];
    window.polling = poll('/api/users/me/', {
      every: 3_600_000, query: { held: 1 }, signal: new AbortController().signal, onData: (data) => window.heard.push(data.n),
    });
    window.polling.now();
  });
  const answer = async (n) => {
    await eventually(`question ${n}`, () => held.length > 0);
    await held.shift().fulfill({ json: { n } });
  };
  const heard = (list) => page.waitForFunction((wanted) => JSON.stringify(window.heard) === wanted, JSON.stringify(list));
  await eventually('it is asked', () => held.length > 0);
  await page.evaluate(() => { window.polling.now(); }); // something has changed
  await answer(1);
  await answer(2);
  await heard([1, 2]);

  await page.evaluate(() => { window.polling.now(); });
  await eventually('it is asked', () => held.length > 0);
  await page.evaluate(() => window.polling.know(null)); // the answer to a change
  await answer(3);
  await answer(4);
  await heard([1, 2, 4]);
  assert.equal(held.length, 0);
  assert.deepEqual(errors, []);
});
