// Asks again and again, and asks less when nobody looks.
import { call } from './api.js';

/** @import {Answer, Options, PathOf} from 'docket/api' */

const HIDDEN_MAX = 10 * 60_000;

/**
 * Calls onData(data, etag) whenever the answer has changed. Unchanged ones
 * cost a 304. While the tab is hidden, and after failures, the waits double.
 * Gives a handle: now() asks at once, or again if an answer is on its way;
 * know(etag) tells what is on screen, which no answer to an earlier question replaces.
 * @template {PathOf<'get'>} P
 * @param {P} path
 * @param {Options<'get', P> & {
 *   every: number, signal: AbortSignal,
 *   onData: (data: Answer<'get', P>, etag: string | null) => void,
 *   onError?: (error: any) => void}} options every: milliseconds
 */
export function poll(path, { every, etag = null, signal, onData, onError, ...options }) {
  let known = etag;
  let wait = every;
  let timer;
  let asking = false;
  let isWanted = false; // once more: the answer that is on its way may be older than what it must show
  let told = 0; // how often know() was called

  function later() {
    clearTimeout(timer);
    if (!signal.aborted) timer = setTimeout(ask, wait);
  }

  async function ask() {
    isWanted = asking;
    if (asking || signal.aborted) return;
    asking = true;
    clearTimeout(timer);
    const before = told;
    try {
      const answer = await call('get', path, /** @type {any} */ ({ ...options, etag: known, signal }));
      if (signal.aborted) return;
      isWanted ||= before !== told;
      if (before !== told) return;
      wait = document.hidden ? Math.min(wait * 2, HIDDEN_MAX) : every;
      // the same list may have another tag, by which the server knows it faster
      known = answer.etag;
      if (answer.status !== 304) onData(answer.data, answer.etag);
    } catch (error) {
      if (signal.aborted) return;
      const { retryAfter } = /** @type {{retryAfter?: number | null}} */ (error);
      wait = Math.max((retryAfter ?? 0) * 1000, Math.min(wait * 2, HIDDEN_MAX));
      onError?.(error);
    } finally {
      asking = false;
      if (isWanted) ask();
      else later();
    }
  }

  function onVisible() {
    if (document.hidden) return;
    wait = every;
    ask();
  }

  document.addEventListener('visibilitychange', onVisible, { signal });
  addEventListener('online', onVisible, { signal });
  signal.addEventListener('abort', () => clearTimeout(timer));
  later();
  return {
    now: ask,
    know(tag) {
      known = tag;
      told += 1;
    },
  };
}
