// A choice from a directory: a select with its first entries and, where there are
// more, a dialog that searches in all of them.
import { useDirectory, useFound } from '../directory.js';
import { html, useEffect, useState } from '../lib.js';
import { openDialog } from './dialog.js';
import { Options } from './form.js';
import { Failure } from './states.js';

const SEARCH = '?search';

function SearchBody({ close, of, query }) {
  const [words, setWords] = useState('');
  const { pairs, count, error, again } = useFound(of, query, words);
  if (error) return html`<${Failure} isPart error=${error} retry=${again} />`;
  return html`
    <input type="search" aria-label="Search" placeholder="Search" maxlength="200" value=${words} onInput=${(event) => setWords(event.target.value)} />
    <p class="muted small" role="status">${pairs ? `${pairs.length} of ${count.toLocaleString('en')}` : 'Loading…'}</p>
    <ul class="choices">${pairs?.map((pair) => html`
      <li key=${pair[0]}><button type="button" class="button quiet" dir="auto" onClick=${() => close(pair)}>${pair[1]}</button></li>`)}</ul>
    ${pairs && count > pairs.length && html`<p class="muted small">Type more to see fewer.</p>`}`;
}

/**
 * `of`: STAFF, SUPPLIERS, … (directory.js). `before`: pairs above the entries. `present`: the
 * text of the value, for when the entries do not have it. onChoose(value).
 */
export function Choice({ of, query, before, value, present = null, isOpen = false, onChoose, onInput, ...attributes }) {
  const { pairs, isAll, load } = useDirectory(of, query);
  const [chosen, setChosen] = useState(/** @type {any} */ (null));
  useEffect(() => {
    if (isOpen) load();
  }, [isOpen]);

  const known = [...before, ...pairs.filter(([id]) => !before.some(([other]) => other === id))];
  const offered = value && !known.some(([id]) => id === value)
    ? [...known, [value, chosen?.[0] === value ? chosen[1] : present ?? value]]
    : known;

  async function onChange(event) {
    if (event.target.value !== SEARCH) return onChoose(event.target.value);
    event.target.value = value;
    const pair = await openDialog(of.title, SearchBody, { of, query });
    if (!pair) return undefined;
    setChosen(pair);
    return onChoose(pair[0]);
  }

  return html`
    <select ...${attributes} value=${value} onFocus=${load} onPointerEnter=${load} onChange=${onChange}>
      <${Options} of=${isAll ? offered : [...offered, [SEARCH, 'Search…']]} />
    </select>`;
}
