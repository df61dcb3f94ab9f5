// A staff member's day: lists, many at once, two at one issue, keys.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from './browser.js';
import { act, api, eventually, inLinear, mailedLink, open, raised, settled, toastSays, unique, visit, watch } from './steps.js';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const person = (user, path) => visit(browser, user, path);

const titles = (page) => page.locator('.issues [data-link]').allInnerTexts();

test('filters live in the address: shared, reloaded, taken back', async () => {
  const word = unique('Filterable').replaceAll(' ', '');
  await raised({ title: `${word} one`, priority: 'urgent', category: 'billing' });
  await raised({ title: `${word} two`, priority: 'low' });
  const { page, errors } = await person('erin', `/?search=${word}`);
  assert.deepEqual((await titles(page)).sort(), [`${word} one`, `${word} two`]);

  await page.getByLabel('Priority', { exact: true }).selectOption('urgent');
  await eventually('one is left', async () => (await titles(page)).length === 1);
  assert.match(page.url(), /priority=urgent/);
  assert.match(page.url(), new RegExp(`search=${word}`));

  await page.goBack();
  await settled(page);
  assert.equal((await titles(page)).length, 2);
  assert.equal(await page.getByLabel('Priority', { exact: true }).inputValue(), '');
  await page.goForward();
  await settled(page);
  assert.deepEqual(await titles(page), [`${word} one`]);
  await page.reload();
  await settled(page);
  assert.deepEqual(await titles(page), [`${word} one`]);

  await page.getByRole('link', { name: `${word} one` }).click();
  await settled(page);
  await page.getByRole('link', { name: 'Issues' }).nth(1).click();
  await settled(page);
  assert.match(page.url(), /priority=urgent/);
  await page.getByRole('navigation', { name: 'By status' }).getByRole('link', { name: /^Closed/ }).click();
  await page.getByText('No issue fits').waitFor();
  assert.deepEqual(errors, []);
});

test("Linear's own text is beside the customer's, and what staff should know of the sync", async () => {
  const issue = await raised({ description: 'Own words' });
  const { linear_issue_id: id } = await inLinear(issue.id);
  await act({ do: 'edit', issue: id, description: '**Their** words' });
  await act({ do: 'add_state', team: 'TOO', name: 'Nowhere', type: 'nowhere' });
  await act({ do: 'move', issue: id, state: 'Nowhere' });
  await eventually('it is heard of', async () => (await api('erin', 'GET', `/api/issues/${issue.id}/`)).linear_warning);
  const { page, errors } = await person('erin', `/issues/${issue.id}/`);
  const side = page.getByRole('region', { name: 'Linear' });
  await side.getByText('"Nowhere" is of an unknown type').waitFor();
  await side.getByText('Description in Linear').click();
  await side.locator('strong', { hasText: 'Their' }).waitFor();
  await page.getByText('Own words').waitFor();
  assert.deepEqual(errors, []);
  await act({ do: 'remove_state', team: 'TOO', state: 'Nowhere' });
});

test('an issue is read again from Linear, by keyboard', async () => {
  const issue = await raised();
  const { linear_issue_id: id } = await inLinear(issue.id);
  const { page, errors } = await person('erin', `/issues/${issue.id}/`);
  const button = page.getByRole('region', { name: 'Linear' }).getByRole('button', { name: 'Read again from Linear' });
  const path = `**/api/issues/${issue.id}/sync_from_linear/`;
  const title = unique('Renamed in Linear');
  await act({ do: 'edit', issue: id, title });

  let letGo;
  await page.route(path, async (route) => {
    await new Promise((resolve) => { letGo = resolve; });
    await route.continue();
  });
  await button.focus();
  await page.keyboard.press('Enter');
  await eventually('it is asked for', async () => letGo);
  assert.equal(await button.getAttribute('aria-disabled'), 'true');
  letGo();
  await toastSays(page, 'Issue synced from Linear successfully');
  await page.getByRole('heading', { level: 1, name: title }).waitFor({ timeout: 5000 });
  assert.equal(await button.getAttribute('aria-disabled'), 'false');
  assert.ok(await button.evaluate((node) => node === document.activeElement), 'the focus stays');

  // Linear does not: why is told, and the page still is as new as can be
  await page.unroute(path);
  await page.route(path, (route) => route.fulfill({
    status: 502, json: { error: 'Linear is having a rest.', code: 'linear_unavailable', details: {}, status_code: 502 },
  }));
  const later = unique('Renamed here');
  await api('sahel', 'PATCH', `/api/issues/${issue.id}/`, { title: later });
  await button.click();
  await toastSays(page, 'Linear is having a rest.');
  await page.getByRole('heading', { level: 1, name: later }).waitFor({ timeout: 5000 });
  assert.deepEqual(errors, []);
});

/** For page.route: what the API answers, but for these. */
const answerWith = (fields) => async (route) => {
  const { 'if-none-match': seen, ...headers } = route.request().headers();
  const answer = await route.fetch({ headers });
  await route.fulfill({ response: answer, json: { ...await answer.json(), ...fields } });
};

/** The box about Linear on an issue's page; says(text) waits for it, buttons() are those to see. */
function linearBox(page) {
  const box = page.getByRole('region', { name: 'Linear' });
  return {
    box,
    says: (text) => box.getByText(text).waitFor(),
    button: (name) => box.getByRole('button', { name }),
    buttons: () => box.getByRole('button').allInnerTexts(),
  };
}

test('an issue that Linear has no more says so, and is linked again once it is restored', async () => {
  const issue = await raised();
  const { linear_issue_id: id, linear_identifier: identifier } = await inLinear(issue.id);
  await act({ do: 'trash', issue: id });
  await eventually('it is unlinked', async () => !(await api('erin', 'GET', `/api/issues/${issue.id}/`)).synced_to_linear);
  const { page, errors } = await person('erin', `/issues/${issue.id}/`);
  const { box, says, button, buttons } = linearBox(page);
  await says('Linear has this issue no more');
  assert.deepEqual(await buttons(), ['Read again from Linear']);

  await button('Read again from Linear').click();
  await toastSays(page, 'The issue is not in Linear.');
  await says('Linear has this issue no more');

  await act({ do: 'unarchive', issue: id });
  await button('Read again from Linear').click();
  await toastSays(page, 'Issue synced from Linear successfully');
  await box.getByRole('link', { name: identifier }).waitFor();
  assert.deepEqual(await buttons(), ['Sync now', 'Read again from Linear']);
  assert.equal(await box.getByText('Linear has this issue no more').count(), 0);
  assert.deepEqual(errors, []);
});

test('an issue of an organization without a team, and once it has one', async () => {
  const issue = await raised({ organization: 2 });
  // one that nobody else is tied to
  const key = `T${Date.now().toString(36).toUpperCase()}`;
  const { row: { id: ours } } = await act({ do: 'add_team', key, name: `Team ${key}` });
  const { page, errors } = await person('omar', `/issues/${issue.id}/`);
  const { box, says, button, buttons } = linearBox(page);
  await says('The organization has no team in Linear. Its owner can choose one');
  assert.deepEqual(await buttons(), []);

  const owner = await person('testuser');
  await owner.page.locator('summary.who').click();
  await owner.page.getByRole('button', { name: 'Owner, Other Company' }).click();
  await owner.page.getByRole('heading', { level: 1, name: /^Issues Other Company/ }).waitFor();
  await open(owner.page, `/issues/${issue.id}/`);
  await linearBox(owner.page).box.getByRole('link', { name: 'Choose the team' }).click();
  const tie = async (team) => {
    await owner.page.getByLabel('Linear team').selectOption(team);
    await owner.page.getByRole('form', { name: 'Organization' }).getByRole('button', { name: 'Save' }).click();
    await eventually('it is so', async () => ((await api('omar', 'GET', '/api/linear/status/')).team === null) === !team);
  };
  await tie(ours);
  try {
    await page.reload();
    await says('This issue is not in Linear yet');
    assert.deepEqual(await buttons(), ['Sync now']);

    // the team is gone before it is sent
    await tie('');
    await button('Sync now').click();
    await toastSays(page, 'The organization is not tied to a Linear team.');
    await says('The organization has no team in Linear.');
    assert.deepEqual(await buttons(), []);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Linear', 'the focus is near where the button was');

    await tie(ours);
    await page.reload();
    await button('Sync now').click();
    await toastSays(page, 'Issue synced to Linear successfully');
    await box.getByRole('link', { name: new RegExp(`^${key}-`) }).waitFor();
    assert.deepEqual(await buttons(), ['Sync now', 'Read again from Linear']);
  } finally {
    await tie('');
  }
  assert.deepEqual([errors, owner.errors], [[], []]);
});

test('without a key nothing is offered', async () => {
  const issue = await raised();
  const { page, errors } = await person('erin');
  await page.route(`**/api/issues/${issue.id}/`, answerWith({ sync_state: 'off' }));
  await page.route('**/api/linear/status/', answerWith({ configured: false, key_works: false }));
  await open(page, `/issues/${issue.id}/`);
  const { says, buttons } = linearBox(page);
  await says('This installation has no Linear key.');
  assert.deepEqual(await buttons(), []);
  assert.deepEqual(errors, []);
});

test('that webhooks do not arrive is told, and what to check', async () => {
  const { page, errors } = await person('erin');
  const warning = page.getByRole('alert').filter({ hasText: 'webhooks do not arrive' });
  for (const [fields, told] of [[{ webhooks_arrive: false }, 1], [{ webhooks_arrive: true }, 0], [{ webhooks_arrive: undefined }, 0],
    [{ webhooks_arrive: false, configured: false }, 0]]) {
    await page.route('**/api/linear/status/', answerWith(fields));
    await open(page, '/linear/');
    await page.getByRole('heading', { level: 2, name: 'The sync' }).waitFor();
    assert.equal(await warning.count(), told, JSON.stringify(fields));
    if (told) assert.match(await warning.innerText(), /enabled[^]*\/api\/webhooks\/linear\/[^]*secret/);
    await page.unroute('**/api/linear/status/');
  }
  assert.deepEqual(errors, []);
});

test('many issues are changed at once, and what failed is told', async () => {
  const word = unique('Bulk').replaceAll(' ', '');
  const issues = [];
  for (const n of [1, 2, 3]) issues.push(await raised({ title: `${word} ${n}` }));
  const { page, errors } = await person('sahel', `/?search=${word}`);
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

  // one of them goes away before the next change
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

test('a day by keyboard', async () => {
  const word = unique('Keys').replaceAll(' ', '');
  await raised({ title: `${word} older` });
  const issue = await raised({ title: `${word} newer` });
  const { page, errors } = await person('erin', `/?search=${word}`);
  const { keyboard } = page;

  await keyboard.press('j');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), `${word} newer`);
  await keyboard.press('x');
  await page.getByText('1 issue selected').waitFor();
  await keyboard.press('Escape');
  await page.locator('.bulk').waitFor({ state: 'hidden' });
  await keyboard.press('j');
  await keyboard.press('k');
  await keyboard.press('Enter');
  await page.waitForURL(`**/issues/${issue.id}/`);
  await settled(page);

  await keyboard.press('n');
  await keyboard.type('Noted rj');
  await keyboard.press('Control+Enter');
  await page.locator('.message.internal', { hasText: 'Noted rj' }).waitFor();
  await page.locator('h1').focus();
  await keyboard.press('r');
  await keyboard.type('Answered');
  await keyboard.press('Control+Enter');
  await page.locator('.message.staff:not(.internal)', { hasText: 'Answered' }).waitFor();
  await page.locator('h1').focus();
  await keyboard.press('m');
  await toastSays(page, 'Saved.');
  await eventually('it is Erin\'s', async () => (
    (await api('erin', 'GET', `/api/issues/${issue.id}/`)).assigned_to_name === 'Erin Walsh'));

  await keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await keyboard.press('Escape');
  await page.locator('h1').focus();
  await keyboard.press('j');
  await page.getByRole('heading', { level: 1, name: `${word} older` }).waitFor();
  await keyboard.press('u');
  await settled(page);
  assert.match(page.url(), new RegExp(`search=${word}`));
  await keyboard.press('g');
  await keyboard.press('d');
  await page.getByRole('heading', { level: 1, name: /^Dashboard/ }).waitFor();
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
  const { page, errors } = await person('testuser');
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
  const { page, errors } = await person('erin', '/');
  const asked = [];
  // what a thousand issues would be needed for
  await page.route(/\/api\/issues\/\?.*search=seldom/, (route) => {
    const url = new URL(route.request().url());
    const cursor = url.searchParams.get('cursor');
    asked.push(cursor);
    const next = cursor ? null : `${url.origin}/api/issues/?search=seldom+together&cursor=2.1.1.7`;
    return route.fulfill({ json: { count: 0, next, previous: null, results: [] } });
  });
  await page.goto(new URL('/?search=seldom+together', page.url()).href);
  await settled(page);
  const link = page.getByRole('link', { name: 'Look further' });
  assert.match(await page.locator('main').innerText(), /No issue fits so far/);
  await link.click();
  await eventually('it looks further', async () => asked.at(-1) === '2.1.1.7');
  await settled(page);
  assert.equal(await link.count(), 0);
  assert.match(await page.locator('main').innerText(), /No issue fits\n/);
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
