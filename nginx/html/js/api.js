// Talks to the public API, and nothing else of the portal does. Paths are those
// of the OpenAPI document, with {id} and the like still in them: from the path
// follow the types of parameters, body and answer (tools/portal/api.d.ts).
import { session } from './session.js';

/** @import {Answer, Method, Options, PathOf, Reply} from 'docket/api' */
/** @import {Draft} from './storage.js' */

/** What went wrong, in words for a person. status 0: nobody answered. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {any} body
   * @param {number | null} [retryAfter] seconds
   */
  constructor(status, body, retryAfter = null) {
    super(body?.error ?? 'Docket did not answer as expected. Please try again.');
    this.status = status;
    this.code = body?.code ?? 'unknown';
    /** @type {Record<string, any>} */
    this.details = body?.details ?? {};
    this.requestId = body?.request_id ?? null;
    this.retryAfter = retryAfter;
  }

  /** The installation does not offer this (yet). */
  get isMissing() {
    return this.status === 404 || this.status === 405 || this.status === 501;
  }
}

/** 'up' and 'down': whether the last call reached the server. */
export const connection = new EventTarget();

const offline = () => new ApiError(0, {
  error: 'Docket cannot be reached. Check your connection and try again.',
  code: 'offline',
});

/** @param {boolean} yes */
function reached(yes) {
  connection.dispatchEvent(new Event(yes ? 'up' : 'down'));
}

function headersOf({ body, etag, match, once }) {
  /** @type {Record<string, string>} */
  const headers = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (session.token) headers.Authorization = `Token ${session.token}`;
  if (session.token && session.profileId) headers['X-Profile'] = String(session.profileId);
  if (etag) headers['If-None-Match'] = etag;
  if (match) headers['If-Match'] = match;
  if (once) headers['Idempotency-Key'] = once;
  return headers;
}

/** '/api/issues/{id}/' and its options → '/api/issues/7/?page=2' */
function addressOf(path, { path: parameters = {}, query }) {
  return path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(parameters[name])) + queryOf(query);
}

async function send(method, path, options) {
  try {
    const answer = await fetch(addressOf(path, options), {
      method: method.toUpperCase(),
      headers: headersOf(options),
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
      credentials: 'omit',
      cache: 'no-store',
    });
    reached(true);
    return answer;
  } catch (error) {
    if (/** @type {Error} */ (error).name === 'AbortError') throw error;
    reached(false);
    throw offline();
  }
}

/** @param {Response} answer */
async function refusal(answer) {
  const body = await answer.json().catch(() => null);
  const wait = Number(answer.headers.get('Retry-After')) || null;
  return new ApiError(answer.status, body, wait);
}

/** Throws what was refused; `token` is the one that was sent. */
async function check(answer, token) {
  if (answer.ok) return;
  // only if nobody logged in again meanwhile
  if (answer.status === 401 && token && token === session.token) session.end({ expired: true });
  throw await refusal(answer);
}

/**
 * One call.
 * @template {Method} M
 * @template {PathOf<M>} P
 * @param {M} method
 * @param {P} path
 * @param {Options<M, P>} [options]
 * @returns {Promise<Reply<Answer<M, P>>>}
 */
export async function call(method, path, options = {}) {
  const token = session.token;
  const answer = await send(method, path, options);
  const etag = answer.headers.get('ETag');
  const nothing = /** @type {any} */ (null);
  if (answer.status === 304) return { data: nothing, etag: etag ?? options.etag ?? null, status: 304 };
  await check(answer, token);
  if (answer.status === 204) return { data: nothing, etag, status: 204 };
  return { data: await answer.json(), etag, status: answer.status };
}

/**
 * @template {PathOf<'get'>} P
 * @param {P} path
 * @param {Options<'get', P>} [options]
 */
export const get = async (path, options) => (await call('get', path, options)).data;

/**
 * @template {PathOf<'post'>} P
 * @param {P} path
 * @param {Options<'post', P>} [options]
 */
export const post = async (path, options) => (await call('post', path, { body: /** @type {any} */ ({}), ...options })).data;

/**
 * @template {PathOf<'patch'>} P
 * @param {P} path
 * @param {Options<'patch', P>} options
 */
export const patch = async (path, options) => (await call('patch', path, options)).data;

/**
 * @template {PathOf<'delete'>} P
 * @param {P} path
 * @param {Options<'delete', P>} options
 */
export const remove = async (path, options) => (await call('delete', path, options)).data;

/**
 * A file of the API, as a Blob: a link could not carry the token.
 * @template {PathOf<'get'>} P
 * @param {P} path
 * @param {Pick<Options<'get', P>, 'path' | 'query' | 'signal'>} [options]
 */
export async function download(path, options = {}) {
  const token = session.token;
  const answer = await send('get', path, options);
  await check(answer, token);
  return answer.blob();
}

/**
 * Sends a file as it is. `once` is its Idempotency-Key; onProgress hears the share
 * that has gone, from 0 to 1, which fetch() would not tell.
 * @template {PathOf<'post'>} P
 * @param {P} path
 * @param {Options<'post', P> & {file: Blob, onProgress: (share: number) => void}} options
 * @returns {Promise<Answer<'post', P>>}
 */
export function upload(path, { file, onProgress, signal, ...options }) {
  const token = session.token;
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    request.open('POST', addressOf(path, /** @type {any} */ (options)));
    for (const [name, value] of Object.entries(headersOf(/** @type {any} */ (options)))) request.setRequestHeader(name, value);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = (event) => onProgress(event.total ? event.loaded / event.total : 0);
    request.onabort = () => reject(new DOMException('Cancelled', 'AbortError'));
    request.onerror = () => {
      reached(false);
      reject(offline());
    };
    request.onload = () => {
      reached(true);
      const answer = new Response(request.responseText, {
        status: request.status, headers: { 'Retry-After': request.getResponseHeader('Retry-After') ?? '' },
      });
      check(answer, token).then(() => answer.json()).then(resolve, reject);
    };
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

/** {a: 1, b: ''} → '?a=1'. */
export function queryOf(query) {
  const q = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== '') q.set(key, String(value));
  }
  const text = q.toString();
  return text ? `?${text}` : '';
}

/** An Idempotency-Key. */
export const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');

/**
 * A POST that must not happen twice by accident. Until the call is answered with
 * success, the same body to the same path has the same Idempotency-Key: "send"
 * after a lost answer is a repeat, also after the page was loaded again if there is
 * a `memory` (storage.js). After that, the same words are sent anew.
 * @param {Draft | null} [memory]
 */
export function oncePoster(memory = null) {
  let sent = memory?.get() ?? {};
  /**
   * @template {PathOf<'post'>} P
   * @param {P} path
   * @param {Options<'post', P>} options
   */
  return async (path, options) => {
    const text = JSON.stringify([path, options.path, options.body]);
    if (text !== sent.text) {
      sent = { text, key: newKey() };
      memory?.set(sent);
    }
    const answer = await post(path, { ...options, once: sent.key });
    sent = {};
    memory?.clear();
    return answer;
  };
}
