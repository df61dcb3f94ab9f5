// The libraries that every page uses. The names of the files hold a hash of
// their content: tools/portal/vendor.js changes them here with the versions.
import { h } from '/vendor/preact.25a5df7e9f.js';
import htm from '/vendor/htm.ab33dd3f38.js';

export { Fragment, h, render } from '/vendor/preact.25a5df7e9f.js';
export { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from '/vendor/preact-hooks.ebfc1db0ef.js';
export { LocationProvider, Route, Router, useLocation } from '/vendor/preact-iso-router.573d4aa0ba.js';
export { computed, signal, useSignalEffect } from '/vendor/signals.690c6d1901.js';

/** html`<p class="x">${text}</p>`: nodes; text in them is always text. */
export const html = htm.bind(h);
