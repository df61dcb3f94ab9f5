// Addresses to pages, by the history API.
import { ApiError } from './api.js';
import { fill } from './dom.js';
import { failure, skeleton } from './ui/states.js';

let routes = [];
let guard = () => null;
let leaving = null; // aborts what the page on screen still waits for
let place = 0; // of the entry in this tab's history

const main = () => document.getElementById('main');

/** Goes to an address of the portal. */
export function go(href, { replace = false } = {}) {
  history.replaceState({ ...history.state, scroll: scrollY }, '');
  if (!replace) place += 1;
  history[replace ? 'replaceState' : 'pushState']({ place }, '', href);
  return show({ moved: true });
}

/** Changes the query of the address, and draws the page again unless quiet. */
export function setQuery(query, { quiet = false, replace = false } = {}) {
  const q = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value) q.set(key, value);
  const href = location.pathname + (q.size ? `?${q}` : '');
  if (!quiet) return go(href, { replace });
  place += replace ? 0 : 1;
  history[replace ? 'replaceState' : 'pushState']({ place }, '', href);
  return null;
}

function find(path) {
  for (const route of routes) {
    const match = route.pattern.exec(path);
    if (match) return { ...route, params: match.groups ?? {} };
  }
  return null;
}

export const setTitle = (text) => {
  document.title = text ? `${text} – Docket` : 'Docket';
};

/** The page's module, which may have to be fetched first. */
async function load(route) {
  try {
    return await (route?.load ?? (() => import('./pages/lost.js')))();
  } catch {
    throw new ApiError(0, { error: 'The page could not be loaded. Check your connection and try again.' });
  }
}

/** Shows the page of the present address. */
async function show({ moved = false, scroll = 0 } = {}) {
  leaving?.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const path = location.pathname.endsWith('/') ? location.pathname : `${location.pathname}/`;
  const route = find(path);
  const elsewhere = guard(route);
  if (elsewhere) return go(elsewhere, { replace: true });

  const context = {
    params: route?.params ?? {},
    query: Object.fromEntries(new URLSearchParams(location.search)),
    signal,
  };
  const root = document.createElement('div');
  root.className = 'page';
  document.body.dataset.page = route?.name ?? 'lost';
  fill(root, skeleton());
  fill(main(), root);
  main().setAttribute('aria-busy', 'true');
  dispatchEvent(new CustomEvent('docket:moved'));
  try {
    const module = await load(route);
    if (signal.aborted) return undefined;
    await module.default(root, context);
  } catch (error) {
    if (signal.aborted || error.name === 'AbortError') return undefined;
    setTitle('Something went wrong');
    fill(root, failure(error, () => show()));
  }
  if (signal.aborted) return undefined;
  main().removeAttribute('aria-busy');
  if (moved) settle(root, scroll);
  return undefined;
}

// A new page begins at its heading, for eyes and for screen readers.
function settle(root, scroll) {
  scrollTo(0, scroll);
  if (root.contains(document.activeElement)) return;
  const heading = root.querySelector('h1');
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

function onClick(event) {
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!link || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.target || link.hasAttribute('download')) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || url.pathname.startsWith('/api/')) return;
  if (link.getAttribute('href').startsWith('#')) return;
  event.preventDefault();
  go(url.pathname + url.search);
}

/**
 * Starts. `table` is [{name, pattern, load}]; `check(route)` may send a
 * visitor elsewhere by giving an address.
 */
export function start(table, check) {
  routes = table;
  guard = check;
  history.scrollRestoration = 'manual';
  place = history.state?.place ?? 0;
  addEventListener('popstate', (event) => {
    if (!event.state && location.hash) return; // a jump within the page
    place = event.state?.place ?? 0;
    show({ moved: true, scroll: event.state?.scroll ?? 0 });
  });
  document.addEventListener('click', onClick);
  return show({ scroll: history.state?.scroll ?? 0 });
}
