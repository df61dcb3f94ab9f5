// A staff member's day: lists, many at once, two at one issue, roles.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useBrowser } from './browser.js';
import { api, eventually, logInAs, mailedLink, neverPolls, open, raised, settled, toastSays, unique, visit, watch } from './steps.js';

const browser = useBrowser();

const person = (user, path) => visit(browser, user, path);

/** Waits until the list has these titles. */
const shows = (page, titles) => eventually(`a list of ${titles}`, async () => (
  (await page.locator('.issues [data-link]').allInnerTexts()).sort().join() === titles.join()));

test('filters live in the address: shared, reloaded, taken back', async () => {
  const word = unique('Filterable').replaceAll(' ', '');
  await raised({ title: `${word} one`, priority: 'urgent', category: 'billing' });
  await raised({ title: `${word} two`, priority: 'low' });
  const { page, errors } = await person('erin', `/?search=${word}`);
  await shows(page, [`${word} one`, `${word} two`]);

  await page.getByLabel('Priority', { exact: true }).selectOption('urgent');
  await shows(page, [`${word} one`]);
  assert.match(page.url(), /priority=urgent/);
  assert.match(page.url(), new RegExp(`search=${word}`));

  await page.goBack();
  await shows(page, [`${word} one`, `${word} two`]);
  assert.equal(await page.getByLabel('Priority', { exact: true }).inputValue(), '');
  await page.goForward();
  await shows(page, [`${word} one`]);
  await page.reload();
  await shows(page, [`${word} one`]);

  await page.getByRole('link', { name: `${word} one` }).click();
  await page.getByRole('heading', { level: 1, name: `${word} one` }).waitFor();
  await page.getByRole('link', { name: 'Issues' }).nth(1).click();
  await page.waitForURL(/priority=urgent/);
  await settled(page);
  await page.getByRole('navigation', { name: 'By status' }).getByRole('link', { name: /^Closed/ }).click();
  await page.getByText('No issue fits').waitFor();
  assert.deepEqual(errors, []);
});

test('many issues are changed at once, and what failed is told', async () => {
  const word = unique('Bulk').replaceAll(' ', '');
  const issues = [];
  for (const n of [1, 2, 3]) issues.push(await raised({ title: `${word} ${n}` }));
  const { page, errors } = await person('sahel', null);
  await neverPolls(page);
  await open(page, `/?search=${word}`);
  await page.getByLabel('Select all on this page').check();
  await page.getByText('3 issues selected').waitFor();
  await page.getByLabel(`Select ${issues[2].issue_number}`).uncheck();
  await page.getByText('2 issues selected').waitFor();
  await page.getByLabel('New status').selectOption('in_progress');
  await page.getByLabel('New priority').selectOption('urgent');
  await page.getByLabel('New assignee').selectOption({ label: 'Erin Walsh' });
  await page.getByRole('button', { name: 'Apply' }).click();
  await toastSays(page, '2 issues changed.');
  await page.locator('.bulk').waitFor({ state: 'hidden' });
  for (const [i, issue] of issues.entries()) {
    const now = await api('sahel', 'GET', `/api/issues/${issue.id}/`);
    assert.equal(now.status, i < 2 ? 'in_progress' : 'open');
    assert.equal(now.assigned_to_name, i < 2 ? 'Erin Walsh' : null);
  }

  // one of them goes away before the next change, and the list does not know it
  await page.locator('tr', { hasText: issues[0].title }).getByText('In progress', { exact: true }).first().waitFor();
  await page.getByLabel(`Select ${issues[0].issue_number}`).check();
  await page.getByLabel(`Select ${issues[1].issue_number}`).check();
  await api('sahel', 'DELETE', `/api/issues/${issues[0].id}/`);
  await page.getByLabel('New priority').selectOption('low');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.locator('.bulk [role=alert]', { hasText: issues[0].issue_number }).waitFor();
  await toastSays(page, '1 issue changed.');
  assert.deepEqual(errors, []);
});

test('two edit the same title: the second is asked, and loses nothing', async () => {
  const issue = await raised();
  const { page, errors } = await person('erin', `/issues/${issue.id}/`);
  await page.getByRole('button', { name: 'Edit' }).click();
  const mine = unique('Mine');
  await page.getByLabel('Title', { exact: true }).fill(mine);
  await page.getByLabel('Description', { exact: true }).fill('A long text that nobody wants to type again.');
  const theirs = unique('Theirs');
  await api('sahel', 'PATCH', `/api/issues/${issue.id}/`, { title: theirs });

  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const alert = page.locator('.conflict');
  await alert.waitFor();
  assert.ok((await alert.innerText()).includes(theirs));
  assert.equal(await page.getByLabel('Title', { exact: true }).inputValue(), mine);
  assert.equal(await page.getByLabel('Description', { exact: true }).inputValue(), 'A long text that nobody wants to type again.');
  assert.equal((await api('sahel', 'GET', `/api/issues/${issue.id}/`)).title, theirs, 'nothing was overwritten');

  await page.getByRole('button', { name: 'Save mine' }).click();
  await page.getByRole('heading', { level: 1, name: mine }).waitFor();
  assert.equal((await api('sahel', 'GET', `/api/issues/${issue.id}/`)).title, mine);
  assert.deepEqual(errors, []);
});

test('two change the same property; and two different ones', async () => {
  const issue = await raised({ priority: 'low' });
  const { page, errors } = await person('erin', `/issues/${issue.id}/`);
  const priority = page.getByLabel('Priority', { exact: true });

  await priority.selectOption('high');
  await api('sahel', 'PATCH', `/api/issues/${issue.id}/`, { priority: 'urgent' });
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.locator('.conflict', { hasText: 'Urgent' }).waitFor();
  assert.equal(await priority.inputValue(), 'high');
  await page.getByRole('button', { name: 'Take theirs' }).click();
  assert.equal(await priority.inputValue(), 'urgent');
  assert.equal((await api('erin', 'GET', `/api/issues/${issue.id}/`)).priority, 'urgent');

  // different fields are no conflict: both stand
  await settled(page);
  await page.getByLabel('Category', { exact: true }).selectOption('billing');
  await api('sahel', 'PATCH', `/api/issues/${issue.id}/`, { priority: 'medium' });
  await page.getByRole('button', { name: 'Save changes' }).click();
  await toastSays(page, 'Saved.');
  const now = await api('erin', 'GET', `/api/issues/${issue.id}/`);
  assert.deepEqual([now.category, now.priority], ['billing', 'medium']);
  assert.deepEqual(errors, []);
});

test('history tells who did what', async () => {
  const issue = await raised();
  await api('sahel', 'PATCH', `/api/issues/${issue.id}/`, { status: 'in_progress', priority: 'high' });
  await api('sahel', 'POST', `/api/issues/${issue.id}/add_comment/`, { content: 'Hush', internal: true });
  const { page, errors } = await person('erin', `/issues/${issue.id}/`);
  await page.getByText('History').click();
  const text = () => page.locator('.entries').innerText();
  await page.locator('.entries li').first().waitFor();
  assert.match(await text(), /Sahel Rahimi changed the status from Open to In progress/);
  assert.match(await text(), /Sahel Rahimi wrote an internal note/);
  assert.match(await text(), /Alice Meyer raised the issue/);
  assert.deepEqual(errors, []);
});

test('everybody sees only their own pages', async () => {
  const issue = await raised();
  await api('sahel', 'POST', `/api/issues/${issue.id}/add_comment/`, { content: 'Not for customers', internal: true });

  const guest = await (await browser.context()).newPage();
  await guest.goto(`/issues/${issue.id}/`);
  await guest.waitForURL(`**/login/?next=%2Fissues%2F${issue.id}%2F`);

  const alice = await person('alice', `/issues/${issue.id}/`);
  assert.equal(await alice.page.getByText('Not for customers').count(), 0);
  assert.equal(await alice.page.getByRole('button', { name: 'Internal note' }).count(), 0);
  for (const path of ['/dashboard/', '/linear/', '/settings/']) {
    await open(alice.page, path);
    assert.equal(new URL(alice.page.url()).pathname, '/');
  }

  const erin = await person('erin');
  assert.equal(await erin.page.getByRole('link', { name: 'Settings' }).count(), 0);
  await open(erin.page, '/settings/');
  assert.equal(new URL(erin.page.url()).pathname, '/');
  await open(erin.page, `/issues/${issue.id}/`);
  assert.equal(await erin.page.getByRole('button', { name: 'Delete…' }).count(), 0);

  const omar = await person('omar', `/issues/${issue.id}/`);
  await omar.page.getByText('There is nothing here').waitFor();
  assert.deepEqual([alice.errors, erin.errors, omar.errors], [[], [], []]);
});

test('one person, two roles', async () => {
  const { page, errors } = await logInAs(browser, 'testuser');
  await page.getByRole('heading', { level: 1, name: 'My issues' }).waitFor();
  await page.locator('summary.who').click();
  await page.getByRole('button', { name: 'Owner, Other Company' }).click();
  await page.getByRole('heading', { level: 1, name: /^Issues Other Company/ }).waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: /^Issues Other Company/ }).waitFor();
  await page.locator('summary.who').click();
  await page.getByRole('button', { name: 'Customer', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'My issues' }).waitFor();
  assert.deepEqual(errors, []);
});

test('the owner invites a colleague, who sets a password and logs in', async () => {
  const { page, errors } = await person('sahel', '/settings/');
  const name = unique('mia').replaceAll(' ', '');
  await page.getByLabel('First name').fill('Mia');
  await page.getByLabel('Last name').fill('Novak');
  await page.getByRole('textbox', { name: 'E-mail' }).fill(`${name}@example.com`);
  await page.getByRole('button', { name: 'Invite' }).click();
  await page.getByText(`An invitation is on its way to ${name}@example.com`).waitFor();
  const link = await mailedLink(`${name}@example.com`);
  assert.equal(link.pathname, '/set-password/');

  const mia = await (await browser.context()).newPage();
  const hers = watch(mia);
  await mia.goto(link.pathname + link.hash);
  await mia.getByLabel('New password').fill('short');
  await mia.getByRole('button', { name: 'Save the password' }).click();
  await mia.locator('.field-error:not(:empty)').waitFor();
  await mia.getByLabel('New password').fill('a sentence of mine');
  await mia.getByRole('button', { name: 'Save the password' }).click();
  await mia.waitForURL('**/login/');
  await mia.getByLabel('User name or e-mail').fill(`${name}@example.com`);
  await mia.getByLabel('Password').fill('a sentence of mine');
  await mia.getByRole('button', { name: 'Log in' }).click();
  await mia.getByRole('heading', { level: 1, name: /^Issues Demo Company/ }).waitFor();

  // and leaves again
  const row = page.locator('.rows li', { hasText: `${name}@example.com` });
  await row.getByRole('button', { name: 'Deactivate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click();
  await row.getByText('Deactivated').waitFor();
  await mia.reload();
  await eventually('she is shut out', async () => !(await mia.getByRole('heading', { name: /^Issues Demo/ }).count()));
  assert.deepEqual([errors, hers], [[], []]);
});

test('a search that looked through a part of the issues leads on', async () => {
  const { page, errors } = await person('erin', null);
  const asked = [];
  // what a thousand issues would be needed for
  await page.route(/\/api\/issues\/\?.*search=seldom/, (route) => {
    const url = new URL(route.request().url());
    const cursor = url.searchParams.get('cursor');
    asked.push(cursor);
    const next = cursor ? null : `${url.origin}/api/issues/?search=seldom+together&cursor=2.1.1.7`;
    return route.fulfill({ json: { count: 0, next, previous: null, results: [] } });
  });
  await open(page, '/?search=seldom+together');
  const link = page.getByRole('link', { name: 'Look further' });
  assert.match(await page.locator('main').innerText(), /No issue fits so far/);
  await link.click();
  await eventually('it looks further', async () => asked.at(-1) === '2.1.1.7');
  await page.getByText('No issue fits', { exact: true }).waitFor();
  assert.equal(await link.count(), 0);
  assert.deepEqual(errors, []);
});

test('staff raise for a customer once the owner allows it, and the customer follows it', async () => {
  await raised(); // alice is a customer
  const erin = await person('erin', '/');
  const link = erin.page.getByRole('link', { name: 'Raise for a customer' });
  assert.equal(await link.isVisible(), false);

  const owner = await person('sahel', '/settings/');
  const box = owner.page.getByLabel('Staff may raise issues for customers');
  assert.equal(await box.isChecked(), false);
  await box.check();
  await toastSays(owner.page, 'Saved.');
  try {
    await open(erin.page, '/');
    await link.click();
    const title = unique('Called');
    await erin.page.getByLabel('What is wrong, in one line?').fill(title);
    await erin.page.getByRole('button', { name: 'Raise the issue' }).click();
    await erin.page.locator('.field-error', { hasText: 'Please fill this in.' }).first().waitFor();
    const { email } = await api('alice', 'GET', '/api/users/me/');
    await erin.page.getByLabel('Who is it for?').focus();
    await erin.page.getByLabel('Who is it for?').selectOption(`Alice Meyer (${email})`);
    await erin.page.getByRole('button', { name: 'Raise the issue' }).click();
    await erin.page.getByRole('heading', { level: 1, name: title }).waitFor();
    const { results: [issue] } = await api('alice', 'GET', '/api/client/issues/');
    assert.deepEqual([issue.title, issue.created_by_name], [title, 'Erin Walsh']);
  } finally {
    await box.uncheck();
    await toastSays(owner.page, 'Saved.');
  }
  await open(owner.page, '/settings/');
  assert.equal(await box.isChecked(), false);
  assert.equal(await owner.page.getByLabel('Show us in the list of companies').isChecked(), true);
  assert.deepEqual([erin.errors, owner.errors], [[], []]);
});
