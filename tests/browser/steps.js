// What people do in the portal, and what a test looks up behind its back.
import {
  Person, deliverByHttp, eventually, forgetMailsOf, linear as simulator, mailedLink, mailsTo, outcomeOf, replyAddress, request, successful,
  unique, writeMail,
} from '../lib/index.js';
import { BASE, PASSWORD, WIDE } from './browser.js';

export {
  deliverByHttp, eventually, forgetMailsOf, mailedLink, mailsTo, outcomeOf, replyAddress, unique, writeMail,
};

// --- the API, and the simulated Linear ----------------------------------------

/** A call as `user`, beside the browser. */
export const api = async (user, method, path, body) => (await Person.cached(user)).must(method, path, body);

/**
 * A file, uploaded as `user` beside the browser; gives its id, for `attachments` of what
 * it belongs to.
 */
export async function uploaded(user, filename, body) {
  const { token } = await Person.cached(user);
  const path = `/api/attachments/?filename=${encodeURIComponent(filename)}`;
  const answer = await request('POST', path, { token, body, type: 'application/octet-stream' });
  return successful(`upload of ${filename}`, answer).attachment.id;
}

/** A new issue of a customer's, raised beside the browser. */
export const raised = async (fields = {}, customer = 'alice') => (await Person.cached(customer)).raise(fields);

export const linear = (path, body) => simulator.call(body ? 'POST' : 'GET', path, body);

export const act = (what) => simulator.act(what);

/** The issue once Linear has it. */
export const inLinear = (id) => eventually(`issue ${id} in Linear`, async () => {
  const issue = await api('sahel', 'GET', `/api/issues/${id}/`);
  return issue.linear_identifier && issue.sync_state === 'synced' ? issue : null;
});

// --- in the browser -------------------------------------------------------------

/** Errors that a page must not have; assert.deepEqual(errors, []). */
export function watch(page) {
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    const text = message.text();
    // what the browser says of any refused request is not an error of ours
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) errors.push(text);
  });
  page.on('dialog', (dialog) => {
    errors.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(BASE) && !/^(data|blob):/.test(url)) errors.push(`a request to ${url}`);
  });
  return errors;
}

export async function logIn(page, user, path = '/') {
  await page.goto(path === '/' ? '/login/' : path);
  await page.getByLabel('User name or e-mail').fill(user);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('#nav').waitFor({ state: 'attached' });
  await settled(page);
}

/** A wide page, at that path, of a user who has logged in there; and its errors, see watch(). */
export async function visit(browser, user, path) {
  const page = await (await browser.context({ viewport: WIDE })).newPage();
  const errors = watch(page);
  await logIn(page, user, path);
  return { page, errors };
}

/** Waits until the page on screen is there in full. */
export async function settled(page) {
  await page.locator('#main:not([aria-busy]) h1').first().waitFor();
}

export async function open(page, path) {
  await page.goto(path);
  await settled(page);
}

export const toastSays = (page, text) => page.locator('.toast', { hasText: text }).first().waitFor();
