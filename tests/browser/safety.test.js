// Nobody's words become anybody's code: through every field of text, through
// Linear, through the address.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useBrowser } from './browser.js';
import { act, api, eventually, inLinear, logIn, open, raised, settled, toastSays, visit } from './steps.js';

const EVIL = [
  '<img src=x onerror="window.owned=1">',
  '<script>window.owned=1</script>',
  '"><svg onload=window.owned=1>',
  '</textarea><iframe srcdoc="<script>parent.owned=1</script>">',
  '[click](javascript:window.owned=1)',
  '[click](<javascript:window.owned=1>)',
  '![x](javascript:window.owned=1)',
  '<javascript:window.owned=1>',
  '[x](data:text/html,<script>1</script>)',
  '[x]("onmouseover=window.owned=1")',
  'https://example.com/"onmouseover="window.owned=1',
  '`<b onclick=window.owned=1>`',
  '{{constructor.constructor("window.owned=1")()}}',
].join(' ');
const LINES = EVIL.replaceAll(' <', '\n\n<').replaceAll(' [', '\n- [');

const browser = useBrowser();

const person = (user, path) => visit(browser, user, path);

/** Nothing ran, and no node came from the words, which are all drawn. */
async function assertHarmless(page, where) {
  await page.locator('.as-written').first().waitFor({ state: 'detached' });
  const found = await page.evaluate(() => ({
    owned: window.owned ?? null,
    nodes: document.querySelectorAll('main iframe, main script, main img, main svg[onload], main [onerror], main [onclick], main [onmouseover], main b').length,
    links: [...document.querySelectorAll('a')].map((a) => a.protocol).filter((p) => !['http:', 'https:', 'mailto:'].includes(p)),
    openers: [...document.querySelectorAll('a[target]')].filter((a) => !a.rel.includes('noopener')).length,
  }));
  assert.deepEqual(found, { owned: null, nodes: 0, links: [], openers: 0 }, where);
}

test('the server allows no other script', async () => {
  const { page } = await person('alice');
  const answer = await page.request.get('/');
  const policy = answer.headers()['content-security-policy'];
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-/);
  const refused = await page.evaluate(() => {
    try {
      document.createElement('div').innerHTML = '<b>x</b>';
      return false;
    } catch {
      return true;
    }
  });
  assert.ok(refused, 'HTML from a string is refused everywhere');
});

test('through every field of the portal', async () => {
  const alice = await person('alice', '/raise/');
  await alice.page.getByLabel('Which company is it about?').selectOption({ label: 'Demo Company' });
  await alice.page.getByLabel('What is wrong, in one line?').fill(EVIL.slice(0, 255));
  await alice.page.getByLabel('Tell us more').fill(LINES);
  await alice.page.getByRole('button', { name: 'Preview' }).click();
  await alice.page.locator('.editor-preview .markdown').waitFor();
  await assertHarmless(alice.page, 'preview');
  await alice.page.getByRole('button', { name: 'Raise the issue' }).click();
  await alice.page.waitForURL(/\/issues\/\d+\//);
  await settled(alice.page);
  const id = Number(/issues\/(\d+)/.exec(alice.page.url())[1]);
  assert.equal(await alice.page.locator('h1').innerText(), EVIL.slice(0, 255).trim());
  await alice.page.getByLabel('Your reply').fill(LINES);
  await alice.page.getByRole('button', { name: 'Send the reply' }).click();
  await alice.page.locator('.thread .message').first().waitFor();
  await assertHarmless(alice.page, 'the customer’s issue');

  const sahel = await person('sahel', `/issues/${id}/`);
  await sahel.page.getByRole('textbox', { name: /^Reply to/ }).fill(LINES);
  await sahel.page.getByRole('button', { name: 'Send the reply' }).click();
  await toastSays(sahel.page, 'The reply is sent.');
  await sahel.page.getByRole('button', { name: 'Internal note' }).click();
  await sahel.page.getByRole('textbox', { name: 'Internal note' }).fill(LINES);
  await sahel.page.getByRole('button', { name: 'Save the note' }).click();
  await sahel.page.locator('.message.internal').waitFor();
  await sahel.page.getByRole('button', { name: 'Edit' }).click();
  await sahel.page.getByLabel('Title', { exact: true }).fill(`edited ${EVIL}`.slice(0, 255));
  await sahel.page.getByLabel('Description', { exact: true }).fill(`edited ${LINES}`);
  await sahel.page.getByRole('button', { name: 'Save', exact: true }).click();
  await toastSays(sahel.page, 'Saved.');
  await sahel.page.getByText('History').click();
  await sahel.page.locator('.entries li').first().waitFor();
  await sahel.page.getByRole('button', { name: 'Resolve…' }).click();
  await sahel.page.getByLabel('How was it solved?').fill(LINES);
  await sahel.page.getByRole('button', { name: 'Resolve', exact: true }).click();
  await sahel.page.locator('.outcome').waitFor();
  await assertHarmless(sahel.page, 'the staff’s issue');

  for (const path of ['/', '/dashboard/', '/notifications/', '/linear/']) {
    await open(sahel.page, path);
    await assertHarmless(sahel.page, `staff ${path}`);
  }
  for (const path of ['/', `/issues/${id}/`, '/notifications/']) {
    await open(alice.page, path);
    await assertHarmless(alice.page, `customer ${path}`);
  }
  assert.deepEqual([alice.errors, sahel.errors], [[], []]);
});

test('through names: organization, colleague, token', async () => {
  const { page, errors } = await person('sahel', '/settings/');
  const name = await page.getByLabel('Name', { exact: true }).inputValue();
  await page.getByLabel('Name', { exact: true }).fill(`${name} <img src=x onerror="window.owned=1">`);
  await page.getByRole('form', { name: 'Organization' }).getByRole('button', { name: 'Save' }).click();
  await toastSays(page, 'Saved.');
  try {
    await page.getByLabel('First name').fill('<img src=x onerror="window.owned=1">');
    await page.getByRole('textbox', { name: 'E-mail' }).fill(`evil${Date.now()}@example.com`);
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByText('An invitation is on its way').waitFor();
    await assertHarmless(page, 'settings');
    await open(page, '/');
    await assertHarmless(page, 'list');
    await open(page, '/account/');
    await page.getByLabel('What is it for?').fill('<svg onload=window.owned=1>');
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.locator('.rows li', { hasText: '<svg onload' }).first().waitFor();
    await assertHarmless(page, 'account');
    const alice = await person('alice', '/raise/');
    await assertHarmless(alice.page, 'the choice of organizations');
  } finally {
    await api('sahel', 'PATCH', '/api/organizations/1/', { name });
  }
  assert.deepEqual(errors, []);
});

test('through Linear’s Markdown', async () => {
  const issue = await raised();
  const { linear_identifier: identifier } = await inLinear(issue.id);
  await act({ do: 'comment', issue: identifier, body: LINES });
  await act({ do: 'edit', issue: identifier, title: EVIL.slice(0, 250) });
  await eventually('it came over', async () => (await api('sahel', 'GET', `/api/issues/${issue.id}/`)).comments.length > 0);
  const { page, errors } = await person('sahel', `/issues/${issue.id}/`);
  await page.locator('.message.linear').waitFor();
  await assertHarmless(page, 'a comment from Linear');
  assert.deepEqual(errors, []);
});

test('through the address', async () => {
  const { page, errors } = await person('sahel', '/?search=%3Cimg+src%3Dx+onerror%3Dwindow.owned%3D1%3E');
  await assertHarmless(page, 'search');
  await open(page, '/?priority=%22%3E%3Csvg+onload%3Dwindow.owned%3D1%3E');
  await assertHarmless(page, 'a filter that does not exist');
  const guest = await (await browser.context()).newPage();
  await logIn(guest, 'erin', '/login/?next=//evil.example/');
  assert.equal(new URL(guest.url()).pathname, '/');
  const other = await (await browser.context()).newPage();
  await logIn(other, 'erin', '/login/?next=javascript:window.owned=1');
  await assertHarmless(other, 'the way on after the login');
  assert.deepEqual(errors, []);
});
