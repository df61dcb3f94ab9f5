// The main job, as its people do it: a customer raises an issue, it is worked
// on in Linear and in the portal, and the customer sees each step.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useBrowser } from './browser.js';
import {
  act, api, asksAgain, derived, eventually, focusIsOn, forgetMailsOf, inLinear, linear, logInAs, loseAnswer, mailsTo, settled, toastSays, unique, visit,
} from './steps.js';

const browser = useBrowser();

const idOf = (page) => Number(/\/issues\/(\d+)\//.exec(page.url())[1]);

async function raise(page, title) {
  await page.getByRole('link', { name: 'Raise an issue' }).first().click();
  await page.getByLabel('Which company is it about?').selectOption({ label: 'Demo Company' });
  await page.getByLabel('What is wrong, in one line?').fill(title);
  await page.getByLabel('Tell us more').fill('The lid is **cracked**.\n\n- left side\n- right side');
  await page.getByRole('button', { name: 'Preview' }).click();
  assert.equal(await page.locator('.editor-preview strong').innerText(), 'cracked');
  await page.getByLabel('Category').selectOption({ label: 'Quality issue' });
  await page.getByLabel('Priority').selectOption('high');
  await page.getByRole('button', { name: 'Raise the issue' }).click();
  await toastSays(page, 'Your issue is raised: ISS-');
  await page.waitForURL(/\/issues\/\d+\//);
  await settled(page);
  return idOf(page);
}

const stepNow = (page) => page.locator('.progress [aria-current="step"]').innerText();

test('raised by the customer, moved in Linear, answered by staff, resolved, reopened', async () => {
  await forgetMailsOf('alice');
  const alice = await logInAs(browser, 'alice');
  const title = unique('Cracked lid');
  const id = await raise(alice.page, title);
  assert.equal(await alice.page.getByRole('heading', { level: 1 }).innerText(), title);
  assert.equal(await stepNow(alice.page), 'Raised');
  assert.equal(await alice.page.locator('.message .markdown li').count(), 2);

  const { linear_identifier: identifier } = await inLinear(id);
  const there = await linear(`issue/${identifier}`);
  assert.equal((there.issue ?? there).title, title);

  // somebody at the company takes it up in Linear
  await act({ do: 'move', issue: identifier, state: 'In Progress' });
  await eventually('the customer sees it in progress', async () => {
    await asksAgain(alice.page);
    return await stepNow(alice.page) === 'In progress';
  });

  // staff find it, answer, and write a note that is nobody else's business
  await derived();
  const erin = await logInAs(browser, 'erin');
  await erin.page.getByRole('searchbox').fill(title);
  await erin.page.getByRole('searchbox').press('Enter');
  await erin.page.getByRole('link', { name: title }).click();
  await erin.page.getByRole('heading', { level: 1, name: title }).waitFor();
  await settled(erin.page);
  await erin.page.getByLabel('Reply to Alice Meyer').fill('A new lid is **on its way**.');
  await erin.page.getByRole('button', { name: 'Send the reply' }).click();
  await toastSays(erin.page, 'The reply is sent.');
  await erin.page.getByRole('button', { name: 'Internal note' }).click();
  await erin.page.getByRole('textbox', { name: 'Internal note' }).fill('The supplier pays for this one.');
  await erin.page.getByRole('button', { name: 'Save the note' }).click();
  await erin.page.locator('.message.internal', { hasText: 'The supplier pays' }).waitFor();

  await eventually('the customer reads the answer', async () => {
    await asksAgain(alice.page);
    return await alice.page.locator('.message.staff', { hasText: 'A new lid is on its way.' }).count() === 1;
  });
  assert.equal(await alice.page.getByText('The supplier pays').count(), 0);

  // resolved with notes
  await erin.page.getByRole('button', { name: 'Resolve…' }).click();
  await erin.page.getByLabel('How was it solved?').fill('A new lid was sent.');
  await erin.page.getByRole('button', { name: 'Resolve', exact: true }).click();
  await erin.page.locator('.kicker .badge', { hasText: 'Resolved' }).waitFor();
  await eventually('resolved in Linear', async () => {
    const { issue = null, ...rest } = await linear(`issue/${identifier}`);
    return (issue ?? rest).state.type === 'completed';
  });

  await alice.page.reload();
  await settled(alice.page);
  assert.equal(await stepNow(alice.page), 'Resolved');
  await alice.page.getByText('A new lid was sent.').waitFor();

  // and not solved after all
  await alice.page.getByRole('button', { name: 'Reopen' }).click();
  await alice.page.getByLabel('What is still wrong?').fill('It has the wrong colour.');
  await alice.page.getByRole('button', { name: 'Reopen the issue' }).click();
  await eventually('in progress again', async () => await stepNow(alice.page) === 'In progress');

  // the bell rang on both sides
  await derived();
  for (const { page } of [alice, erin]) {
    await page.getByRole('link', { name: /^Notifications/ }).click();
    await page.locator('.notices li', { hasText: title }).first().waitFor();
  }
  await alice.page.getByRole('button', { name: 'Mark all as read' }).click();
  await alice.page.getByRole('link', { name: 'Notifications', exact: true }).waitFor();

  // and so did the postman; a burst is gathered for up to a minute
  await eventually('the customer gets it by mail', async () => {
    const mails = await mailsTo('alice@example.com');
    return mails.some((mail) => JSON.stringify(mail).includes(title));
  }, 90_000);

  const issue = await api('erin', 'GET', `/api/issues/${id}/`);
  assert.equal(issue.status, 'in_progress');
  assert.deepEqual([alice.errors, erin.errors], [[], []]);
});

test('a reply typed twice is sent once, and drafts survive a reload', async () => {
  const { page, errors } = await visit(browser, 'alice');
  const id = await raise(page, unique('Draft'));
  await page.getByLabel('Your reply').fill('Half a thou');
  await page.reload();
  await settled(page);
  assert.equal(await page.getByLabel('Your reply').inputValue(), 'Half a thou');

  // the answer to the first try is lost on the way
  await loseAnswer(page, '**/comment/');
  await page.getByLabel('Your reply').fill('A whole thought');
  await page.getByRole('button', { name: 'Send the reply' }).click();
  await page.locator('.form-problem', { hasText: 'cannot be reached' }).waitFor();
  assert.equal(await page.getByLabel('Your reply').inputValue(), 'A whole thought');
  await page.getByRole('button', { name: 'Send the reply' }).click();
  await toastSays(page, 'Your reply is sent.');
  const { comments } = await api('alice', 'GET', `/api/client/issues/${id}/`);
  assert.equal(comments.length, 1);
  await page.reload();
  await settled(page);
  assert.equal(await page.getByLabel('Your reply').inputValue(), '');
  assert.deepEqual(errors, []);
});

test('the raise form keeps what was typed', async () => {
  const { page, errors } = await logInAs(browser, 'alice', '/raise/');
  const title = unique('Kept');
  await page.getByLabel('What is wrong, in one line?').fill(title);
  await page.getByLabel('Which company is it about?').selectOption({ label: 'Demo Company' });
  await page.reload();
  await settled(page);
  assert.equal(await page.getByLabel('What is wrong, in one line?').inputValue(), title);
  await page.getByLabel('What is wrong, in one line?').fill('');
  await page.getByRole('button', { name: 'Raise the issue' }).click();
  await page.getByText('Please fill this in.').waitFor();
  await focusIsOn(page, '[name=title]');
  await page.locator('summary.who').click();
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.waitForURL('**/login/');
  assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((k) => k.includes('draft')).length), 0);
  assert.deepEqual(errors, []);
});
