// What a first visit costs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, WIDE } from './browser.js';
import { logIn, settled } from './steps.js';

const BUDGET = 150 * 1024;

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

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
    const context = await browser.context({ viewport: WIDE });
    if (who) await logIn(await context.newPage(), who);
    const state = await context.storageState();
    await context.close();
    // a fresh cache, but logged in
    const page = await (await browser.context({ viewport: WIDE, storageState: state })).newPage();
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
  test(`${path} of ${who ?? 'a guest'} is usable within a second`, async (t) => {
    const page = await (await browser.context({ viewport: WIDE })).newPage();
    await page.goto('/login/'); // the processes of the browser are warm
    if (who) await logIn(page, who);
    const times = [];
    for (let i = 0; i < 5; i += 1) {
      const begin = Date.now();
      await page.goto(path, { waitUntil: 'commit' });
      await ready(page).waitFor();
      times.push(Date.now() - begin);
    }
    t.diagnostic(`${times.join(', ')} ms`);
    assert.ok(Math.min(...times) < 1000, `${times} ms`);
  });
}
