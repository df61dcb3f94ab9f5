// What people take back: customers correct and withdraw what they raised, and
// everybody what they have just written.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useBrowser } from './browser.js';
import { api, eventually, raised, toastSays, unique, visit } from './steps.js';

const browser = useBrowser();

const person = (user, path) => visit(browser, user, path);

test('a customer corrects an issue, and withdraws it', async () => {
  const issue = await raised();
  const { page, errors } = await person('alice', `/issues/${issue.id}/`);
  const title = unique('Corrected');
  await page.getByRole('button', { name: 'Correct…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Title').fill(title);
  await dialog.getByLabel('Description').fill('In **better** words.');
  await dialog.getByLabel('Priority').selectOption('urgent');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await toastSays(page, 'Your issue is corrected.');
  await eventually('the new title', async () => await page.getByRole('heading', { level: 1 }).innerText() === title);
  await eventually('the new words', async () => await page.locator('.message .markdown strong').innerText() === 'better');
  const now = await api('sahel', 'GET', `/api/issues/${issue.id}/`);
  assert.deepEqual([now.title, now.priority, now.category], [title, 'urgent', issue.category]);

  await page.getByRole('button', { name: 'Withdraw…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
  await toastSays(page, 'Your issue is withdrawn.');
  await eventually('closed', async () => await page.locator('.progress [aria-current="step"]').innerText() === 'Closed');
  assert.equal(await page.getByRole('button', { name: 'Withdraw…' }).count(), 0);
  assert.equal(await page.getByRole('button', { name: 'Correct…' }).count(), 0);
  assert.deepEqual(errors, []);
});

for (const [user, other] of [['alice', 'erin'], ['erin', 'alice']]) {
  test(`${user} edits and withdraws a reply, and nobody else's`, async () => {
    const issue = await raised();
    const say = (who, content) => api(who, 'POST', `/api/issues/${issue.id}/add_comment/`, { content });
    await say(other, 'Words of another');
    await say(user, 'Own wrods');
    const { page, errors } = await person(user, `/issues/${issue.id}/`);
    const thread = page.locator('.thread');
    await thread.getByText('Own wrods').waitFor();
    assert.equal(await thread.getByRole('button', { name: 'Change' }).count(), 1);
    await thread.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('dialog').getByLabel('Your words').fill('Own words');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await thread.getByText('Own words').waitFor();
    await thread.getByText('Own wrods').waitFor({ state: 'detached' });
    await thread.getByRole('button', { name: 'Withdraw' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
    await toastSays(page, 'It is withdrawn.');
    await eventually('it is gone', async () => await thread.getByText('Own words').count() === 0);
    assert.equal(await thread.getByText('Words of another').count(), 1);
    const { comments } = await api(other, 'GET', `/api/issues/${issue.id}/`);
    assert.deepEqual(comments.map((c) => c.content), ['Words of another']);
    assert.deepEqual(errors, []);
  });
}
