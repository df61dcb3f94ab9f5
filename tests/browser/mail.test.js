// Issues by e-mail: a customer answers an e-mail of ours, an engineer answers in Linear,
// and what staff see of e-mails that came in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useBrowser, WIDE } from './browser.js';
import {
  act, api, asksAgain, deliverByHttp, eventually, forgetMailsOf, inLinear, linear, mailsTo, open, outcomeOf, raised, replyAddress, settled,
  toastSays, unique, visit, writeMail,
} from './steps.js';

const browser = useBrowser();

const person = (user, path) => visit(browser, user, path);

/** The mail to an address that has this text, once it is there. */
const mailWith = (address, text) => eventually(`a mail to ${address} with "${text}"`, async () => (
  (await mailsTo(address)).find((mail) => mail.text.includes(text))), 90_000);

/** Answers a mail in the local mailbox, as its receiver. */
async function answer(page, mail, text) {
  await page.goto(`${process.env.MAILBOX_URL}/${mail.name}`);
  await page.getByLabel('Your answer').fill(text);
  await page.getByRole('button', { name: 'Send the answer to Docket' }).click();
  await page.getByText('Docket has your answer.').waitFor();
}

test('a customer answers by e-mail, an engineer in Linear, and the customer gets that by e-mail', async () => {
  await forgetMailsOf('alice');
  const issue = await raised({ title: unique('Two boxes are missing') });
  const { linear_identifier: identifier } = await inLinear(issue.id);
  const question = unique('Which boxes are missing?');
  await api('erin', 'POST', `/api/issues/${issue.id}/add_comment/`, { content: question });

  const own = unique('Box seven and box nine.');
  const mailbox = await (await browser.context({ viewport: WIDE })).newPage();
  await answer(mailbox, await mailWith('alice@example.com', question), own);

  const erin = await person('erin', `/issues/${issue.id}/`);
  await eventually('the answer is in the conversation', async () => {
    await asksAgain(erin.page);
    return await erin.page.locator('.message.customer', { hasText: own }).count() === 1;
  });
  const message = erin.page.locator('.message.customer', { hasText: own });
  assert.match(await message.locator('header').innerText(), /Customer, by e-mail/);
  assert.equal(await message.getByText(question).count(), 0, 'what is quoted is cut');

  await erin.page.locator('details.history summary').click();
  await erin.page.locator('.entries li', { hasText: 'replied by e-mail' }).first().waitFor();

  // the engineer sees it in Linear, and answers in the customer's thread
  const thread = await eventually('the answer is in Linear', async () => {
    const { comments } = await linear(`issue/${identifier}`);
    return comments.find(({ children }) => children.some((comment) => comment.body.includes(own)));
  });
  const back = unique('Both leave today.');
  await act({ do: 'comment', issue: identifier, body: back, thread: thread.id });
  const mail = await mailWith('alice@example.com', back);
  assert.ok(mail.headers.some(([name]) => name === 'Reply-To'));
  assert.deepEqual(erin.errors, []);
});

test('an answer by somebody else waits for staff, who accept or discard it', async () => {
  const issue = await raised();
  const { id: alice } = await api('alice', 'GET', '/api/users/me/');
  const address = replyAddress(issue.id, alice);
  const [wanted, unwanted] = [unique('I am the neighbour'), unique('Buy now')];
  for (const text of [wanted, unwanted]) {
    const mail = writeMail({ from: 'Ned <ned@example.net>', to: address, subject: text, text: `${text}\n\nOn 1/2/26 10:00 x@y.z wrote:\n> Quoted` });
    assert.equal((await deliverByHttp(address, mail.raw, { sender: 'ned@example.net' })).status, 200);
    assert.equal((await outcomeOf(address)).state, 'held');
  }

  const { page, errors } = await person('sahel', '/mail/');
  await page.getByRole('link', { name: /^E-mail/ }).locator('.count').waitFor();
  const row = (text) => page.locator('.mail', { hasText: text });
  await row(wanted).getByRole('button', { name: 'Read' }).click();
  await row(wanted).getByText('> Quoted').waitFor({ state: 'detached' });
  await row(wanted).getByRole('button', { name: 'Accept' }).click();
  await toastSays(page, 'Mail accepted');
  await row(unwanted).getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await toastSays(page, 'Mail discarded');
  await row(unwanted).waitFor({ state: 'detached' });

  const { comments } = await api('erin', 'GET', `/api/issues/${issue.id}/`);
  assert.equal(comments.filter((comment) => comment.content.includes(wanted)).length, 1);
  assert.equal(comments.filter((comment) => comment.content.includes(unwanted)).length, 0);
  assert.deepEqual(errors, []);
});

test('an owner says who may write, adds an address, and sees where a test gets to', async () => {
  await api('sahel', 'PATCH', '/api/organizations/1/', { mail_in: 'off' });
  const { page, errors } = await person('sahel', '/settings/');
  const card = page.locator('.card', { has: page.getByRole('heading', { name: 'E-mail', exact: true }) });
  await card.getByText('While nobody may raise an issue by e-mail').waitFor();
  await card.getByLabel('Who may raise an issue by e-mail').selectOption('known');
  await card.getByRole('button', { name: 'Save' }).click();
  await toastSays(page, 'Saved.');

  const other = `help-${Date.now()}@${process.env.MAIL_IN_DOMAIN}`;
  await card.getByLabel('Another address').fill(other);
  await card.getByRole('button', { name: 'Add', exact: true }).click();
  await card.getByText(other).waitFor();

  await card.getByRole('button', { name: 'Send a test' }).click();
  const test = card.locator('.mail', { hasText: 'Test of the e-mail to your organization' });
  await test.waitFor();
  const subject = unique('Raised by mail');
  const { raw } = writeMail({ from: 'alice@example.com', to: other, subject, text: 'The lid is cracked.' });
  assert.equal((await deliverByHttp(other, raw, { sender: 'alice@example.com' })).status, 200);
  await card.locator('.mail', { hasText: subject }).getByText('Became an issue').waitFor();

  await card.getByRole('button', { name: `Remove ${other}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await card.getByRole('button', { name: `Remove ${other}` }).waitFor({ state: 'detached' });
  assert.deepEqual(errors, []);

  await open(page, '/mail/?state=all');
  await page.getByText('Became an issue').first().waitFor();
  await settled(page);
});
