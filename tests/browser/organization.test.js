// What the owner sets for the organization, and a long list of staff.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useBrowser } from './browser.js';
import { api, eventually, open, toastSays, visit } from './steps.js';

const browser = useBrowser();

const person = (user, path) => visit(browser, user, path);

const organization = () => api('sahel', 'GET', '/api/organizations/1/');

test('the dashboard has the days of the zone that the owner chose, and says so', async () => {
  const { page, errors } = await person('sahel', '/dashboard/');
  await page.getByText('Days in UTC.').waitFor();
  await open(page, '/settings/');
  const choice = page.getByLabel('Time zone');
  assert.equal(await choice.inputValue(), 'UTC');
  const offered = await choice.locator('option').allInnerTexts();
  assert.ok(offered.length > 300, `${offered.length} zones`);
  assert.ok(offered.includes('America/Argentina/Buenos Aires') || offered.includes('America/Buenos Aires'));
  try {
    await choice.selectOption('Pacific/Kiritimati');
    await page.getByRole('form', { name: 'Organization' }).getByRole('button', { name: 'Save' }).click();
    await toastSays(page, 'Saved.');
    assert.equal((await organization()).time_zone, 'Pacific/Kiritimati');
    const today = () => new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'Pacific/Kiritimati' }).format(new Date());
    const before = today();
    await open(page, '/dashboard/');
    await page.getByText('Days in Kiritimati time (Pacific).').waitFor();
    // its day is the last of the table; it may end meanwhile
    const last = await page.locator('.time-chart tbody th').last().textContent();
    assert.ok([before, today()].includes(last), last);
    await open(page, '/settings/');
    assert.equal(await choice.inputValue(), 'Pacific/Kiritimati');
  } finally {
    await api('sahel', 'PATCH', '/api/organizations/1/', { time_zone: 'UTC' });
  }
  assert.deepEqual(errors, []);
});

test('a zone that the server does not know is refused at its field', async () => {
  const { page, errors } = await person('sahel', '/settings/');
  await page.getByLabel('Time zone').evaluate((select) => { select.options[5].value = 'Europe/Atlantis'; });
  await page.getByLabel('Time zone').selectOption('Europe/Atlantis');
  await page.getByRole('form', { name: 'Organization' }).getByRole('button', { name: 'Save' }).click();
  await page.locator('.field', { hasText: 'Time zone' }).getByText('There is no such time zone.').waitFor();
  assert.equal((await organization()).time_zone, 'UTC');
  assert.deepEqual(errors, []);
});

test('a long list of staff is searched by the API, and paged', async () => {
  const { page, errors } = await person('sahel', null);
  const all = Array.from({ length: 60 }, (_, n) => ({
    id: 5000 + n, username: `person${n}`, full_name: `Person ${n}`, email: `p${n}@example.com`, profile_type: 'employee', is_active: true, is_invited: false, last_login_at: null,
  }));
  await page.route('**/api/employees/?*', (route) => {
    const { search = '', page: number = 1, page_size: size } = Object.fromEntries(new URL(route.request().url()).searchParams);
    assert.ok(size <= 25);
    const fitting = all.filter((p) => p.full_name.toLowerCase().includes(search));
    const results = fitting.slice((number - 1) * size, number * size);
    return route.fulfill({ json: { count: fitting.length, next: number * size < fitting.length ? 'http://next/' : null, previous: null, results } });
  });
  await open(page, '/settings/');
  const rows = page.locator('.rows > li', { hasText: /Person \d/ });
  await rows.nth(24).waitFor();
  assert.equal(await rows.count(), 25);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('p25@example.com').waitFor();
  await page.getByLabel('Search the staff').fill('person 5');
  await eventually('those that fit', async () => await rows.count() === 11);
  await page.getByLabel('Search the staff').fill('nobody');
  await page.getByText('Nobody is found.').waitFor();
  await page.getByLabel('Search the staff').fill('');
  await eventually('all again', async () => await rows.count() === 25);
  assert.deepEqual(errors, []);
});
