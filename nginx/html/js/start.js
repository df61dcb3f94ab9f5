// What every page needs first, in one request: who it is, what they may do, how
// many notifications are unread, and how many issues there are of each kind.
import { call } from './api.js';
import { usePending } from './data.js';
import { signal, useLayoutEffect } from './lib.js';
import { poll } from './poll.js';
import { session } from './session.js';

/** @import {Schemas} from 'docket/api' */

const EVERY = 30_000;

/** @type {{value: Schemas['Start'] | null}} */
const known = signal(null);
const problem = signal(/** @type {any} */ (null));

let etag = /** @type {string | null} */ (null);
let polling = /** @type {ReturnType<typeof poll> | null} */ (null);

function know(data, tag) {
  etag = tag;
  known.value = data;
  problem.value = null;
  session.know(data.user);
}

/** Asks who the token of an earlier visit belongs to. */
export async function recognize() {
  const { data, etag: tag } = await call('get', '/api/start/');
  know(data, tag);
}

/** Keeps it up to date for the present profile, as long as the component is there. */
export function useStartPolling() {
  const profile = session.profile?.id;
  // at once, so that no page shows what is of another profile
  useLayoutEffect(() => {
    const stop = new AbortController();
    polling = poll('/api/start/', {
      every: EVERY, etag, signal: stop.signal, onData: know, onError: (error) => { problem.value = error; },
    });
    // after a login, or a change of the profile
    if (!known.value) polling.now();
    return () => {
      stop.abort();
      polling = null;
      known.value = null;
      etag = null;
    };
  }, [profile]);
}

/** Asks at once: something was read, or changed. */
export const startAgain = () => polling?.now();

/** As what useLive() gives. */
export function useStart() {
  usePending(!known.value && !problem.value);
  const error = known.value ? null : problem.value;
  return { data: known.value, error, isReady: known.value !== null, again: startAgain };
}

/** How many notifications are unread. */
export const unreadCount = () => known.value?.unread_count ?? 0;

/** How many e-mails wait for a decision; null: none ever came, or one is no staff. */
export const heldMailCount = () => known.value?.held_mail_count ?? null;
