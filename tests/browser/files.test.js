// Files, from the person who sends them to the person who sees them.
import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { faults } from './axe.js';
import { BASE, useBrowser, NARROW, WIDE } from './browser.js';
import { photo } from './photo.js';
import {
  act, answerChanged, api, asksAgain, eventually, focusIsOn, inLinear, linear, loseAnswer, open, raised, settled, toastSays, unique, uploaded, visit, watch,
} from './steps.js';

const browser = useBrowser();

const PNG = photo(320, 200);
/** The same, but it says that it has 400 million pixels. */
const BOMB = Buffer.from(PNG);
BOMB.writeUInt32BE(20000, 16);
BOMB.writeUInt32BE(20000, 20);
const png = (name = 'sunset.png') => ({ name, mimeType: 'image/png', buffer: PNG });
const text = (name = 'notes.txt', words = 'some words') => ({ name, mimeType: 'text/plain', buffer: Buffer.from(words) });

const person = (user, path = null, options = {}) => visit(browser, user, path, options);

/** Puts files into the form around the text area with that label. */
const form = (page, label) => page.locator('form', { has: page.getByRole('textbox', { name: label }) });
const chooser = (page, label) => form(page, label).locator('input[name="attachments"]');
const choose = (page, label, files) => chooser(page, label).setInputFiles(files);
const rows = (page) => page.locator('.upload');
const arrived = (page, n) => page.waitForFunction((count) => document.querySelectorAll('.upload.done').length === count, n);

const filesOf = async (user, id) => (await api(user, 'GET', `/api/issues/${id}/attachments/`)).attachments;

/** The files that were sent with the last comment, as staff see them. */
async function lastFiles(id) {
  const { comments } = await api('sahel', 'GET', `/api/issues/${id}/comments/`);
  return comments.at(-1).attachments;
}

/** Waits until the picture is drawn; gives its natural size. */
const drawn = (page, name) => page.waitForFunction((alt) => {
  const image = document.querySelector(`.picture img[alt="${alt}"]`);
  return image?.complete && image.naturalWidth > 0 && [image.naturalWidth, image.naturalHeight];
}, name).then((handle) => handle.jsonValue());

const sendReply = async (page, words) => {
  if (words) await page.getByLabel('Your reply').fill(words);
  await page.getByRole('button', { name: 'Send the reply' }).click();
  await toastSays(page, 'Your reply is sent.');
};

test('a customer sends a picture and a file; staff see both, and answer with their own', async () => {
  const { id } = await raised();
  const alice = await person('alice', `/issues/${id}/`);
  await choose(alice.page, 'Your reply', [png(), text()]);
  await arrived(alice.page, 2);
  await sendReply(alice.page, 'Look at this.');
  await rows(alice.page).first().waitFor({ state: 'detached' }); // the form is empty again
  assert.deepEqual(await drawn(alice.page, 'sunset.png'), [320, 200]);

  const erin = await person('erin', `/issues/${id}/`);
  assert.deepEqual(await drawn(erin.page, 'sunset.png'), [320, 200]);
  const [download] = await Promise.all([
    erin.page.waitForEvent('download'),
    erin.page.getByRole('button', { name: 'Download notes.txt' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'notes.txt');
  const [stream, parts] = [await download.createReadStream(), []];
  for await (const part of stream) parts.push(part);
  assert.equal(Buffer.concat(parts).toString(), 'some words');

  await erin.page.getByRole('button', { name: 'Internal note' }).click();
  await choose(erin.page, 'Internal note', [text('secret-plan.txt')]);
  await arrived(erin.page, 1);
  await erin.page.getByRole('textbox', { name: 'Internal note' }).fill('For us.');
  await erin.page.getByRole('button', { name: 'Save the note' }).click();
  await toastSays(erin.page, 'The note is saved.');
  await erin.page.locator('.file-name', { hasText: 'secret-plan.txt' }).waitFor();
  const [secret] = (await filesOf('erin', id)).filter((f) => f.is_internal);
  assert.equal(secret.filename, 'secret-plan.txt');

  await open(alice.page, `/issues/${id}/`);
  assert.equal(await alice.page.getByText('secret-plan').count(), 0);
  assert.deepEqual((await filesOf('alice', id)).map((f) => f.filename), ['sunset.png', 'notes.txt']);
  assert.deepEqual([...alice.errors, ...erin.errors], []);
});

test('files without words, in a reply; and an issue that is raised with a photo', async () => {
  const { page, errors } = await person('alice', '/raise/');
  await page.getByLabel('Which company is it about?').selectOption({ label: 'Demo Company' });
  const title = unique('With a photo');
  await page.getByLabel('What is wrong, in one line?').fill(title);
  await choose(page, 'Tell us more', [png('desk.png')]);
  await arrived(page, 1);
  await page.reload();
  await settled(page);
  assert.equal(await page.locator('.upload.done .upload-name bdi').innerText(), 'desk.png', 'it is still there');
  await page.getByRole('button', { name: 'Raise the issue' }).click();
  await page.waitForURL(/\/issues\/\d+\//);
  assert.deepEqual(await drawn(page, 'desk.png'), [320, 200]);

  const id = Number(/\/issues\/(\d+)\//.exec(page.url())[1]);
  await choose(page, 'Your reply', [png('again.png')]);
  await sendReply(page, '');
  await drawn(page, 'again.png');
  const [first, second] = await filesOf('sahel', id);
  assert.equal(first.comment, null);
  assert.equal((await api('sahel', 'GET', `/api/issues/${id}/comments/`)).comments.at(-1).id, second.comment);
  assert.deepEqual(errors, []);
});

/** A real paste or drop, of a picture. */
const give = (page, label, type) => form(page, label).evaluate(async (node, { how, bytes }) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], `${how}.png`, { type: 'image/png' }));
  const options = { bubbles: true, cancelable: true };
  const events = how === 'paste'
    ? [new ClipboardEvent('paste', { ...options, clipboardData: data })]
    : ['dragenter', 'dragover', 'drop'].map((name) => new DragEvent(name, { ...options, dataTransfer: data }));
  for (const event of events) node.querySelector('textarea').dispatchEvent(event);
}, { how: type, bytes: [...PNG] });

test('a picture is pasted, and another one dropped', async () => {
  const { id } = await raised();
  const { page, errors } = await person('erin', `/issues/${id}/`);
  await give(page, /^Reply to/, 'paste');
  await give(page, /^Reply to/, 'drop');
  await arrived(page, 2);
  await page.waitForFunction(() => document.querySelector('.upload img').naturalWidth > 0); // its preview is drawn
  await page.getByRole('textbox', { name: /^Reply to/ }).fill('Both.');
  await page.getByRole('button', { name: 'Send the reply' }).click();
  await toastSays(page, 'The reply is sent.');
  assert.deepEqual((await lastFiles(id)).map((f) => f.filename), ['paste.png', 'drop.png']);
  assert.deepEqual(errors, []);
});

test('an upload whose answer is lost arrives once; another one is cancelled', async () => {
  const { id } = await raised();
  const { page, errors } = await person('alice', `/issues/${id}/`);
  await loseAnswer(page, '**/api/attachments/?filename=*');
  const keys = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().includes('/api/attachments/')) keys.push(request.headers()['idempotency-key']);
  });
  await choose(page, 'Your reply', [text('lost.txt')]);
  await page.locator('.upload.failed', { hasText: 'cannot be reached' }).waitFor();
  await page.getByLabel('Your reply').fill('With a file.');
  await page.getByRole('button', { name: 'Send the reply' }).click();
  await page.locator('.form-problem', { hasText: 'Not all files have arrived' }).waitFor();
  const [again] = await Promise.all([
    page.waitForResponse((r) => r.url().includes('/api/attachments/?')),
    page.getByRole('button', { name: 'Upload lost.txt again' }).click(),
  ]);
  assert.equal(again.headers()['idempotent-replay'], 'true');
  assert.equal(new Set(keys).size, 1, 'the same key');
  await arrived(page, 1);

  // on a slow line there is time to change one's mind
  const client = await page.context().newCDPSession(page);
  await client.send('Network.enable');
  await client.send('Network.emulateNetworkConditions', { offline: false, latency: 50, downloadThroughput: 1e6, uploadThroughput: 30e3 });
  await choose(page, 'Your reply', [text('large.txt', 'x'.repeat(400e3))]);
  await page.waitForFunction(() => Number(document.querySelector('.upload progress')?.value) > 0);
  await page.getByRole('button', { name: 'Cancel large.txt' }).click();
  await page.locator('.upload', { hasText: 'large.txt' }).waitFor({ state: 'detached' });
  assert.equal(await rows(page).count(), 1);
  await client.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await sendReply(page);
  assert.deepEqual((await lastFiles(id)).map((f) => f.filename), ['lost.txt']);
  assert.deepEqual(errors, []);
});

test('what cannot be sent is said in words', async () => {
  const { id } = await raised();
  const { page, errors } = await person('alice', `/issues/${id}/`);
  const problem = (name) => page.locator('.upload.failed', { hasText: name }).locator('.field-error').innerText();
  const folder = await mkdtemp(join(tmpdir(), 'docket-files-'));
  const named = (name) => join(folder, name);
  await writeFile(named('huge.bin'), '');
  await truncate(named('huge.bin'), 25 * 1024 * 1024 + 1);
  await writeFile(named('empty.txt'), '');
  await choose(page, 'Your reply', [named('huge.bin'), named('empty.txt')]);
  assert.match(await problem('huge.bin'), /too large.*25 MB/);
  assert.match(await problem('empty.txt'), /empty/);
  await page.getByRole('button', { name: 'Remove huge.bin' }).click();
  await page.getByRole('button', { name: 'Remove empty.txt' }).click();
  await rm(folder, { recursive: true });

  for (const [status, code, words] of [
    [413, 'too_large', 'The file is too large: at most 100 bytes.'], [409, 'quota_exceeded', 'The space for files of this organization is used up.'],
    [422, 'type_denied', 'Files of this type are not allowed here.'], [429, 'throttled', 'Too many requests. Please try again later.']]) {
    await page.route('**/api/attachments/?filename=*', (route) => route.fulfill({
      status, json: { error: words, code, details: {}, status_code: status, request_id: 'x' },
    }), { times: 1 });
    await choose(page, 'Your reply', [text(`${code}.txt`)]);
    await page.locator('.upload.failed', { hasText: `${code}.txt` }).waitFor();
    assert.equal(await problem(`${code}.txt`), words);
    await page.getByRole('button', { name: `Remove ${code}.txt` }).click();
  }
  await choose(page, 'Your reply', Array.from({ length: 11 }, (_, n) => text(`${n}.txt`)));
  await page.getByText('At most 10 files can be sent at once.').waitFor();
  await arrived(page, 10);
  assert.equal(await rows(page).count(), 10);
  assert.deepEqual(errors, []);
});

test('a name is only a name; HTML and SVG run nowhere, even when they are opened directly', async () => {
  const evil = '<img src=x onerror=alert(1)>.png';
  const script = 'try { top.document.title = "ran" } catch {} alert(1); fetch("https://example.com/stolen")';
  const ids = [];
  for (const [name, body] of [
    [evil, PNG], ['page.html', `<!doctype html><script>${script}</script>`],
    ['drawing.svg', `<svg xmlns="http://www.w3.org/2000/svg" onload='${script}'><script>${script}</script></svg>`],
    ['bomb.png', BOMB],
    ['both.png', `GIF89a/*<script>${script}</script>*/=1`]]) {
    ids.push(await uploaded('alice', name, body));
  }
  const { id } = await raised();
  await api('alice', 'POST', `/api/client/issues/${id}/comment/`, { comment: 'Five files.', attachments: ids });
  const { page, errors } = await person('erin', `/issues/${id}/`);
  assert.equal(await page.locator('.file-name').first().innerText(), evil.replace(/[/\\]/g, ''));
  await page.locator('.picture img').first().waitFor();
  assert.equal(await page.locator('.picture[aria-label="Show bomb.png"]').count(), 0, 'none that would take the memory');
  const deeds = [];
  for (const file of ids) {
    const { url } = await api('erin', 'POST', `/api/attachments/${file}/link/`, {});
    const tab = await page.context().newPage();
    deeds.push(watch(tab));
    // most are downloads, which go nowhere
    await tab.goto(new URL(url, BASE).href).catch((error) => assert.match(String(error), /Download is starting|ERR_ABORTED/));
    assert.doesNotMatch(await tab.title(), /ran/);
    await tab.close();
  }
  // that the browser blocks a script is as it should be
  assert.deepEqual(deeds.flat().filter((deed) => /^a (dialog|request)/.test(deed)), []);
  assert.deepEqual(errors, []);
});

test('a picture has its place from the start, and is fetched when it is about to be seen', async () => {
  const { id } = await raised({ description: 'line\n\n'.repeat(150) });
  const file = await uploaded('alice', 'deep-down.png', PNG);
  await api('alice', 'POST', `/api/client/issues/${id}/comment/`, { comment: 'Here.', attachments: [file] });
  const { page, errors } = await person('alice');
  let asked = 0;
  page.on('request', (request) => { if (request.url().endsWith(`/api/attachments/${file}/`)) asked += 1; });
  await open(page, `/issues/${id}/`);
  const box = page.locator('.picture');
  const before = await box.boundingBox();
  assert.ok(Math.abs(before.width / before.height - 1.6) < 0.05, JSON.stringify(before));
  assert.equal(asked, 0);
  await box.scrollIntoViewIfNeeded();
  await drawn(page, 'deep-down.png');
  assert.equal(asked, 1);
  const later = await box.boundingBox();
  assert.deepEqual([later.width, later.height], [before.width, before.height]);

  // by keyboard: open, close, and be back
  await box.focus();
  await page.keyboard.press('Enter');
  await page.locator('dialog .picture-large img').waitFor();
  assert.equal(await page.locator('dialog h2').innerText(), 'deep-down.png');
  await page.keyboard.press('Escape');
  await focusIsOn(page, '.picture'); // it is back
  assert.deepEqual(errors, []);
});

test('a text can show a file where it names it; others’ files it cannot', async () => {
  const { id } = await raised();
  const picture = await uploaded('erin', 'inline.png', PNG);
  const mine = await uploaded('alice', 'not-of-this-issue.png', PNG);
  await api('erin', 'POST', `/api/issues/${id}/add_comment/`, {
    content: `Before ![the evening](/api/attachments/${picture}/) behind. ![x](/api/attachments/${mine}/)`, attachments: [picture],
  });
  const { page, errors } = await person('alice', `/issues/${id}/`);
  assert.deepEqual(await drawn(page, 'the evening'), [320, 200]);
  assert.equal(await page.locator('.message .picture').count(), 1, 'and not a second time below');
  assert.equal(await page.locator('.message .file-card').count(), 0);
  assert.deepEqual(errors, []);
});

test('a picture that is pasted in Linear reaches the customer; one in an internal comment does not', async () => {
  const { id } = await raised();
  const { linear_identifier: issue } = await inLinear(id);
  const there = await linear(`issue/${issue}`);
  const [{ id: thread }] = (there.issue ?? there).comments;
  const put = async (filename) => (await act({ do: 'upload', filename, content_type: 'image/png', base64: PNG.toString('base64') })).row.assetUrl;
  const alice = await person('alice', `/issues/${id}/`);
  const erin = await person('erin', `/issues/${id}/`);
  await act({ do: 'comment', issue, thread, body: `This is it:\n\n![crack.png](${await put('crack.png')})` });
  await act({ do: 'comment', issue, body: `Not for them: ![inner.png](${await put('inner.png')})` });
  for (const { page, names } of [{ ...alice, names: ['crack.png'] }, { ...erin, names: ['crack.png', 'inner.png'] }]) {
    await eventually(`${names} on the page`, async () => {
      await asksAgain(page);
      return await page.locator('.picture').count() === names.length;
    });
    for (const name of names) {
      await page.locator(`.picture[aria-label="Show ${name}"]`).scrollIntoViewIfNeeded();
      assert.deepEqual(await drawn(page, name), [320, 200]);
    }
  }
  assert.equal(await alice.page.getByText('inner.png').count(), 0);
  assert.deepEqual([...alice.errors, ...erin.errors], []);
});

test('files are deleted by those who may; and a narrow screen with a camera', async () => {
  const { id } = await raised();
  await api('alice', 'POST', `/api/client/issues/${id}/comment/`, { comment: 'Two.', attachments: [await uploaded('alice', 'one.txt', '1'), await uploaded('alice', 'two.txt', '2')] });
  const erin = await person('erin', `/issues/${id}/`);
  assert.equal(await erin.page.getByRole('button', { name: /^Delete .*txt/ }).count(), 0, 'employees cannot');
  const { page, errors } = await person('alice', `/issues/${id}/`, { viewport: NARROW, hasTouch: true, isMobile: true });
  assert.ok(await page.getByText('Take a photo').isVisible());
  assert.equal(await page.locator('.camera input').getAttribute('capture'), 'environment');
  await page.getByRole('button', { name: 'Delete one.txt' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await toastSays(page, 'The file is deleted.');
  await page.locator('.file-name', { hasText: 'one.txt' }).waitFor({ state: 'detached' });
  assert.deepEqual((await filesOf('erin', id)).map((f) => f.filename), ['two.txt']);
  assert.deepEqual([...errors, ...erin.errors], []);
});

test('uploads, pictures and their dialog, for everybody', async () => {
  const { id } = await raised();
  await api('alice', 'POST', `/api/client/issues/${id}/comment/`, { comment: 'One.', attachments: [await uploaded('alice', 'one.png', PNG)] });
  const found = [];
  for (const options of [{ viewport: NARROW, colorScheme: 'dark', hasTouch: true }, { viewport: WIDE, colorScheme: 'light' }]) {
    const { page, errors } = await person('erin', `/issues/${id}/`, options);
    for (const label of [/^Reply to/, 'Internal note']) {
      if (label === 'Internal note') await page.getByRole('button', { name: 'Internal note' }).click();
      await choose(page, label, [png(), text('empty.txt', ''), text(`${'long '.repeat(40)}.txt`)]);
      await form(page, label).locator('.upload.done').nth(1).waitFor();
      found.push(...await faults(page));
    }
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 0) found.push(`${over} px too wide`);
    await page.locator('.picture').click();
    await page.locator('dialog .picture-large img').waitFor();
    found.push(...await faults(page), ...errors);
  }
  assert.deepEqual(found, []);
});

test('an issue without files asks for none', async () => {
  const { id } = await raised();
  const { page, errors } = await person('erin');
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await open(page, `/issues/${id}/`);
  await page.waitForLoadState('networkidle');
  assert.deepEqual(asked.filter((url) => url.includes('attachment')), []);
  assert.deepEqual(errors, []);
});

test('states are said in words, and what is not to be had cannot be clicked', async () => {
  const { id } = await raised();
  const ids = [];
  for (const state of ['checking', 'infected', 'unchecked', 'gone', 'ready']) ids.push([await uploaded('alice', `${state}.txt`, state), state]);
  await api('alice', 'POST', `/api/client/issues/${id}/comment/`, { comment: 'All.', attachments: ids.map(([one]) => one) });
  const WORDS = { checking: 'Is being checked', infected: 'Contains a virus', unchecked: 'Could not be checked', gone: 'Is no longer there' };
  for (const [user, downloads] of [['alice', ['unchecked.txt', 'ready.txt']], ['erin', ['checking.txt', 'unchecked.txt', 'ready.txt']]]) {
    const { page, errors } = await person(user);
    // the states come from a scanner, which the instance of the tests has not
    await page.route(new RegExp(`/api/.*issues/${id}/$`), answerChanged((body) => {
      for (const file of body.comments.at(-1).attachments) file.state = ids.find(([one]) => one === file.id)[1];
      return body;
    }));
    await open(page, `/issues/${id}/`);
    for (const [state, words] of Object.entries(WORDS)) await page.locator(`.file-card.${state}`, { hasText: words }).waitFor();
    const names = await page.getByRole('button', { name: /^Download/ }).evaluateAll((all) => all.map((b) => b.getAttribute('aria-label').slice('Download '.length)));
    assert.deepEqual(names, downloads);
    if (user === 'erin') {
      await page.getByRole('button', { name: 'Download checking.txt' }).click();
      await page.getByText('has not been checked for viruses yet').waitFor();
      await page.getByRole('button', { name: 'Cancel' }).click();
    }
    assert.deepEqual(errors, []);
  }
});
