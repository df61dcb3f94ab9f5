// Whatever is sent twice on purpose arrives twice; what is sent again because
// its answer was lost arrives once. In every place that sends words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useBrowser } from './browser.js';
import { api, loseAnswer, open, raised, settled, toastSays, unique, visit } from './steps.js';

const browser = useBrowser();

const person = (user) => visit(browser, user, null);

/** How often the words stand on the issue, as staff see it. */
async function timesOn(id, words) {
  const { comments } = await api('sahel', 'GET', `/api/issues/${id}/comments/`);
  return comments.filter((c) => c.content === words).length;
}

/** How many issues have the words as their title. */
async function timesRaised(words) {
  const { results } = await api('alice', 'GET', `/api/client/issues/?search=${encodeURIComponent(words)}`);
  return results.filter((i) => i.title === words).length;
}

async function writeComment(page, { box, button }, words) {
  await page.getByRole('textbox', { name: box }).fill(words);
  await page.getByRole('button', { name: button }).click();
}

async function fillRaise(page, words) {
  await page.getByLabel('Which company is it about?').selectOption({ label: 'Demo Company' });
  await page.getByLabel('What is wrong, in one line?').fill(words);
  await page.getByRole('button', { name: 'Raise the issue' }).click();
}

const COMMENTS = [
  { name: 'a customer’s reply', user: 'alice', box: 'Your reply', button: 'Send the reply', call: '**/comment/', done: 'Your reply is sent.' },
  { name: 'a reply of staff', user: 'erin', box: /^Reply to/, button: 'Send the reply', call: '**/add_comment/', done: 'The reply is sent.' },
  { name: 'an internal note', user: 'erin', box: 'Internal note', button: 'Save the note', call: '**/add_comment/', done: 'The note is saved.', face: 'Internal note' },
];

for (const place of COMMENTS) {
  test(place.name, async () => {
    const { page, errors } = await person(place.user);
    const { id } = await raised();
    const words = unique('ping');
    await open(page, `/issues/${id}/`);
    if (place.face) await page.getByRole('button', { name: place.face }).click();

    await loseAnswer(page, place.call);
    await writeComment(page, place, words);
    await page.locator('.form-problem', { hasText: 'cannot be reached' }).waitFor();
    await page.getByRole('button', { name: place.button }).click();
    await toastSays(page, place.done);
    assert.equal(await timesOn(id, words), 1, 'a repeat after a lost answer');

    for (const times of [2, 3]) {
      const [answer] = await Promise.all([
        page.waitForResponse((r) => r.request().method() === 'POST' && r.url().includes(place.call.slice(3))),
        writeComment(page, place, words),
      ]);
      assert.equal(answer.status(), 201);
      assert.equal(await timesOn(id, words), times, 'on purpose');
      await page.waitForFunction(() => [...document.querySelectorAll('.composer textarea, form textarea')].every((t) => !t.value));
    }
    assert.deepEqual(errors, []);
  });
}

test('an issue', async () => {
  const { page, errors } = await person('alice');
  const words = unique('Broken');
  await open(page, '/raise/');
  await loseAnswer(page, '**/issues/raise/');
  await fillRaise(page, words);
  await page.locator('.form-problem', { hasText: 'cannot be reached' }).waitFor();
  await page.getByRole('button', { name: 'Raise the issue' }).click();
  await page.waitForURL(/\/issues\/\d+\//);
  assert.equal(await timesRaised(words), 1, 'a repeat after a lost answer');
  await settled(page);
  await page.getByRole('link', { name: 'Raise an issue' }).first().click();
  await page.waitForURL('**/raise/');
  await settled(page);
  await fillRaise(page, words);
  await page.waitForURL(/\/issues\/\d+\//);
  assert.equal(await timesRaised(words), 2, 'on purpose');
  assert.deepEqual(errors, []);
});

test('why an issue is reopened', async () => {
  const { page, errors } = await person('alice');
  const { id } = await raised();
  const words = unique('It is still broken');
  for (const times of [1, 2]) {
    await api('erin', 'POST', `/api/issues/${id}/resolve/`, {});
    await open(page, `/issues/${id}/`);
    await page.getByRole('button', { name: 'Reopen', exact: true }).click();
    await page.getByLabel('What is still wrong?').fill(words);
    await page.getByRole('button', { name: 'Reopen the issue' }).click();
    await toastSays(page, 'The issue is open again.');
    assert.equal(await timesOn(id, words), times);
  }
  assert.deepEqual(errors, []);
});
