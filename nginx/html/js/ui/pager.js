// "26–50 of 112", and the way to the others; or on, where a search has looked through a part only.
import { html } from '../lib.js';
import { queryOf } from '../api.js';

export function Pager({ count, page, size, query }) {
  const last = Math.max(1, Math.ceil(count / size));
  if (last === 1) return null;
  const href = (n) => location.pathname + queryOf({ ...query, page: n > 1 ? n : null });
  const step = (n, text, rel) =>
    (n >= 1 && n <= last
      ? html`<a class="button" href=${href(n)} rel=${rel}>${text}</a>`
      : html`<span class="button" aria-disabled="true">${text}</span>`);
  return html`
    <nav class="pager" aria-label="Pages">
      ${step(page - 1, 'Previous', 'prev')}
      <span>${`${(page - 1) * size + 1}–${Math.min(page * size, count)} of ${count.toLocaleString('en')}`}</span>
      ${step(page + 1, 'Next', 'next')}
    </nav>`;
}

/** Where a search for common words goes on; null where it has come to its end. */
export function furtherLink({ next, query }) {
  const cursor = next && new URL(next).searchParams.get('cursor');
  if (!cursor) return null;
  return html`<a class="button" href=${location.pathname + queryOf({ ...query, page: null, cursor })} rel="next">Look further</a>`;
}
