// Long conversations and histories: all of them can be reached, the newest first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SLOWDOWN, useBrowser } from './browser.js';
import { answerChanged, api, asksAgain, derived, eventually, open, raised, settled, visit } from './steps.js';
import { tasksOf } from './tasks.js';

const SENT = 100; // comments that the API sends with an issue
const TASK_MAX = 50 * SLOWDOWN; // ms of the processor

const browser = useBrowser();

const person = (user, path) => visit(browser, user, path);

/**
 * Scrolls through the page. No task may keep the main thread busy for 50 ms, of the
 * processor: by the clock it takes longer while other tests run.
 */
async function scrollThrough(page, t) {
  await page.evaluate(() => scrollTo(0, 0));
  const tasks = await tasksOf(page, async () => {
    for (let i = 0; i < 60; i += 1) {
      await page.mouse.wheel(0, 600);
      await page.evaluate(() => new Promise(requestAnimationFrame));
    }
  });
  assert.ok(await page.evaluate(() => scrollY) > 5000, 'it did scroll');
  assert.ok(tasks.length > 60, `${tasks.length} tasks`);
  t.diagnostic(`the longest of ${tasks.length} tasks: ${tasks[0].cpu.toFixed(1)} ms of the processor, ${tasks[0].wall.toFixed(1)} ms by the clock`);
  assert.ok(tasks[0].cpu < TASK_MAX, `${tasks[0].cpu} ms`);
}

test('earlier messages are shown when they are asked for, and stay', async (t) => {
  const issue = await raised();
  const more = '**Bold**, `code` and a [link](https://example.com/)\n\n- one\n- two\n\n> quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nlet x = 1;\n```';
  const say = (n) => api('erin', 'POST', `/api/issues/${issue.id}/add_comment/`, { content: `message ${n}.\n\n${n % 2 ? more : ''}`, internal: true });
  const all = 2 * SENT + 3;
  for (let n = 1; n <= all; n += 1) await say(n);
  const { page, errors } = await person('sahel', `/issues/${issue.id}/`);
  const thread = page.locator('.thread > li');
  assert.equal(await thread.count(), SENT);
  assert.match(await thread.first().textContent(), /message 104\./);
  const earlier = page.getByRole('button', { name: 'Show earlier messages' });
  await earlier.click();
  await eventually('some more', async () => await thread.count() === 2 * SENT);
  await earlier.click();
  await eventually('all of them', async () => await thread.count() === all);
  assert.match(await thread.first().textContent(), /message 1\./);
  assert.equal(await earlier.count(), 0);

  await scrollThrough(page, t);

  // a new one pushes another out of what the API sends, but not off the page
  await say(all + 1);
  await asksAgain(page);
  await eventually('the new one', async () => await thread.count() === all + 1);
  assert.match(await thread.nth(103).textContent(), /message 104\./);
  assert.deepEqual(errors, []);
});

test('a list of 200 issues is scrolled smoothly', async (t) => {
  await raised();
  const { page, errors } = await person('erin', null);
  // more than the portal asks for at once
  await page.route('**/api/issues/?*', answerChanged(({ results: [issue], ...rest }) => ({
    ...rest, results: Array.from({ length: 200 }, (_, n) => ({ ...issue, id: 100_000 + n, issue_number: `ISS-2026-${n}` })),
  })));
  await open(page, '/?ordering=created_at');
  await eventually('all rows', async () => await page.locator('.issues tbody tr').count() === 200);
  await scrollThrough(page, t);
  assert.deepEqual(errors, []);
});

test('a conversation of hostile texts does not freeze the page', async (t) => {
  const LONGEST = 300 * SLOWDOWN; // ms of the processor; drawn all at once they take many times that
  const issue = await raised();
  const texts = ['![', '*a _b ', '|a|\n|-|\n', '[a](', '+++ a\n', '`a'].map((unit) => unit.repeat(10_000 / unit.length));
  const { page, errors } = await person('erin', null);
  const comment = (n) => ({
    id: n + 1, issue: issue.id, author: 4711, author_name: 'Eve', author_kind: 'customer', content: texts[n % texts.length], is_internal: false,
    linear_comment_id: null, synced_to_linear: true, created_at: issue.created_at, updated_at: issue.created_at,
  });
  await page.route(`**/api/issues/${issue.id}/`, answerChanged((body) => ({ ...body, comments: Array.from({ length: 99 }, (_, n) => comment(n)) })));
  const [longest] = await tasksOf(page, async () => {
    await open(page, `/issues/${issue.id}/`);
    await page.waitForFunction(() => document.querySelectorAll('.thread .markdown').length === 99 && !document.querySelector('.thread .as-written'));
  });
  t.diagnostic(`the longest task took ${Math.round(longest.cpu)} ms of the processor, ${Math.round(longest.wall)} ms by the clock`);
  assert.ok(longest.cpu < LONGEST, `${Math.round(longest.cpu)} ms`);
  assert.deepEqual(errors, []);
});

const entry = (id, field, from, to, more = {}) => ({
  id, actor: null, actor_name: 'Lina Ear', actor_kind: 'linear', field, from, to, is_public: false, created_at: '2026-11-20T10:00:00.000000Z', ...more,
});

test('the history is the newest first, in words, and all of it', async () => {
  const issue = await raised();
  const { page, errors } = await person('erin', null);
  const told = [
    ['conflict_status', 'open', 'resolved', 'changed the status here and in Linear at the same time; Resolved stands, not Open'],
    ['conflict_description', 'old', 'new', 'changed the description here and in Linear at the same time; the later text stands'],
    ['conflict_assigned_to', 'a@b.example', null, 'changed the assignee here and in Linear at the same time; nothing stands, not a@b.example'],
    ['conflict_comment', 'theirs', 'ours', 'changed a reply in Linear'],
    ['linear_warning', null, 'Linear refused the link back.', 'warns: Linear refused the link back.'],
    ['linear_description', 'a', 'b', 'changed the description in Linear'],
    ['linear', 'TOO-7', null, 'removed it from Linear, where it was TOO-7'],
    ['category', 'general', 'billing', 'changed the category from General issue to Billing problem'],
  ];
  const all = Array.from({ length: 300 }, (_, i) => entry(i + 1, 'priority', 'low', 'high'));
  told.forEach(([field, from, to], i) => all.push(entry(301 + i, field, from, to)));
  let asked = 0;
  // the entries of a long life, as the API pages them
  await page.route(`**/api/issues/${issue.id}/activity/*`, (route) => {
    const query = new URL(route.request().url()).searchParams;
    assert.equal(query.get('ordering'), '-created_at');
    const before = Number(query.get('before') ?? Infinity);
    const results = all.filter((e) => e.id < before).reverse().slice(0, Number(query.get('page_size')));
    asked += 1;
    return route.fulfill({ json: { count: results.length, next: results.at(-1).id > 1 ? 'http://next/' : null, previous: null, results } });
  });
  await open(page, `/issues/${issue.id}/`);
  await page.getByText('History').click();
  const entries = page.locator('.entries li');
  await entries.nth(49).waitFor();
  const texts = (await entries.allInnerTexts()).slice(0, told.length).map((t) => t.replaceAll(/\s+/g, ' '));
  told.reverse().forEach(([,,, words], i) => assert.ok(texts[i].includes(`Lina Ear ${words}`), `${texts[i]}: ${words}`));
  assert.equal(texts.filter((t) => /conflict_|linear_/.test(t)).length, 0);
  assert.equal(asked, 1, 'the rest is not read before it is asked for');
  const more = page.getByRole('button', { name: 'Show earlier', exact: true });
  for (let shown = await entries.count(); shown < all.length;) {
    await more.click();
    await eventually('earlier ones', async () => await entries.count() > shown);
    shown = await entries.count();
  }
  assert.equal(await entries.count(), all.length);
  assert.equal(await more.count(), 0);
  assert.deepEqual(errors, []);
});

test('back leads to where one was in a long list', async () => {
  for (let n = 0; n < 12; n += 1) await raised();
  const { page, errors } = await person('erin', '/');
  const link = page.locator('.issues [data-link]').last();
  await link.scrollIntoViewIfNeeded();
  const place = await page.evaluate(() => scrollY);
  assert.ok(place > 100, `${place}`);
  await link.click();
  await page.locator('.thread').waitFor({ state: 'attached' });
  await eventually('the new page begins at its top', () => page.evaluate(() => scrollY === 0));
  await page.goBack();
  await eventually('it is there again', () => page.evaluate((y) => Math.abs(scrollY - y) < 5, place));
  await page.goForward();
  await eventually('and at the top of the other one', () => page.evaluate(() => scrollY === 0));
  assert.deepEqual(errors, []);
});

test('staff find the issues of a customer', async () => {
  const { id } = await raised();
  const { page, errors } = await person('erin', `/issues/${id}/`);
  await page.getByRole('link', { name: 'All their issues' }).click();
  await page.getByRole('heading', { level: 1, name: /^Issues/ }).waitFor();
  await settled(page);
  const names = await page.locator('.issues .sub').allInnerTexts();
  assert.ok(names.length > 0 && names.every((n) => n.includes('Alice Meyer')), names.join('\n'));
  const choice = page.getByLabel('Customer', { exact: true });
  assert.equal(await choice.locator('option:checked').innerText(), 'Alice Meyer');
  await choice.focus();
  await choice.selectOption('Any customer');
  await page.waitForURL((url) => !url.search.includes('raised_by_customer'));
  await choice.selectOption('Alice Meyer (alice@example.com)');
  await page.waitForURL((url) => url.search.includes('raised_by_customer'));
  assert.deepEqual(errors, []);
});

test('customers are found by the beginning of a name or an address', async () => {
  await raised();
  await derived();
  const { page, errors } = await person('sahel', '/');
  // of an organization with very many customers
  await page.route((url) => url.pathname === '/api/customers/' && !url.searchParams.has('search'), answerChanged((body) => ({ ...body, next: 'http://next/' })));
  await page.getByLabel('Customer', { exact: true }).focus();
  await page.getByLabel('Customer', { exact: true }).selectOption('Search…');
  const dialog = page.getByRole('dialog', { name: 'Search the customers' });
  for (const words of ['mey', 'alice@exa', 'MEYER al']) {
    await dialog.getByLabel('Search').fill(words);
    await dialog.getByText('1 of 1', { exact: true }).waitFor();
    await dialog.getByLabel('Search').fill('eyer');
    await dialog.getByText('0 of 0', { exact: true }).waitFor();
  }
  await dialog.getByLabel('Search').fill('mey');
  await dialog.getByRole('button', { name: 'Alice Meyer (alice@example.com)' }).click();
  await page.waitForURL((url) => url.search.includes('raised_by_customer'));
  assert.deepEqual(errors, []);
});
