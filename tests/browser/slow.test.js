// A slow and unreliable network: nothing that was typed is lost, and nothing is
// sent twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useBrowser, NARROW } from './browser.js';
import { api, loseAnswer, open, raised, settled, toastSays, unique, visit } from './steps.js';

// as on the edge of a mobile network
const SLOW = { offline: false, latency: 400, downloadThroughput: 50 * 1024, uploadThroughput: 20 * 1024 };

const browser = useBrowser();

async function person(user, path) {
  const { page, errors } = await visit(browser, user, null, { viewport: NARROW });
  const client = await page.context().newCDPSession(page);
  await client.send('Network.enable');
  await client.send('Network.emulateNetworkConditions', SLOW);
  await open(page, path);
  return { page, errors };
}

const timesOn = async (id, words) =>
  (await api('sahel', 'GET', `/api/issues/${id}/comments/`)).comments.filter((c) => c.content === words).length;

test('who presses the button again and again sends once', async () => {
  const { id } = await raised();
  const words = unique('impatient');
  const { page, errors } = await person('alice', `/issues/${id}/`);
  await page.getByLabel('Your reply').fill(words);
  const send = page.getByRole('button', { name: 'Send the reply' });
  for (let i = 0; i < 4; i += 1) await send.click();
  await page.getByLabel('Your reply').press('Control+Enter');
  await toastSays(page, 'Your reply is sent.');
  assert.equal(await timesOn(id, words), 1);
  assert.deepEqual(errors, []);
});

for (const [name, user, box, button, call, done] of [
  ['a reply', 'alice', 'Your reply', 'Send the reply', '**/comment/', 'Your reply is sent.'],
  ['a reply of staff', 'erin', /^Reply to/, 'Send the reply', '**/add_comment/', 'The reply is sent.'],
]) {
  test(`${name} whose answer is lost, and whose page is loaded again, is sent once`, async () => {
    const { id } = await raised();
    const words = unique('on the train');
    const { page, errors } = await person(user, `/issues/${id}/`);
    await loseAnswer(page, call);
    await page.getByRole('textbox', { name: box }).fill(words);
    await page.getByRole('button', { name: button }).click();
    await page.locator('.form-problem', { hasText: 'cannot be reached' }).waitFor();
    await page.reload();
    await settled(page);
    assert.equal(await page.getByRole('textbox', { name: box }).inputValue(), words);
    await page.getByRole('button', { name: button }).click();
    await toastSays(page, done);
    assert.equal(await timesOn(id, words), 1);
    assert.deepEqual(errors, []);
  });
}

test('an issue whose answer is lost, and whose page is loaded again, is raised once', async () => {
  const title = unique('In a tunnel');
  const { page, errors } = await person('alice', '/raise/');
  await page.getByLabel('Which company is it about?').selectOption({ label: 'Demo Company' });
  await page.getByLabel('What is wrong, in one line?').fill(title);
  await loseAnswer(page, '**/issues/raise/');
  await page.getByRole('button', { name: 'Raise the issue' }).click();
  await page.locator('.form-problem', { hasText: 'cannot be reached' }).waitFor();
  await page.reload();
  await settled(page);
  assert.equal(await page.getByLabel('What is wrong, in one line?').inputValue(), title);
  await page.getByRole('button', { name: 'Raise the issue' }).click();
  await page.waitForURL(/\/issues\/\d+\//);
  const { results } = await api('alice', 'GET', `/api/client/issues/?search=${encodeURIComponent(title)}`);
  assert.equal(results.filter((i) => i.title === title).length, 1);
  assert.deepEqual(errors, []);
});
