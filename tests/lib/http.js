'use strict';

const http = require('http');

/* One way to send a request and to read its response, for all tests. */

/** The instance under test; `tools/instance exec` sets it. */
const BASE_URL = process.env.BASE_URL ?? 'http://127.0.0.1:8000';

/** The simulator closes idle connections after five seconds, and a request that is sent at that
 * moment is lost. Ours are closed long before. */
const IDLE_MS = 2000;

class KeepingAgent extends http.Agent {
  constructor() {
    super({ keepAlive: true, maxSockets: 32, timeout: IDLE_MS });
    this.idleSince = new WeakMap();
  }

  keepSocketAlive(socket) {
    this.idleSince.set(socket, performance.now());
    return super.keepSocketAlive(socket);
  }

  /** Closes what is idle for too long, also if this process waited for another one meanwhile, so
   * that the timer is still to run. */
  closeIdle() {
    const before = performance.now() - IDLE_MS;
    Object.values(this.freeSockets).flat()
      .filter((socket) => this.idleSince.get(socket) < before)
      .forEach((socket) => socket.destroy());
  }
}
const keptAlive = new KeepingAgent();

const isBytes = (body) => typeof body === 'string' || Buffer.isBuffer(body);

/** The bytes of a body, and the header fields that describe them. */
function encode(body, type) {
  if (body === undefined) {
    return { bytes: '', headers: { 'Content-Length': 0 } };
  }
  const bytes = isBytes(body) ? body : JSON.stringify(body);
  return {
    bytes,
    headers: { ...(type && { 'Content-Type': type }), 'Content-Length': Buffer.byteLength(bytes) },
  };
}

function decode(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return text;
  }
}

/**
 * Sends a request to a URL, or to a path of the instance, and resolves to its response:
 * {status, headers, text, body, ms}. `body` is what the text means as JSON, else the text; null if
 * it is empty. If the connection breaks before the response is complete, then `status` is 0,
 * `error` says why, and `headStatus` is the status if at least that had arrived.
 *
 * Options: `token` (of a user), `body` (a string or Buffer is sent as it is, anything else as JSON),
 * `type` (of the body; null: not stated), `headers`, `from` (the local address), `agent` (false: a
 * connection of its own).
 */
function request(method, where, {
  token, body, type = 'application/json', headers = {}, from, agent = keptAlive,
} = {}) {
  const { bytes, headers: described } = encode(body, type);
  const begin = performance.now();
  keptAlive.closeIdle();
  return new Promise((resolve) => {
    let headStatus;
    const broken = (error) => resolve({
      status: 0, headStatus, error, headers: {}, text: '', body: null, ms: performance.now() - begin,
    });
    const call = http.request(where.startsWith('/') ? BASE_URL + where : where, {
      method,
      agent,
      localAddress: from,
      timeout: 60000,
      headers: { ...described, ...(token && { Authorization: `Token ${token}` }), ...headers },
    }, (response) => {
      const parts = [];
      headStatus = response.statusCode;
      response.on('data', (part) => parts.push(part));
      response.on('error', broken);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        resolve({
          status: response.statusCode,
          headers: response.headers,
          text,
          body: decode(text),
          ms: performance.now() - begin,
        });
      });
    });
    /* A server that stood still for long closes what was idle before it reads on. What only reads
     * can be asked again. */
    const again = (error) => method === 'GET' && call.reusedSocket && error.code === 'ECONNRESET' && !headStatus;
    call.on('timeout', () => call.destroy(new Error('timeout')));
    call.on('error', (error) => (again(error)
      ? resolve(request(method, where, { token, type, headers, from, agent: false })) : broken(error)));
    call.end(bytes);
  });
}

/** The body of a response that must have succeeded; `what` names the request in the error. */
function successful(what, { status, body, error }) {
  if (status < 200 || status > 299) {
    throw new Error(`${what}: ${status || error.message} ${JSON.stringify(body)}`);
  }
  return body;
}

module.exports = { BASE_URL, request, successful };
