// The documentation of the API, and trying it out in there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Person } from '../lib/index.js';
import { BASE, useBrowser, WIDE } from './browser.js';
import { watch } from './steps.js';

// Reading the whole document takes RapiDoc some seconds of the processor.
const DRAWN_MAX = 240_000;

const browser = useBrowser();

test('an operation is read about, and tried with a token', async () => {
  const page = await (await browser.context({ viewport: WIDE })).newPage();
  page.setDefaultTimeout(DRAWN_MAX);
  const errors = watch(page);
  const answer = await page.goto('/api/docs/#auth');
  const policy = answer.headers()['content-security-policy'];
  assert.match(policy, /script-src 'self';/);
  assert.match(policy, /default-src 'none'/);
  const key = page.getByPlaceholder('api-token').first();
  await key.fill(`Token ${(await Person.cached('erin')).token}`);
  await page.getByRole('button', { name: 'SET' }).first().click();

  await page.locator('[id="link-get-/api/users/me/"]').click();
  await page.getByRole('heading', { name: 'Get the current user' }).first().waitFor();
  const [asked] = await Promise.all([
    page.waitForResponse((r) => r.url() === `${BASE}/api/users/me/`),
    page.getByRole('button', { name: 'TRY' }).first().click(),
  ]);
  assert.equal(asked.status(), 200);
  assert.equal((await asked.json()).username, 'erin');
  await page.getByText('"erin"').first().waitFor();
  assert.deepEqual(errors, []);
});
