// What narrows a list down.
import { html, useLayoutEffect, useState } from '../lib.js';
import { queryOf } from '../api.js';
import { Icon } from './icons.js';
import { STATUS } from '../words.js';

/** A search field; onSearch gets the text on Enter, or when it is cleared. `node` refers to the input. */
export function SearchBox({ value = '', onSearch, node = null }) {
  const [text, setText] = useState(value);
  useLayoutEffect(() => setText(value), [value]);
  const onSubmit = (event) => {
    event.preventDefault();
    onSearch(text.trim());
  };
  return html`
    <form class="search" role="search" onSubmit=${onSubmit}>
      <${Icon} name="search" />
      <input type="search" ref=${node} value=${text} placeholder="Search" maxlength="200"
        aria-label="Search numbers, titles, descriptions and comments"
        onInput=${(event) => setText(event.target.value)}
        onSearch=${(event) => event.target.value === '' && value && onSearch('')} />
    </form>`;
}

/** "All 12 · Open 3 · …" as links. */
export function StatusTabs({ stats, query }) {
  const tab = (status, text, n) => html`
    <a href=${location.pathname + queryOf({ ...query, status, page: null, cursor: null })}
      aria-current=${(query.status ?? '') === status ? 'true' : null}>
      ${text}<span class="count">${n.toLocaleString('en')}</span></a>`;
  return html`
    <nav class="tabs" aria-label="By status">
      ${tab('', 'All', stats.total)}
      ${Object.entries(STATUS).map(([word, text]) => tab(word, text, stats.by_status[word] ?? 0))}
    </nav>`;
}
