// What staff see of Linear: an issue's text there, how far its sync is, and what may be done about it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useBrowser } from './browser.js';
import { act, answerChanged, api, eventually, inLinear, logInAs, neverPolls, open, raised, toastSays, unique, visit } from './steps.js';

const browser = useBrowser();

const person = (user, path) => visit(browser, user, path);

/** The box about Linear on an issue's page; says(text) and offers(buttons) wait for it. */
function linearBox(page) {
  const box = page.getByRole('region', { name: 'Linear' });
  return {
    box,
    says: (text) => box.getByText(text).waitFor(),
    button: (name) => box.getByRole('button', { name }),
    offers: (...names) => eventually(`buttons: ${names}`, async () => (
      JSON.stringify(await box.getByRole('button').allInnerTexts()) === JSON.stringify(names))),
  };
}

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
  const { page, errors } = await person('erin', null);
  await neverPolls(page);
  await open(page, `/issues/${issue.id}/`);
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
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
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
  await page.getByRole('heading', { level: 1, name: later }).waitFor();
  assert.deepEqual(errors, []);
});

test('an issue that is gone from Linear says so, and is linked again once it is restored', async () => {
  const issue = await raised();
  const { linear_issue_id: id, linear_identifier: identifier } = await inLinear(issue.id);
  await act({ do: 'trash', issue: id });
  await eventually('it is unlinked', async () => !(await api('erin', 'GET', `/api/issues/${issue.id}/`)).synced_to_linear);
  const { page, errors } = await person('erin', `/issues/${issue.id}/`);
  const { box, says, button, offers } = linearBox(page);
  await says('Linear has this issue no more');
  await offers('Read again from Linear');

  await button('Read again from Linear').click();
  await toastSays(page, 'The issue is not in Linear.');
  await says('Linear has this issue no more');

  await act({ do: 'unarchive', issue: id });
  await button('Read again from Linear').click();
  await toastSays(page, 'Issue synced from Linear successfully');
  await box.getByRole('link', { name: identifier }).waitFor();
  await offers('Sync now', 'Read again from Linear');
  assert.equal(await box.getByText('Linear has this issue no more').count(), 0);
  assert.deepEqual(errors, []);
});

test('an issue of an organization without a team, and once it has one', async () => {
  const issue = await raised({ organization: 2 });
  // one that nobody else is tied to
  const key = `T${Date.now().toString(36).toUpperCase()}`;
  const { row: { id: ours } } = await act({ do: 'add_team', key, name: `Team ${key}` });
  const { page, errors } = await person('omar', `/issues/${issue.id}/`);
  const { box, says, button, offers } = linearBox(page);
  await says('The organization has no team in Linear. Its owner can choose one');
  await offers();

  const owner = await logInAs(browser, 'testuser');
  await owner.page.locator('summary.who').click();
  await owner.page.getByRole('button', { name: 'Owner, Other Company' }).click();
  await owner.page.getByRole('heading', { level: 1, name: /^Issues Other Company/ }).waitFor();
  await open(owner.page, `/issues/${issue.id}/`);
  await linearBox(owner.page).box.getByRole('link', { name: 'Choose the team' }).click();
  const tie = async (team) => {
    await owner.page.getByLabel('Linear team').selectOption(team);
    await owner.page.getByRole('form', { name: 'Organization' }).getByRole('button', { name: 'Save' }).click();
    await toastSays(owner.page, 'Saved.');
    await eventually('it is so', async () => ((await api('omar', 'GET', '/api/linear/status/')).team === null) === !team);
  };
  await tie(ours);
  try {
    await page.reload();
    await says('This issue is not in Linear yet');
    await offers('Sync now');

    // the team is gone before it is sent
    await tie('');
    await button('Sync now').click();
    await toastSays(page, 'The organization is not tied to a Linear team.');
    await says('The organization has no team in Linear.');
    await offers();
    await page.waitForFunction(() => document.activeElement.textContent === 'Linear'); // near where the button was

    await tie(ours);
    await page.reload();
    await button('Sync now').click();
    await toastSays(page, 'Issue synced to Linear successfully');
    await box.getByRole('link', { name: new RegExp(`^${key}-`) }).waitFor();
    await offers('Sync now', 'Read again from Linear');
  } finally {
    await tie('');
  }
  assert.deepEqual([errors, owner.errors], [[], []]);
});

test('without a key nothing is offered', async () => {
  const issue = await raised();
  const { page, errors } = await person('erin', null);
  await page.route(`**/api/issues/${issue.id}/`, answerChanged((body) => ({ ...body, sync_state: 'off' })));
  await page.route('**/api/linear/status/', answerChanged((body) => ({ ...body, configured: false, key_works: false })));
  await open(page, `/issues/${issue.id}/`);
  const { says, offers } = linearBox(page);
  await says('This installation has no Linear key.');
  await offers();
  assert.deepEqual(errors, []);
});

test('that webhooks do not arrive is told, and what to check', async () => {
  const { page, errors } = await person('erin', null);
  const warning = page.getByRole('alert').filter({ hasText: 'webhooks do not arrive' });
  let fields;
  await page.route('**/api/linear/status/', answerChanged((body) => ({ ...body, ...fields })));
  for (const [changes, told] of [[{ webhooks_arrive: false }, 1], [{ webhooks_arrive: true }, 0], [{ webhooks_arrive: undefined }, 0],
    [{ webhooks_arrive: false, configured: false }, 0]]) {
    fields = changes;
    await open(page, '/linear/');
    await page.getByRole('heading', { level: 2, name: 'The sync' }).waitFor();
    if (told) await warning.waitFor();
    assert.equal(await warning.count(), told, JSON.stringify(fields));
    if (told) assert.match(await warning.innerText(), /enabled[^]*\/api\/webhooks\/linear\/[^]*secret/);
  }
  assert.deepEqual(errors, []);
});

