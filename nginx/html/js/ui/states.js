// What a page shows when there is nothing, not yet, or no way to get it.
import { html } from '../lib.js';
import { Icon } from './icons.js';

/** Grey bars in the place of what is being fetched. */
export const Skeleton = ({ rows = 5 }) => html`
  <div class="skeleton" aria-busy="true">
    <span class="sr">Loading…</span>
    ${Array.from({ length: rows }, () => html`<div class="bone" aria-hidden="true" />`)}
  </div>`;

export const Empty = ({ title, text = null, children = null }) => html`
  <div class="empty">
    <p class="empty-title">${title}</p>
    ${text && html`<p>${text}</p>`}
    ${children && html`<p>${children}</p>`}
  </div>`;

const TITLES = {
  0: 'You seem to be offline',
  403: 'This is not for you to see',
  404: 'There is nothing here',
  429: 'That was a little fast',
};

/** Why something does not come; `isPart`: the page around it is there. */
export function Failure({ error, retry = null, isPart = false }) {
  const isFinal = error.status === 404 || error.status === 403;
  return html`
    <div class="empty" role="alert">
      <${isPart ? 'p' : 'h1'} class="empty-title">${TITLES[error.status] ?? 'That did not work'}</>
      <p>${error.status === undefined ? 'The page could not be loaded. Please try again.' : error.message}</p>
      ${error.retryAfter && html`<p>Please try again in ${error.retryAfter} seconds.</p>`}
      ${error.requestId && error.status >= 500 && html`
        <p class="muted small">If it stays so, tell us this number: <code>${error.requestId}</code></p>`}
      <p>${retry && !isFinal
        ? html`<button type="button" class="button" onClick=${retry}>Try again</button>`
        : html`<a class="button" href="/">Go to the issues</a>`}</p>
    </div>`;
}

/**
 * Draws `children()` once all that it needs (`of`: what useLive() gave) is
 * there; until then grey bars, or why it does not come. What is there stays while
 * other data is on its way.
 */
export function Loaded({ of, rows = 5, children }) {
  const failed = of.find((live) => live.error);
  if (failed) return html`<${Failure} error=${failed.error} retry=${() => of.filter((live) => live.error).forEach((live) => live.again())} />`;
  if (!of.every((live) => live.isReady || live.data !== null)) return html`<${Skeleton} rows=${rows} />`;
  return children();
}

/** A note inside a page: kind is 'info', 'warning' or 'danger'. */
export const Note = ({ kind, children }) => html`
  <div class=${`note ${kind}`} role=${kind === 'info' ? 'status' : 'alert'}>
    ${kind !== 'info' && html`<${Icon} name="warning" />`}<div>${children}</div>
  </div>`;
