'use strict';

const files = require('./files.js');
const {
  HttpError, LARGEST_FILE, readBytes, send, sleep,
} = require('./http.js');

/*
 * The two hosts of Linear's files. The host of the assets (uploads.linear.app) shows them to those
 * who are logged in or send the key, and everybody else gets the login page, with status 200; with
 * the setting `files_redirect` it sends them on to the storage. The storage (Google's) knows signed
 * URLs only, and refuses a request that carries credentials as well.
 *
 * Each host notes which requests carried the key, for tests to look at.
 */

const LOGIN = '<!DOCTYPE html><html><head><title>Linear</title></head><body>Log in</body></html>';

/** What "too large" sends, whatever the file's size is. */
const ENDLESS = 64 * 1024 * 1024;
const PART = 64 * 1024;

const same = (a, b) => (a || '') === b;

function xml(response, status, code, text) {
  send(response, status, { 'Content-Type': 'application/xml; charset=UTF-8' },
    `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>${text}</Message></Error>`);
}

/** Which request header differs from what was signed; undefined: none. */
function forged(request, row) {
  const wanted = [...files.headersOf(row), { key: 'Content-Type', value: row.contentType }];
  const wrong = wanted.find(({ key, value }) => !same(request.headers[key.toLowerCase()], value));
  return wrong && wrong.key;
}

class FileHosts {
  constructor({ workspace, faults, api }) {
    Object.assign(this, { workspace, faults, api });
    this.reset();
  }

  reset() {
    /** By host: requests, and how many of them carried the key in any form. */
    this.seen = { files: { requests: 0, keys: 0 }, storage: { requests: 0, keys: 0 } };
  }

  note(host, request) {
    const seen = this.seen[host];
    const sent = JSON.stringify([request.url, request.headers]);
    seen.requests += 1;
    seen.keys += sent.includes(this.api.key) ? 1 : 0;
  }

  /** Serves a request to either host: "files" or "storage". */
  async handle(host, request, response, url) {
    this.note(host, request);
    const what = request.method === 'PUT' ? 'file_put' : 'file_get';
    await this.faults.delay([what]);
    const broken = this.faults.strike('http', [what]);
    if (this.faults.strike('drop_before', [what])) {
      request.socket.destroy();
    } else if (broken) {
      send(response, broken.status, { 'Content-Type': 'text/html' }, `<h1>${broken.status}</h1>`);
    } else if (host === 'files') {
      await this.asset(request, response, url);
    } else if (request.method === 'PUT') {
      await this.put(request, response, url);
    } else {
      await this.signed(request, response, url);
    }
  }

  /** HEAD says nothing true, as at Linear. */
  async asset(request, response, url) {
    const row = files.find(this.workspace, url.pathname);
    const known = request.headers.authorization === this.api.key;
    if (request.method === 'HEAD') {
      send(response, 200, { 'Content-Type': 'text/html' }, '');
    } else if (request.method !== 'GET') {
      throw new HttpError(405, 'GET only');
    } else if (!known || this.faults.strike('file_login', ['file_get'])) {
      send(response, 200, { 'Content-Type': 'text/html; charset=utf-8' }, LOGIN);
    } else if (!row || !row.storedAt) {
      send(response, 404, { 'Content-Type': 'text/plain' }, 'Not found');
    } else if (this.workspace.settings.files_redirect) {
      const location = `${this.workspace.urls.storage}${row.path}?X-Goog-Signature=${row.signature}`;
      send(response, 302, { Location: location }, '');
    } else {
      await this.deliver(request, response, row);
    }
  }

  async signed(request, response, url) {
    const row = files.find(this.workspace, url.pathname);
    if (request.headers.authorization) {
      xml(response, 400, 'InvalidArgument', 'Only one auth mechanism allowed.');
    } else if (!row || url.searchParams.get('X-Goog-Signature') !== row.signature) {
      xml(response, 403, 'SignatureDoesNotMatch', 'Access denied.');
    } else {
      await this.deliver(request, response, row);
    }
  }

  /** Why the storage does not take this PUT: [status, code, text]; null: it does. */
  refusal(request, row, url) {
    const { headers } = request;
    if (headers.authorization) {
      return [400, 'InvalidArgument', 'Only one auth mechanism allowed.'];
    }
    if (!row || url.searchParams.get('X-Goog-Signature') !== row.signature) {
      return [403, 'SignatureDoesNotMatch', 'Access denied.'];
    }
    if (this.workspace.clock.now() > row.expiresAt) {
      return [400, 'ExpiredToken', 'The provided token has expired.'];
    }
    const wrong = forged(request, row);
    if (wrong) {
      return [403, 'SignatureDoesNotMatch', `Access denied: ${wrong}`];
    }
    return headers['content-length'] === undefined
      ? [411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.']
      : null;
  }

  async put(request, response, url) {
    const row = files.find(this.workspace, url.pathname);
    const refusal = this.refusal(request, row, url);
    if (refusal) {
      request.resume();
      xml(response, ...refusal);
      return;
    }
    const bytes = await readBytes(request, LARGEST_FILE);
    if (bytes.length !== row.size) {
      xml(response, 400, bytes.length > row.size ? 'EntityTooLarge' : 'EntityTooSmall', 'Wrong size.');
      return;
    }
    this.workspace.transact({ actor: null, deliveries: [] }, (tx) => files.store(tx, row, bytes));
    if (this.faults.strike('drop_after', ['file_put'])) {
      request.socket.destroy();
      return;
    }
    send(response, 200, { 'Content-Type': 'text/html; charset=UTF-8' }, '');
  }

  async deliver(request, response, row) {
    const bytes = this.workspace.bytes.read(row.id);
    const slow = this.faults.strike('file_slow', ['file_get']);
    const type = { 'Content-Type': row.contentType };
    if (this.faults.strike('file_large', ['file_get'])) {
      response.writeHead(200, type);
      await trickle(response, Buffer.alloc(ENDLESS), PART, 0);
    } else if (this.faults.strike('file_cut', ['file_get'])) {
      response.writeHead(200, { ...type, 'Content-Length': bytes.length });
      await trickle(response, bytes.subarray(0, bytes.length / 2), PART, 0);
      request.socket.destroy();
    } else if (slow) {
      response.writeHead(200, { ...type, 'Content-Length': bytes.length });
      await trickle(response, bytes, Math.max(1, Math.ceil(bytes.length / 10)), slow.ms / 10);
      response.end();
    } else {
      response.writeHead(200, { ...type, 'Content-Length': bytes.length });
      response.end(bytes);
    }
  }
}

/** Writes the bytes in parts, with pauses, until the client has gone. */
async function trickle(response, bytes, part, ms) {
  for (let at = 0; at < bytes.length && !response.destroyed; at += part) {
    const more = response.write(bytes.subarray(at, at + part));
    if (!more && !response.destroyed) {
      await new Promise((resolve) => {
        response.once('drain', resolve);
        response.once('close', resolve);
      });
    }
    await sleep(ms);
  }
}

module.exports = { FileHosts };
