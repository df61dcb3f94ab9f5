// How many notifications are unread: counted for the bell, and again after some
// were read.
import { signal } from './lib.js';
import { poll } from './poll.js';

const EVERY = 30_000;

export const unread = signal(0);

let polling = /** @type {ReturnType<typeof poll> | null} */ (null);

/** Counts until the signal aborts. */
export function watchUnread(quit) {
  polling = poll('/api/notifications/', {
    every: EVERY, signal: quit, query: { unread: true, page_size: 1 }, onData: (data) => { unread.value = data.unread_count; },
  });
  polling.now();
}

/** After something was read. */
export const checkUnread = () => polling?.now();
