// Where one is, and going elsewhere. preact-iso does the routing; here is what
// it leaves open: going somewhere from outside of a component, the title, the
// focus, and the place to which "back" scrolls.
import { queryOf } from './api.js';
import { pending } from './data.js';
import { signal, useLayoutEffect, useLocation, useRef } from './lib.js';

/** @type {(url: string, replace?: boolean) => void} */
let route = () => {};

/** How far each address was scrolled when it was left. */
const places = new Map();
const here = () => location.pathname + location.search;

/** Goes to an address of the portal. */
export function go(href, { replace = false } = {}) {
  route(href, replace);
}

/** Other filters: the same page with another query. */
export function setQuery(query, options) {
  go(location.pathname + queryOf(query), options);
}

export function useTitle(text) {
  useLayoutEffect(() => {
    document.title = text ? `${text} – Docket` : 'Docket';
  }, [text]);
}

/** A page is new if it has another path, or shows another part of a list. */
const pageOf = (url) => {
  const { pathname, searchParams } = new URL(url, location.origin);
  return [pathname, searchParams.get('page'), searchParams.get('cursor')].join(' ');
};

/** Whether a new page is on its way, until it is scrolled to its place and has the focus. */
export const arriving = signal(false);

/**
 * A new page begins at its heading, for eyes and for screen readers; but where
 * somebody has moved the focus since they left (`from`), or is typing, it stays.
 */
function settle(main, top, from) {
  scrollTo(0, top);
  const at = document.activeElement;
  if (at && at !== from && at !== document.body) return;
  if (main.contains(at) && at?.matches('input, textarea, select')) return;
  const heading = main.querySelector('h1');
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** For the one component around all pages; `main` refers to their element. */
export function useNavigation(main) {
  // its type does not have wasPush
  const { url, wasPush, route: navigate } = /** @type {any} */ (useLocation());
  const last = useRef(url);
  route = navigate;

  useLayoutEffect(() => {
    history.scrollRestoration = 'manual';
    const onScroll = () => { if (!pending.value) places.set(here(), scrollY); };
    addEventListener('scroll', onScroll, { passive: true });
    return () => removeEventListener('scroll', onScroll);
  }, []);

  // before the next key or click is handled
  useLayoutEffect(() => {
    const isNew = pageOf(last.current) !== pageOf(url);
    const top = wasPush ? 0 : places.get(here()) ?? 0;
    last.current = url;
    if (!isNew && !arriving.value) return undefined;
    arriving.value = true;
    const from = document.activeElement;
    const unsubscribe = pending.subscribe((n) => {
      if (n) return;
      setTimeout(() => {
        if (pending.value || last.current !== url || !arriving.value) return;
        unsubscribe();
        settle(main.current, top, from);
        arriving.value = false;
      });
    });
    return unsubscribe;
  }, [url]);
}
