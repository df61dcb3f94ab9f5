// How often a page asks the API before it is there, and what it asks later.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useBrowser } from './browser.js';
import { eventually, neverPolls, open, raised, settled, toastSays, visit } from './steps.js';

const ASKED_MAX = 2;

const browser = useBrowser();

async function person(user) {
  const { page, errors } = await visit(browser, user, null);
  const asked = [];
  await neverPolls(page); // however long they are looked at
  page.on('request', (r) => {
    const { pathname } = new URL(r.url());
    if (pathname.startsWith('/api/')) asked.push(`${r.method()} ${pathname}`);
  });
  return { page, errors, asked };
}

/** Types faster than any timer of the page, but so that each letter is drawn. */
const typeFast = (input, letters) => input.evaluate(async (node, text) => {
  for (const letter of text) {
    node.value += letter;
    node.dispatchEvent(new InputEvent('input', { bubbles: true }));
    for (let i = 0; i < 50; i += 1) await null;
  }
}, letters);

for (const user of ['alice', 'erin']) {
  test(`the pages of ${user} ask at most ${ASKED_MAX} times`, async () => {
    const { id } = await raised();
    const { page, errors, asked } = await person(user);
    for (const path of ['/', `/issues/${id}/`]) {
      asked.length = 0;
      await open(page, path);
      await page.waitForLoadState('networkidle');
      assert.ok(asked.length > 0 && asked.length <= ASKED_MAX, `${path}: ${asked.join(', ')}`);
    }
    // from page to page only what is new
    asked.length = 0;
    await page.getByRole('link', { name: /^(My issues|Issues)$/ }).first().click();
    await page.getByRole('navigation', { name: 'By status' }).waitFor();
    await settled(page);
    assert.equal(asked.length, 1, asked.join(', '));
    assert.deepEqual(errors, []);
  });
}

test('lists to choose from are fetched when they are opened', async () => {
  const { id } = await raised();
  const { page, errors, asked } = await person('erin');
  await open(page, `/issues/${id}/`);
  asked.length = 0;
  await page.getByLabel('Assignee').focus();
  await eventually('the staff', () => asked.includes('GET /api/employees/'));
  await page.getByLabel('Assignee').selectOption({ label: 'Sahel Rahimi' });
  await page.getByRole('button', { name: 'Save changes' }).click();
  await toastSays(page, 'Saved.');
  assert.equal(asked.filter((a) => a === 'GET /api/employees/').length, 1);
  assert.deepEqual(errors, []);
});

test('of a long list the rest is searched by the API', async () => {
  const { id } = await raised();
  const { page, errors } = await person('erin');
  const all = Array.from({ length: 700 }, (_, n) => ({ id: 1000 + n, order_number: `PO-${n}`, title: n === 333 ? 'The blue one' : null }));
  const asked = [];
  // what an organization has that is larger than the demo's
  await page.route('**/api/orders/?*', (route) => {
    const query = Object.fromEntries(new URL(route.request().url()).searchParams);
    asked.push(query);
    const fitting = all.filter((o) => `${o.order_number} ${o.title}`.toLowerCase().includes(query.search ?? ''));
    const results = fitting.slice(0, Number(query.page_size));
    return route.fulfill({ json: { count: fitting.length, next: results.length < fitting.length ? 'http://next/' : null, previous: null, results } });
  });
  await page.route(`**/api/issues/${id}/`, (route) => (route.request().method() === 'PATCH'
    ? route.fulfill({ status: 400, json: { error: 'Not one of ours.', code: 'invalid', details: { order: ['Not one of ours.'] }, status_code: 400, request_id: '1' } })
    : route.continue()));
  await open(page, `/issues/${id}/`);
  const choice = page.getByLabel('Order', { exact: true });
  await choice.focus();
  await choice.selectOption('Search…');
  const dialog = page.getByRole('dialog', { name: 'Search the orders' });
  await dialog.getByText('25 of 700').waitFor();
  asked.length = 0;
  await typeFast(dialog.getByLabel('Search'), 'blue');
  await dialog.getByText('1 of 1', { exact: true }).waitFor();
  assert.equal(asked.at(-1).search, 'blue');
  assert.equal(asked.length, 1, 'not for each letter');
  assert.ok(asked.every((query) => !query.page && Number(query.page_size) <= 100), 'the list is never read as a whole');
  await dialog.getByRole('button', { name: 'PO-333: The blue one' }).click();
  await eventually('it is chosen', async () => await choice.inputValue() === '1333');
  assert.equal(await choice.locator('option:checked').innerText(), 'PO-333: The blue one');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.locator('.properties .field-error', { hasText: 'Not one of ours.' }).waitFor();
  assert.deepEqual(errors, []);
});

test('a search that fails says so, and can be tried again', async () => {
  const { id } = await raised();
  const { page, errors } = await person('erin');
  let isDown = false;
  await page.route('**/api/orders/?*', (route) => (isDown
    ? route.fulfill({ status: 503, json: { error: 'Docket is busy.', code: 'busy', details: {}, status_code: 503, request_id: '1' } })
    : route.fulfill({ json: { count: 200, next: 'http://next/', previous: null, results: [{ id: 7, order_number: 'PO-7', title: null }] } })));
  await open(page, `/issues/${id}/`);
  const choice = page.getByLabel('Order', { exact: true });
  await choice.focus();
  await eventually('the first ones', async () => (await choice.locator('option').allInnerTexts()).includes('Search…'));
  isDown = true;
  await choice.selectOption('Search…');
  const dialog = page.getByRole('dialog', { name: 'Search the orders' });
  await dialog.getByText('Docket is busy.').waitFor();
  isDown = false;
  await dialog.getByRole('button', { name: 'Try again' }).click();
  await dialog.getByRole('button', { name: 'PO-7' }).waitFor();
  assert.deepEqual(errors, []);
});
