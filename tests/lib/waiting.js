'use strict';

/* Waiting for what others do. */

const sleep = (ms) => new Promise((resolve) => {
  setTimeout(resolve, ms);
});

/** How long what takes a moment may take on a machine that is slow and has much else to do. */
const PATIENCE_MS = 60000;

/** Waits until `check` returns a true value, and returns it. An exception in `check` counts as
 * "not yet". Throws after `ms` milliseconds, with what `check` returned or threw last. */
async function eventually(what, check, ms = PATIENCE_MS) {
  const end = Date.now() + ms;
  let last;
  for (;;) {
    try {
      last = await check();
      if (last) {
        return last;
      }
    } catch (error) {
      last = error.message;
    }
    if (Date.now() > end) {
      throw new Error(`not within ${ms} ms: ${what} (last: ${JSON.stringify(last)})`);
    }
    await sleep(50);
  }
}

module.exports = { eventually, sleep };
