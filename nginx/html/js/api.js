// Talks to the public API, and to nothing else.
import { session } from './session.js';

/** What went wrong, in words for a person. status 0: nobody answered. */
export class ApiError extends Error {
  constructor(status, body, retryAfter) {
    super(body?.error ?? 'Docket did not answer as expected. Please try again.');
    this.status = status;
    this.code = body?.code ?? 'unknown';
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

function reached(yes) {
  connection.dispatchEvent(new Event(yes ? 'up' : 'down'));
}

function headersOf({ body, etag, match, once }) {
  const headers = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (session.token) headers.Authorization = `Token ${session.token}`;
  if (session.token && session.profile) headers['X-Profile'] = String(session.profile.id);
  if (etag) headers['If-None-Match'] = etag;
  if (match) headers['If-Match'] = match;
  if (once) headers['Idempotency-Key'] = once;
  return headers;
}

async function send(method, path, options) {
  try {
    const answer = await fetch(path, {
      method,
      headers: headersOf(options),
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
      credentials: 'omit',
      cache: 'no-store',
    });
    reached(true);
    return answer;
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    reached(false);
    throw new ApiError(0, {
      error: 'Docket cannot be reached. Check your connection and try again.',
      code: 'offline',
    });
  }
}

async function refusal(answer) {
  const body = await answer.json().catch(() => null);
  const wait = Number(answer.headers.get('Retry-After')) || null;
  return new ApiError(answer.status, body, wait);
}

/**
 * One call. Options: body, query, signal, etag (If-None-Match), match
 * (If-Match), once (Idempotency-Key). Gives {data, etag, status}; data is null
 * for 204 and 304.
 */
export async function call(method, path, options = {}) {
  const token = session.token;
  const answer = await send(method, path + queryOf(options.query), options);
  const etag = answer.headers.get('ETag');
  if (answer.status === 304) return { data: null, etag: options.etag, status: 304 };
  if (answer.status === 401 && token) {
    // only if nobody logged in again meanwhile
    if (token === session.token) session.end({ expired: true });
    throw await refusal(answer);
  }
  if (!answer.ok) throw await refusal(answer);
  if (answer.status === 204) return { data: null, etag, status: 204 };
  return { data: await answer.json(), etag, status: answer.status };
}

const data = async (...args) => (await call(...args)).data;
export const get = (path, options) => data('GET', path, options);
export const post = (path, body = {}, options = {}) => data('POST', path, { ...options, body });
export const patch = (path, body, options = {}) => data('PATCH', path, { ...options, body });
export const remove = (path, options) => data('DELETE', path, options);

/** A file of the API, as a Blob: a link could not carry the token. */
export async function download(path, query) {
  const answer = await send('GET', path + queryOf(query), {});
  if (!answer.ok) throw await refusal(answer);
  return answer.blob();
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

/** The items of a list, whether it comes as a page or as a plain array. */
export const itemsOf = (list) => (Array.isArray(list) ? list : list?.results ?? []);

/** The answer of an optional part of the API, or null where it has none. */
export async function optional(promise) {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof ApiError && (error.isMissing || error.status === 403)) return null;
    throw error;
  }
}

/**
 * A POST that must not happen twice by accident. Until the call is answered with
 * success, the same body to the same path has the same Idempotency-Key: "send"
 * after a lost answer is a repeat. After that, the same words are sent anew.
 */
export function oncePoster() {
  let text = null;
  let key = null;
  return async (path, body) => {
    const now = JSON.stringify([path, body]);
    if (now !== text) {
      text = now;
      key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');
    }
    const answer = await post(path, body, { once: key });
    text = null;
    return answer;
  };
}
