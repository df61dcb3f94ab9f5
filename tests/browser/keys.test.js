// By keyboard: what each key does, also when the page is slow to follow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useBrowser } from './browser.js';
import { api, eventually, focusIsOn, raised, settled, toastSays, unique, visit } from './steps.js';

const browser = useBrowser();

const hasFocus = (locator) => eventually('the focus is there', () => locator.evaluate((node) => node === document.activeElement));

test('a day by keyboard', async () => {
  const word = unique('Keys').replaceAll(' ', '');
  await raised({ title: `${word} older` });
  const issue = await raised({ title: `${word} newer` });
  const { page, errors } = await visit(browser, 'erin', `/?search=${word}`);
  const { keyboard } = page;

  const link = (title) => page.getByRole('link', { name: `${word} ${title}` });
  for (const title of ['older', 'newer']) await link(title).waitFor();

  await keyboard.press('j');
  await hasFocus(link('newer'));
  await keyboard.press('x');
  await page.getByText('1 issue selected').waitFor();
  await keyboard.press('Escape');
  await page.locator('.bulk').waitFor({ state: 'hidden' });
  await keyboard.press('j');
  await hasFocus(link('older'));
  await keyboard.press('k');
  await hasFocus(link('newer'));
  await keyboard.press('Enter');
  await page.waitForURL(`**/issues/${issue.id}/`);
  await settled(page);

  await focusIsOn(page, 'h1');
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
  await keyboard.press('j');
  await page.getByRole('heading', { level: 1, name: `${word} older` }).waitFor();
  await settled(page);
  await keyboard.press('u');
  await page.waitForURL(`**/?search=${word}`);
  await settled(page);
  await keyboard.type('gd');
  await page.getByRole('heading', { level: 1, name: /^Dashboard/ }).waitFor();
  assert.deepEqual(errors, []);
});

test('a key counts as soon as a dialog is closed, and no letter that is typed into a form', async () => {
  const { id } = await raised();
  const { page, errors } = await visit(browser, 'erin', `/issues/${id}/`);
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  // before the browser says that it is closed
  const focused = await page.evaluate(async () => {
    document.querySelector('dialog').close();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true }));
    await null;
    return document.activeElement.tagName;
  });
  assert.equal(focused, 'TEXTAREA');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  // before the browser draws what the first key opened
  await page.locator('h1').focus();
  const at = await page.evaluate(async () => {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'e', bubbles: true }));
    for (let i = 0; i < 50; i += 1) await null;
    return document.activeElement.getAttribute('name');
  });
  assert.equal(at, 'title');
  assert.deepEqual(errors, []);
});

test('of two keys the time counts when they were pressed, not when the page had time for them', async () => {
  const { page, errors } = await visit(browser, 'erin', '/');
  const press = (...keys) => page.evaluate((all) => {
    for (const [key, timeStamp] of all) {
      const event = new KeyboardEvent('keydown', { key, bubbles: true });
      Object.defineProperty(event, 'timeStamp', { value: timeStamp });
      document.body.dispatchEvent(event);
    }
  }, keys);
  await press(['g', 10_000], ['d', 13_000]);
  assert.equal(new URL(page.url()).pathname, '/');
  await press(['g', 20_000], ['d', 20_200]);
  await page.waitForURL('**/dashboard/');
  assert.deepEqual(errors, []);
});

test('a new page takes the focus to its heading, but from nobody who has moved it', async () => {
  const { page, errors } = await visit(browser, 'erin', '/');
  const held = [];
  await page.route('**/api/notifications/*', (route) => held.push(route));
  const goThere = async () => {
    await page.getByRole('link', { name: /^Notifications/ }).click();
    await eventually('it is asked', () => held.length > 0);
    assert.equal(await page.locator('#main').getAttribute('aria-busy'), 'true');
  };
  await goThere();
  await held.pop().continue();
  await settled(page);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1');

  await page.getByRole('link', { name: 'Issues', exact: true }).first().click();
  await page.getByRole('heading', { level: 1, name: /^Issues/ }).waitFor();
  await settled(page);
  await goThere();
  const elsewhere = page.getByRole('link', { name: 'Dashboard' });
  await elsewhere.focus();
  await held.pop().continue();
  await settled(page);
  assert.ok(await elsewhere.evaluate((node) => node === document.activeElement), 'the focus stays');
  assert.deepEqual(errors, []);
});
