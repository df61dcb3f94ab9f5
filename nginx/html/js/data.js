// What components need from the API before they can draw, and after.
import { ApiError, call } from './api.js';
import { signal, useEffect, useLayoutEffect, useRef, useState } from './lib.js';
import { poll } from './poll.js';

/** @import {Answer, Options, PathOf} from 'docket/api' */

/** How much is being fetched that a page cannot do without: it is busy until 0. */
export const pending = signal(0);

/** Counts one as pending as long as the component says so. */
export function usePending(is) {
  useLayoutEffect(() => {
    if (!is) return undefined;
    pending.value += 1;
    return () => { pending.value -= 1; };
  }, [is]);
}

/**
 * What the API answers to a GET, kept up to date: `data` and `etag` are null
 * until it has come, `error` says why it did not. With other options the old data
 * stays until the new has come; `isStale` says so. again() asks at once; know()
 * tells what is known from elsewhere, such as the answer to a change.
 *
 * `every` (milliseconds; 0: never) asks again for changes. `isOptional`: a page
 * that waits for it goes without it where the API refuses. `isExtra`: no page
 * waits for it.
 * @template {PathOf<'get'>} P
 * @param {P} path
 * @param {Options<'get', P> & {every?: number, isOptional?: boolean, isExtra?: boolean}} [options]
 */
export function useLive(path, { every = 0, isOptional = false, isExtra = false, ...options } = {}) {
  const key = JSON.stringify([path, options]);
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState(/** @type {{
    key: string | null, data: Answer<'get', P> | null, etag: string | null, error: any}} */ (
    { key: null, data: null, etag: null, error: null }));
  const polling = useRef(/** @type {ReturnType<typeof poll> | null} */ (null));

  useLayoutEffect(() => {
    const stop = new AbortController();
    const { signal: quit } = stop;
    let isPending = !isExtra;
    if (isPending) pending.value += 1;
    const settle = () => {
      if (isPending) pending.value -= 1;
      isPending = false;
    };

    const onData = (data, etag) => setState({ key, data, etag, error: null });
    async function load() {
      try {
        const answer = await call('get', path, /** @type {any} */ ({ ...options, signal: quit }));
        if (quit.aborted) return;
        onData(answer.data, answer.etag);
        if (every) polling.current = poll(path, /** @type {any} */ ({ ...options, every, etag: answer.etag, signal: quit, onData }));
      } catch (error) {
        if (quit.aborted) return;
        if (!(error instanceof ApiError)) throw error;
        setState((old) => ({ key, data: old.data, etag: old.etag, error: isOptional ? null : error }));
      } finally {
        // once the page is drawn with it
        if (!quit.aborted) setTimeout(settle);
      }
    }

    load();
    return () => {
      stop.abort();
      polling.current = null;
      settle();
    };
  }, [key, every, attempt]);

  return {
    ...state,
    isReady: state.key !== null && !state.error,
    isStale: state.key !== key,
    again: () => (polling.current ? polling.current.now() : setAttempt((n) => n + 1)),
    know(data, etag = null) {
      setState({ key, data, etag, error: null });
      polling.current?.know(etag);
    },
  };
}

/** A value, once it has not changed for so many milliseconds. */
export function useDebounced(value, wait) {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), wait);
    return () => clearTimeout(timer);
  }, [value, wait]);
  return rested;
}
