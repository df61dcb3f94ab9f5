// The staff's list of issues. Its filters are its address.
import { download } from '../api.js';
import { useLive } from '../data.js';
import { CUSTOMERS, STAFF } from '../directory.js';
import { html, useLayoutEffect, useLocation, useMemo, useRef, useState } from '../lib.js';
import { BulkBar } from '../issue/bulk.js';
import { IssueTable } from '../issue/table.js';
import { useKeys } from '../keys.js';
import { setQuery, useTitle } from '../nav.js';
import { session } from '../session.js';
import { startAgain, useStart } from '../start.js';
import { tab } from '../storage.js';
import { Choice } from '../ui/choice.js';
import { saveFile } from '../ui/file.js';
import { SearchBox, StatusTabs } from '../ui/filters.js';
import { ActionButton, Options } from '../ui/form.js';
import { Pager, furtherLink } from '../ui/pager.js';
import { Empty, Failure, Loaded } from '../ui/states.js';
import { CATEGORY, PRIORITY } from '../words.js';

const EVERY = 20_000;
const SIZE = 25;
const ORDERS = [
  ['', 'Newest first'], ['created_at', 'Oldest first'], ['-updated_at', 'Last changed'], ['-priority', 'Most urgent'],
  ['priority', 'Least urgent'], ['status', 'By status'],
];
const SOURCES = [['', 'From anybody'], ['true', 'From customers'], ['false', 'Internal']];
const NO_FILTERS = ['page', 'cursor', 'ordering'];

async function exportCsv({ page, ...filters }) {
  saveFile(await download('/api/issues/export/', { query: filters }), 'issues.csv');
}

function FilterSelect({ label, name, options, query, choose }) {
  const value = query[name] ?? '';
  const isKnown = options.some(([word]) => word === value);
  return html`
    <select aria-label=${label} value=${isKnown ? value : ''} onChange=${(event) => choose({ [name]: event.target.value })}>
      <${Options} of=${options} />
    </select>`;
}

/** `first`: an issue of the list, which knows the names of the people that are filtered for. */
function Filters({ query, choose, search, first }) {
  const person = query.assigned_to ?? '';
  const isFiltered = Object.keys(query).some((k) => !NO_FILTERS.includes(k));
  const select = (label, name, options) => html`<${FilterSelect} ...${{ label, name, options, query, choose }} />`;
  return html`
    <div class="filters" role="group" aria-label="Filters">
      <${SearchBox} node=${search} value=${query.search} onSearch=${(text) => choose({ search: text })} />
      ${select('Priority', 'priority', [['', 'Any priority'], ...Object.entries(PRIORITY)])}
      ${select('Category', 'category', [['', 'Any category'], ...Object.entries(CATEGORY)])}
      <${Choice} of=${STAFF} aria-label="Assignee" value=${person} present=${first?.assigned_to_name ?? 'Somebody'}
        before=${[['', 'Any assignee'], ['me', 'Assigned to me'], ['none', 'Nobody']]} onChoose=${(value) => choose({ assigned_to: value })} />
      <${Choice} of=${CUSTOMERS} aria-label="Customer" value=${query.raised_by_customer ?? ''} present=${first?.raised_by_customer_name ?? 'One customer'}
        before=${[['', 'Any customer']]} onChoose=${(value) => choose({ raised_by_customer: value })} />
      ${select('Source', 'is_client_issue', SOURCES)}
      ${select('Sort by', 'ordering', ORDERS)}
      <a class="button quiet" href="/" hidden=${!isFiltered}>Clear</a>
      <${ActionButton} kind="quiet" run=${() => exportCsv(query)}>Export</${ActionButton}>
    </div>`;
}

function Nothing({ further, isFiltered }) {
  if (further) return html`<${Empty} title="No issue fits so far" text="A part of them was looked through: the words are in many, but seldom together.">${further}</${Empty}>`;
  if (isFiltered) return html`<${Empty} title="No issue fits" text="Loosen a filter, or look at all of them."><a class="button" href="/">Show all</a></${Empty}>`;
  return html`<${Empty} title="Nothing to do" text="Issues appear here as customers raise them." />`;
}

/** The page of the list, with the way to the next one. */
function List({ data, query, page, children }) {
  const further = furtherLink({ next: data.next, query });
  if (!data.results.length) return html`<${Nothing} further=${further} isFiltered=${Object.keys(query).length > 0} />`;
  return html`
    ${children}
    ${further ? html`<nav class="pager" aria-label="Pages">${further}</nav>`
      : html`<${Pager} count=${data.count} page=${page} size=${SIZE} query=${query} />`}`;
}

/** The list of the filters, and the other pages that go through it. */
function useIssues(query, page) {
  const issues = useLive('/api/issues/', { query: { ...query, page, page_size: SIZE }, every: EVERY });
  useLayoutEffect(() => {
    if (!issues.data || issues.isStale) return;
    tab.set('list', issues.data.results.map((i) => i.id));
    tab.set('list.href', location.pathname + location.search);
  }, [issues.data, issues.isStale]);
  return issues;
}

/** Where the owner lets staff raise issues for customers. */
const RaiseLink = ({ permissions }) => html`
  <a class="button small" href="/raise-for/" hidden=${!permissions.some((p) => p.action === 'create')}>Raise for a customer</a>`;

export default function Desk() {
  useTitle('Issues');
  const { query } = useLocation();
  const page = Number(query.page) || 1;
  const issues = useIssues(query, page);
  const start = useStart();
  const [selected, setSelected] = useState(/** @type {Set<number>} */ (new Set()));
  const search = useRef(/** @type {HTMLElement | null} */ (null));
  const table = useMemo(() => /** @type {any} */ ({}), []);
  const results = issues.data?.results ?? [];
  const clear = () => setSelected(new Set());

  /** Other filters: a new address and a new list, but the same page and focus. */
  function choose(change) {
    clear();
    setQuery({ ...query, page: null, cursor: null, ...change });
  }
  function changed() {
    issues.again();
    startAgain();
  }
  useLayoutEffect(clear, [location.search]);
  useKeys('This list', [
    ['/', 'Search', () => search.current?.focus()],
    ['j', 'Next issue', () => table.move?.(1)],
    ['k', 'Previous issue', () => table.move?.(-1)],
    ['o', 'Open the issue', () => table.open?.()],
    ['x', 'Select or deselect', () => table.toggle?.()],
    ['Escape', 'Deselect all', clear],
    ['.', 'Look for changes now', changed],
  ]);

  return html`<${Loaded} of=${[...(issues.data ? [] : [issues]), start]} rows=${8}>${() => html`
    <div class="desk">
      <div class="head"><h1>Issues<span class="muted"> ${session.organization?.name}</span></h1><${RaiseLink} permissions=${start.data?.permissions} /></div>
      <${StatusTabs} stats=${start.data?.stats} query=${query} />
      <${Filters} query=${query} choose=${choose} search=${search} first=${results[0]} />
      <p class="sr" role="status">${issues.data?.count} ${issues.data?.count === 1 ? 'issue' : 'issues'}</p>
      <div class="desk-list" aria-busy=${issues.isStale ? 'true' : null}>
        ${issues.error ? html`<${Failure} isPart error=${issues.error} retry=${issues.again} />` : html`
          <${List} data=${issues.data} query=${query} page=${page}>
            <${IssueTable} issues=${results} selected=${selected} onSelect=${setSelected} actions=${table} />
          </${List}>`}
      </div>
      <${BulkBar} issues=${results.filter((i) => selected.has(i.id))} onDone=${changed} onClear=${clear} />
    </div>`}
  </${Loaded}>`;
}
