// What narrows a list down.
import { h } from '../dom.js';
import { queryOf } from '../api.js';
import { icon } from './icons.js';
import { STATUS } from '../words.js';

/** A search field; onSearch gets the text on Enter, or when it is cleared. */
export function searchBox(value, onSearch) {
  const control = h('input', {
    type: 'search', value: value ?? '', placeholder: 'Search', 'aria-label': 'Search numbers, titles, descriptions and comments', maxlength: 200,
    onsearch: () => control.value === '' && value && onSearch(''),
  });
  const node = h('form', {
    class: 'search', role: 'search',
    onsubmit: (event) => {
      event.preventDefault();
      onSearch(control.value.trim());
    },
  }, icon('search'), control);
  return { node, focus: () => control.focus() };
}

/** "All 12 · Open 3 · …" as links; onChoose, if given, takes the click. */
export function statusTabs(stats, query, onChoose = null) {
  const tab = (status, text, n) => h('a', {
    href: location.pathname + queryOf({ ...query, status, page: null }),
    'aria-current': (query.status ?? '') === status ? 'true' : null,
    onclick: onChoose && ((event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      onChoose(status);
    }),
  }, text, h('span', { class: 'count' }, n.toLocaleString('en')));
  return h('nav', { class: 'tabs', 'aria-label': 'By status' },
    tab('', 'All', stats.total),
    Object.entries(STATUS).map(([word, text]) => tab(word, text, stats.by_status[word] ?? 0)));
}
