// What a page shows when there is nothing, not yet, or no way to get it.
import { h } from '../dom.js';
import { icon } from './icons.js';

/** Grey bars in the place of what is being fetched. */
export function skeleton(rows = 5) {
  return h('div', { class: 'skeleton', 'aria-busy': 'true' },
    h('span', { class: 'sr' }, 'Loading…'),
    Array.from({ length: rows }, () => h('div', { class: 'bone', 'aria-hidden': 'true' })));
}

export function empty(title, text, action) {
  return h('div', { class: 'empty' },
    h('p', { class: 'empty-title' }, title),
    text && h('p', null, text),
    action && h('p', null, action));
}

const TITLES = {
  0: 'You seem to be offline',
  403: 'This is not for you to see',
  404: 'There is nothing here',
  429: 'That was a little fast',
};

export function failure(error, retry) {
  return h('div', { class: 'empty', role: 'alert' },
    h('h1', { class: 'empty-title' }, TITLES[error.status] ?? 'That did not work'),
    h('p', null, error.status === undefined ? 'The page could not be loaded. Please try again.' : error.message),
    error.retryAfter && h('p', null, `Please try again in ${error.retryAfter} seconds.`),
    error.requestId && error.status >= 500 &&
      h('p', { class: 'muted small' }, 'If it stays so, tell us this number: ', h('code', null, error.requestId)),
    h('p', null,
      retry && error.status !== 404 && error.status !== 403
        ? h('button', { type: 'button', class: 'button', onclick: retry }, 'Try again')
        : h('a', { class: 'button', href: '/' }, 'Go to the issues')));
}

/** A note inside a page: kind is 'info', 'warning' or 'danger'. */
export function note(kind, ...children) {
  return h('div', { class: `note ${kind}`, role: kind === 'info' ? null : 'alert' },
    kind === 'info' ? null : icon('warning'), h('div', null, children));
}
