'use strict';

const assert = require('assert/strict');
const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const os = require('os');
const path = require('path');
const { after, before, beforeEach, describe, it } = require('node:test');
const { startSimulator, KEY } = require('./harness.js');

/* Files: fileUpload with its signed PUT, and the hosts that show them. */

const UPLOAD = `mutation($contentType: String!, $filename: String!, $size: Int!) {
  fileUpload(contentType: $contentType, filename: $filename, size: $size) {
    success
    uploadFile { assetUrl uploadUrl contentType filename size headers { key value } }
  }
}`;
const PNG = Buffer.from('\x89PNG\r\n\x1a\nand more', 'latin1');

/** Sends bytes or nothing: {status, headers, bytes}. Rejects if the connection breaks. */
function fetchRaw(method, url, { headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent: false, timeout: 10000 }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('aborted', () => reject(new Error('aborted')));
      response.on('end', () => resolve({
        status: response.statusCode, headers: response.headers, bytes: Buffer.concat(parts),
      }));
    });
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.end(body);
  });
}

describe('files', () => {
  let linear;
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'simulator-'));
  const state = path.join(directory, 'state');

  before(async () => {
    linear = await startSimulator('--state', state);
  });
  after(async () => {
    await linear.stop();
    fs.rmSync(directory, { recursive: true, force: true });
  });
  beforeEach(() => linear.post('reset'));

  const ask = async (fields = {}) => (await linear.data(UPLOAD, {
    contentType: 'image/png', filename: 'a "picture".png', size: PNG.length, ...fields,
  })).fileUpload.uploadFile;
  const headersOf = ({ headers, contentType }) => Object.fromEntries(
    [['Content-Type', contentType], ...headers.map(({ key, value }) => [key, value])],
  );
  const put = (file, { body = PNG, headers = {} } = {}) => (
    fetchRaw('PUT', file.uploadUrl, { headers: { ...headersOf(file), ...headers }, body }));
  const get = (url, headers = { Authorization: KEY }) => fetchRaw('GET', url, { headers });
  const seen = async () => (await linear.get('files')).seen;

  it('an upload', async () => {
    const file = await ask();
    assert.equal((await get(file.assetUrl)).status, 404);
    assert.equal((await put(file)).status, 200);
    const { status, headers, bytes } = await get(file.assetUrl);
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'image/png');
    assert.ok(bytes.equals(PNG));
    const { files } = await linear.get('files');
    assert.equal(files.length, 1);
    assert.equal(files[0].sha256, crypto.createHash('sha256').update(PNG).digest('hex'));
    assert.equal(files[0].references, 0);
    assert.deepEqual(await seen(), {
      files: { requests: 2, keys: 2 }, storage: { requests: 1, keys: 0 },
    });
  });

  it('a PUT needs every header, and no other size', async () => {
    const file = await ask();
    for (const name of Object.keys(headersOf(file))) {
      const headers = { ...headersOf(file) };
      delete headers[name];
      const { status } = await fetchRaw('PUT', file.uploadUrl, { headers, body: PNG });
      assert.equal(status, 403, name);
      assert.equal((await put(file, { headers: { [name]: 'other' } })).status, 403, name);
    }
    assert.equal((await put(file, { body: PNG.subarray(1) })).status, 400);
    assert.equal((await put(file, { body: Buffer.concat([PNG, PNG]) })).status, 400);
    assert.equal((await put(file, { headers: { Authorization: KEY } })).status, 400);
    assert.equal((await put({ ...file, uploadUrl: `${file.uploadUrl}0` })).status, 403);
    assert.equal((await put(file, { headers: { 'Transfer-Encoding': 'chunked' } })).status, 411);
    assert.equal((await get(file.assetUrl)).status, 404);
    await linear.post('clock', { offset_ms: 61000 });
    assert.equal((await put(file)).status, 400);
    await linear.post('clock', { offset_ms: 0 });
    assert.equal((await put(file)).status, 200);
    assert.equal((await seen()).storage.keys, 1);
  });

  it('what fileUpload refuses', async () => {
    await linear.post('settings', { file_limit: 100 });
    for (const wrong of [{ size: 0 }, { size: 101 }, { filename: ' ' }, { contentType: '' }]) {
      await assert.rejects(ask(wrong), /INVALID_INPUT|INPUT_ERROR/, JSON.stringify(wrong));
    }
    assert.equal((await ask({ size: 100 })).size, 100);
  });

  it('without the key the login page comes, and HEAD lies', async () => {
    const { row: { assetUrl } } = await linear.act({
      do: 'upload', filename: 'a.png', content_type: 'image/png', base64: PNG.toString('base64'),
    });
    for (const headers of [{}, { Authorization: `Bearer ${KEY}` }, { Authorization: 'other' }]) {
      const { status, headers: { 'content-type': type }, bytes } = await get(assetUrl, headers);
      assert.equal(status, 200);
      assert.match(type, /^text\/html/);
      assert.match(bytes.toString(), /Log in/);
    }
    const head = await fetchRaw('HEAD', assetUrl, { headers: { Authorization: KEY } });
    assert.match(head.headers['content-type'], /html/);
    await linear.post('key', { key: 'other' });
    assert.match((await get(assetUrl)).headers['content-type'], /html/);
  });

  it('a redirect to the storage, which refuses the key', async () => {
    await linear.post('settings', { files_redirect: true });
    const { row: { assetUrl } } = await linear.act({
      do: 'upload', filename: 'a.png', content_type: 'image/png', base64: PNG.toString('base64'),
    });
    const { status, headers: { location } } = await get(assetUrl);
    assert.equal(status, 302);
    assert.notEqual(new URL(location).host, new URL(assetUrl).host);
    assert.equal((await get(location)).status, 400);
    assert.equal((await get(location.split('?')[0], {})).status, 403);
    assert.ok((await get(location, {})).bytes.equals(PNG));
    assert.deepEqual(await seen(), {
      files: { requests: 1, keys: 1 }, storage: { requests: 3, keys: 1 },
    });
  });

  it('what goes wrong on request', async () => {
    const { row: { assetUrl } } = await linear.act({
      do: 'upload', filename: 'a.bin', content_type: 'application/octet-stream', size: 200000,
    });
    await linear.faults({ kind: 'file_cut' });
    await assert.rejects(get(assetUrl));
    await linear.faults({ kind: 'file_login' });
    assert.match((await get(assetUrl)).headers['content-type'], /html/);
    await linear.faults({ kind: 'file_slow', ms: 100 });
    const began = Date.now();
    assert.equal((await get(assetUrl)).bytes.length, 200000);
    assert.ok(Date.now() - began > 50);
    await linear.faults({ kind: 'file_large' });
    await new Promise((resolve, reject) => {
      http.get(assetUrl, { headers: { Authorization: KEY }, agent: false }, (response) => {
        let size = 0;
        response.on('error', () => {});
        response.on('data', (part) => {
          size += part.length;
          if (size > 1000000) {
            response.destroy();
            resolve();
          }
        });
        response.on('end', () => reject(new Error('it was not large')));
      });
    });
    await linear.faults({ kind: 'http', status: 403, on: 'file_get' });
    assert.equal((await get(assetUrl)).status, 403);
    await linear.faults({ kind: 'drop_after', on: 'file_put' });
    const file = await ask();
    await assert.rejects(put(file));
    assert.ok((await linear.get('files')).files[1].storedAt);
    await linear.faults({ kind: 'drop_before', on: 'file_put' });
    await assert.rejects(put(file));
  });

  it('references are counted, and files survive a kill', async () => {
    const file = await ask();
    await put(file);
    const issue = await linear.createIssue({ description: `![x](${file.assetUrl})` });
    await linear.createComment({ issueId: issue.id, body: `See\n\n![a \\[b\\].png](${file.assetUrl})` });
    const [{ references }] = (await linear.get('files')).files;
    assert.equal(references, 2);
    const [{ body }] = (await linear.issue(issue.identifier)).comments;
    assert.equal(body, `See\n\n![a \\[b\\].png](${file.assetUrl})`);
    await linear.stop('SIGKILL');
    linear = await startSimulator('--state', state);
    const { files, base } = await linear.get('files');
    assert.ok((await get(base + files[0].path)).bytes.equals(PNG));
  });
});
