// What a first visit costs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SLOWDOWN, useBrowser, WIDE } from './browser.js';
import { settled, visit } from './steps.js';
import { tasksOf } from './tasks.js';

const BUDGET = 150 * 1024;
const WORK_MAX = 400 * SLOWDOWN; // ms of the processor, by the page's main thread

const browser = useBrowser();

/** A page with nothing in its cache, of a user who is logged in, or of a guest. */
const pageOf = async (who) => (who ? (await visit(browser, who, null)).page : (await browser.context({ viewport: WIDE })).newPage());

/** Bytes over the wire of what the page loads from now on. */
async function meter(page) {
  const client = await page.context().newCDPSession(page);
  await client.send('Network.enable');
  const sum = { bytes: 0, requests: 0 };
  client.on('Network.loadingFinished', (event) => {
    sum.bytes += event.encodedDataLength;
    sum.requests += 1;
  });
  return sum;
}

for (const [who, path] of [[null, '/login/'], ['alice', '/'], ['sahel', '/'], ['sahel', '/dashboard/']]) {
  test(`the first view of ${path} by ${who ?? 'a guest'} stays within 150 KB`, async (t) => {
    const page = await pageOf(who);
    const sum = await meter(page);
    await page.goto(path);
    await settled(page);
    await page.waitForLoadState('networkidle');
    t.diagnostic(`${Math.round(sum.bytes / 1024)} KB in ${sum.requests} requests`);
    assert.ok(sum.requests > 10, 'the meter works');
    assert.ok(sum.bytes <= BUDGET, `${sum.bytes} bytes`);
  });
}

test('the modules of npm are kept, and the own ones asked for again', async () => {
  const page = await (await browser.context({ viewport: WIDE })).newPage();
  const kept = new Map();
  page.on('response', async (answer) => kept.set(new URL(answer.url()).pathname, answer.headers()['cache-control']));
  await page.goto('/login/');
  await settled(page);
  const vendored = [...kept].filter(([path]) => path.startsWith('/vendor/'));
  assert.ok(vendored.length >= 6, `${vendored.length} modules`);
  for (const [path, control] of vendored) {
    assert.match(path, /\.[0-9a-f]{10}\.(js|css)$/);
    assert.match(control, /immutable/);
  }
  assert.equal(kept.get('/js/main.js'), 'no-cache');
  const missing = await page.request.get('/vendor/preact.0000000000.js');
  assert.equal(missing.status(), 404);
  assert.doesNotMatch(missing.headers()['cache-control'] ?? '', /immutable/);
});

for (const [who, path, ready] of [
  [null, '/login/', (page) => page.getByRole('button', { name: 'Log in' })],
  ['erin', '/', (page) => page.locator('.issues [data-link]').first()],
]) {
  test(`${path} of ${who ?? 'a guest'} is drawn with little work`, async (t) => {
    const page = await pageOf(who);
    await page.goto('/forgot-password/'); // the processes of the browser are warm
    const times = [];
    for (let i = 0; i < 3; i += 1) {
      const tasks = await tasksOf(page, async () => {
        await page.goto(path, { waitUntil: 'commit' });
        await ready(page).waitFor();
      });
      times.push(Math.round(tasks.reduce((sum, { cpu }) => sum + cpu, 0)));
    }
    t.diagnostic(`${times.join(', ')} ms of the processor`);
    assert.ok(Math.min(...times) > 10, 'it is measured');
    assert.ok(Math.min(...times) < WORK_MAX, `${times} ms`);
  });
}
