// What people do in the portal, and what a test looks up behind its back.
import {
  Person, deliverByHttp, derived, eventually, forgetMailsOf, linear as simulator, mailedLink, mailsTo, outcomeOf, replyAddress,
  request, successful, unique, writeMail,
} from '../lib/index.js';
import { BASE, PASSWORD, WIDE } from './browser.js';

export {
  deliverByHttp, derived, eventually, forgetMailsOf, mailedLink, mailsTo, outcomeOf, replyAddress, unique, writeMail,
};

// --- the API, and the simulated Linear ----------------------------------------

/** A call as `user`, beside the browser. What is read is derived from all changes so far. */
export async function api(user, method, path, body) {
  const person = await Person.cached(user);
  return method === 'GET' ? person.get(path) : person.must(method, path, body);
}

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

/** Logs in by the form; for tests of that, and those that end the login or choose another profile for it. */
export async function logIn(page, user, path = '/') {
  await page.goto(path === '/' ? '/login/' : path);
  await page.getByLabel('User name or e-mail').fill(user);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('#nav').waitFor({ state: 'attached' });
  await settled(page);
}

/** In the first page of a context: the token of a login, as the portal keeps it. */
function giveToken(token) {
  try {
    if (localStorage.getItem('test.token')) return;
    localStorage.setItem('test.token', 'given');
    localStorage.setItem('docket.token', JSON.stringify(token));
  } catch {
    // a page without storage: a blank one, or a file in its sandbox
  }
}

/**
 * A wide page of a user who is logged in, and its errors, see watch(). It is at that path; null: nowhere yet.
 * All pages and calls of a user in a file share one login.
 */
export async function visit(browser, user, path = '/', options = {}) {
  const { token } = await Person.cached(user);
  const context = await browser.context({ viewport: WIDE, ...options });
  await context.addInitScript(giveToken, token);
  const page = await context.newPage();
  const errors = watch(page);
  if (path !== null) await open(page, path);
  return { page, errors };
}

/** The same, with a login of its own. */
export async function logInAs(browser, user, path = '/') {
  const page = await (await browser.context({ viewport: WIDE })).newPage();
  const errors = watch(page);
  await logIn(page, user, path);
  return { page, errors };
}

/** Waits until the page on screen is there in full, and at its place. */
export async function settled(page) {
  await page.locator('#main:not([aria-busy]) h1').first().waitFor();
}

/** Pages that show what is derived from changes a moment later. */
const SHOWS_DERIVED = /[?&]search=|^\/(notifications|dashboard)\//;

export async function open(page, path) {
  if (SHOWS_DERIVED.test(path)) await derived();
  await page.goto(path);
  await settled(page);
}

/** Waits for a toast with that text, later than the one that was waited for before. */
export async function toastSays(page, text) {
  const isSaid = page.waitForFunction((words) => {
    const at = window.toasts.findIndex((said) => said.includes(words));
    if (at !== -1) window.toasts.splice(0, at + 1);
    return at !== -1;
  }, text);
  await isSaid.catch(async (error) => {
    const said = await page.evaluate(() => window.toasts);
    throw new Error(`no toast says "${text}", but: ${JSON.stringify(said)}`, { cause: error });
  });
}

/** Has the page look for changes now, and not only some seconds later. */
export const asksAgain = (page) => page.evaluate(() => { dispatchEvent(new Event('online')); });

/** For a page that is not open yet: it looks for changes only when it is told to. Nothing calls ask() of js/poll.js by itself. */
export const neverPolls = (page) => page.addInitScript(() => {
  const real = window.setTimeout;
  window.setTimeout = (run, ...more) => (run.name === 'ask' ? 0 : real(run, ...more));
});

/** Waits until the focus is on what the selector selects. */
export const focusIsOn = (page, selector) => page.waitForFunction((wanted) => document.activeElement.matches(wanted), selector);

// --- other answers of the API -----------------------------------------------------

/** For page.route: what the API answers, in full, as change(body) returns it. */
export const answerChanged = (change) => async (route) => {
  const { 'if-none-match': seen, ...headers } = route.request().headers();
  const answer = await route.fetch({ headers });
  await route.fulfill({ response: answer, json: change(await answer.json()) });
};

/** The answer to the next request to that path is lost on the way. */
export const loseAnswer = (page, path) => page.route(path, async (route) => {
  await route.fetch();
  await route.abort();
}, { times: 1 });
