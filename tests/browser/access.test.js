// For everybody: by keyboard alone, by screen reader, narrow and wide, light
// and dark, and holding still. Leaves a picture of every page.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { faults } from './axe.js';
import { NARROW, useBrowser, WIDE } from './browser.js';
import { everyPage } from './pages.js';
import { api, focusIsOn, logIn, open, raised, settled, unique, visit, watch } from './steps.js';

const ARTIFACTS = process.env.ARTIFACTS;
const SHIFT_MAX = 0.02;

const browser = useBrowser();
let pages;
before(async () => { pages = await everyPage(); });

/** In the page: what moves although nobody did anything. */
function noteShifts() {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      window.shifts.push([entry.value, ...entry.sources.map((s) => s.node?.className || s.node?.nodeName)]);
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

async function guest(options) {
  const page = await (await browser.context(options)).newPage();
  return { page, errors: watch(page) };
}

/** What is wrong with a page, in the theme that it has now. */
async function lookNow(page, name) {
  const found = (await faults(page)).map((fault) => `${name}: ${fault}`);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (over > 0) found.push(`${name}: ${over} px too wide`);
  if (ARTIFACTS) await page.screenshot({ path: join(ARTIFACTS, `${name}.png`), fullPage: true });
  return found;
}

/** What is wrong with the pages of one person, in a context with these options, in each of these media. */
async function lookAt(who, label, { media, ...options }) {
  const found = [];
  const { page, errors } = who ? await visit(browser, who, null, options) : await guest(options);
  await page.addInitScript(noteShifts);
  for (const { name, path } of pages.filter((p) => p.who === who)) {
    await open(page, path);
    const shifts = await page.evaluate(() => window.shifts);
    if (shifts.reduce((n, [value]) => n + value, 0) > SHIFT_MAX) found.push(`${name}: moves by itself: ${JSON.stringify(shifts)}`);
    const headings = await page.locator('h1').count();
    if (headings !== 1) found.push(`${name}: ${headings} first headings`);
    for (const medium of media) {
      await page.emulateMedia(medium);
      found.push(...await lookNow(page, `${name}-${label}-${Object.values(medium)}`));
    }
  }
  await page.close();
  return [...found, ...errors];
}

const THEMES = [{ colorScheme: 'light' }, { colorScheme: 'dark' }];
for (const [label, options] of [
  ['wide', { viewport: WIDE, media: THEMES }],
  ['narrow', { viewport: NARROW, media: THEMES }],
  // a window of 1440 px at 200 % zoom has 720
  ['zoomed', { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2, media: [{ forcedColors: 'active' }] }],
]) {
  test(`every page, ${label}`, async () => {
    const found = await Promise.all([null, 'alice', 'sahel'].map((who) => lookAt(who, label, options)));
    assert.deepEqual(found.flat(), []);
  });
}

test('open dialogs, menus, forms and errors', async () => {
  const page = await (await browser.context({ viewport: WIDE, colorScheme: 'dark' })).newPage();
  const found = [];
  const check = async (what) => found.push(...(await faults(page)).map((f) => `${what}: ${f}`));
  const issue = await raised();

  await open(page, '/login/');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('Please fill this in.').first().waitFor();
  await check('an empty login');
  await page.getByLabel('User name or e-mail').fill(unique('nobody'));
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('.form-problem:not(:empty)').waitFor();
  await check('a wrong login');

  await logIn(page, 'sahel', `/issues/${issue.id}/`);
  await page.locator('summary.who').click();
  await check('the menu');
  await page.keyboard.press('Escape');
  await focusIsOn(page, 'summary.who'); // it is back
  await page.getByRole('button', { name: 'Internal note' }).click();
  await check('an internal note');
  const resolve = page.getByRole('button', { name: 'Resolve…' });
  await resolve.click();
  await page.getByRole('dialog').waitFor();
  await check('the resolve dialog');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.ok(await resolve.evaluate((button) => button === document.activeElement), 'the focus is back');
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Title', { exact: true }).fill('Mine');
  await api('erin', 'PATCH', `/api/issues/${issue.id}/`, { title: 'Theirs' });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('.conflict').waitFor();
  await check('a conflict');
  await open(page, '/');
  await page.locator('.issues [data-box]').first().check();
  await page.locator('.bulk').waitFor();
  await check('a selection');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await check('the shortcuts');
  assert.deepEqual(found, []);
});

test('an issue is raised by keyboard alone', async () => {
  const page = await (await browser.context({ viewport: NARROW })).newPage();
  const errors = watch(page);
  const { keyboard } = page;
  const at = () => page.evaluate(() => document.activeElement.getAttribute('name') ?? document.activeElement.textContent.trim());
  /** Tabs on until the focus is there; everything on the way must be visible. */
  async function tabTo(wanted) {
    for (let i = 0; i < 60; i += 1) {
      if (await at() === wanted) return;
      await keyboard.press('Tab');
      const seen = await page.evaluate(() => {
        const box = document.activeElement.getBoundingClientRect();
        return document.activeElement === document.body || (box.width > 0 && box.height > 0);
      });
      assert.ok(seen, `the focus is on something invisible: ${await at()}`);
    }
    assert.fail(`no way to ${wanted} by Tab`);
  }

  await page.goto('/login/');
  await settled(page);
  await tabTo('username');
  await keyboard.type('alice');
  await keyboard.press('Tab');
  await keyboard.type('test123456');
  await keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'My issues' }).waitFor();
  await settled(page);
  await tabTo('Raise an issue');
  await keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Raise an issue' }).waitFor();
  await settled(page);
  await focusIsOn(page, 'h1'); // a new page begins there
  await tabTo('organization');
  await keyboard.press('D'); // "Demo Company"
  await tabTo('title');
  const title = unique('By keys');
  await keyboard.type(title);
  await tabTo('description');
  await keyboard.type('No mouse at hand.');
  await tabTo('priority');
  await keyboard.press('H'); // "High"
  await tabTo('Raise the issue');
  await keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
  const id = /issues\/(\d+)/.exec(page.url())[1];
  const issue = await api('alice', 'GET', `/api/client/issues/${id}/`);
  assert.deepEqual([issue.organization_name, issue.priority, issue.description], ['Demo Company', 'high', 'No mouse at hand.']);
  assert.deepEqual(errors, []);
});

test('the first Tab leads past the header', async () => {
  const { page } = await visit(browser, 'erin');
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content');
  await page.keyboard.press('Enter');
  await focusIsOn(page, '#main');
  assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1, 'the page is still there');
});
