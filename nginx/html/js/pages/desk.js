// The staff's list of issues. Its filters are its address.
import { fill, h } from '../dom.js';
import { call, download, get, itemsOf, optional } from '../api.js';
import { bulkBar } from '../issue/bulk.js';
import { issueTable } from '../issue/table.js';
import { bind } from '../keys.js';
import { poll } from '../poll.js';
import { go, setQuery, setTitle } from '../router.js';
import { session } from '../session.js';
import { tab } from '../storage.js';
import { saveFile } from '../ui/file.js';
import { searchBox, statusTabs } from '../ui/filters.js';
import { actionButton, select } from '../ui/form.js';
import { further, pager } from '../ui/pager.js';
import { empty, failure } from '../ui/states.js';
import { complain } from '../ui/toast.js';
import { CATEGORY, PRIORITY } from '../words.js';

const EVERY = 20_000;
const SIZE = 25;
const ORDERS = {
  '': 'Newest first', created_at: 'Oldest first', '-updated_at': 'Last changed', '-priority': 'Most urgent', priority: 'Least urgent', status: 'By status',
};
const SOURCES = { '': 'From anybody', true: 'From customers', false: 'Internal' };

function filterSelect(label, name, options, query, onChoose) {
  const control = select(options, { 'aria-label': label, onchange: () => onChoose({ [name]: control.value }) });
  control.value = query[name] ?? '';
  if (control.selectedIndex === -1) control.selectedIndex = 0;
  return control;
}

async function exportCsv(query) {
  const { page, ...filters } = query;
  saveFile(await download('/api/issues/export/', filters), 'issues.csv');
}

export default async function desk(root, { query: asked, signal }) {
  setTitle('Issues');
  let query = asked;
  let polling = null;
  let visit = null; // of the present filters

  const [stats, people] = await Promise.all([
    get('/api/issues/stats/', { signal }),
    optional(get('/api/employees/', { query: { page_size: 100 }, signal })),
  ]);
  const staff = itemsOf(people).filter((p) => p.is_active !== false).map((p) => [String(p.id), p.full_name]);

  const tabs = h('div');
  const list = h('div', { class: 'desk-list' });
  const news = h('p', { class: 'sr', role: 'status' });
  const table = issueTable({ onSelect: (issues) => bulk.show(issues) });
  const bulk = bulkBar({ staff, onDone: () => load(), onClear: () => table.clear() });
  const search = searchBox(query.search, (text) => choose({ search: text }));
  const tools = h('div', { class: 'filters', role: 'group', 'aria-label': 'Filters' });

  const params = () => ({ ...query, page: Number(query.page) || 1, page_size: SIZE });

  /** Other filters: a new address, a new list, but the same page and focus. */
  function choose(change) {
    query = Object.fromEntries(Object.entries({ ...query, page: null, cursor: null, ...change }).filter(([, v]) => v));
    setQuery(query, { quiet: true });
    table.clear();
    drawTabs();
    load();
  }

  function drawTabs() {
    fill(tabs, statusTabs(stats, query, (status) => choose({ status })));
  }

  function drawTools() {
    const add = (label, name, options) => filterSelect(label, name, options, query, choose);
    const isFiltered = Object.keys(query).some((k) => !['page', 'cursor', 'ordering'].includes(k));
    fill(tools, search.node,
      add('Priority', 'priority', [['', 'Any priority'], ...Object.entries(PRIORITY)]),
      add('Category', 'category', [['', 'Any category'], ...Object.entries(CATEGORY)]),
      add('Assignee', 'assigned_to', [['', 'Any assignee'], ['me', 'Assigned to me'], ['none', 'Nobody'], ...staff.filter(([id]) => id !== String(session.profile.id))]),
      add('Source', 'is_client_issue', Object.entries(SOURCES)),
      add('Sort by', 'ordering', Object.entries(ORDERS)),
      h('a', { class: 'button quiet', href: '/', hidden: !isFiltered }, 'Clear'),
      actionButton('Export', () => exportCsv(query), { kind: 'quiet', onError: complain }));
  }

  function show(data) {
    tab.set('list', data.results.map((i) => i.id));
    tab.set('list.href', location.pathname + location.search);
    news.textContent = `${data.count} ${data.count === 1 ? 'issue' : 'issues'}`;
    const more = further({ next: data.next, query });
    if (data.results.length === 0 && more) {
      fill(list, empty('No issue fits so far', 'A part of them was looked through: the words are in many, but seldom together.', more));
      return;
    }
    if (data.results.length === 0) {
      fill(list, Object.keys(query).length
        ? empty('No issue fits', 'Loosen a filter, or look at all of them.', h('a', { class: 'button', href: '/' }, 'Show all'))
        : empty('Nothing to do', 'Issues appear here as customers raise them.'));
      return;
    }
    table.show(data.results);
    if (!list.contains(table.node)) fill(list, table.node);
    list.querySelector('.pager')?.remove();
    const pages = more ? h('nav', { class: 'pager', 'aria-label': 'Pages' }, more)
      : pager({ count: data.count, page: params().page, size: SIZE, query });
    if (pages) list.append(pages);
  }

  async function load() {
    visit?.abort();
    visit = new AbortController();
    const mine = AbortSignal.any([signal, visit.signal]);
    list.setAttribute('aria-busy', 'true');
    try {
      const answer = await call('GET', '/api/issues/', { query: params(), signal: mine });
      show(answer.data);
      polling = poll('/api/issues/', { every: EVERY, query: params(), etag: answer.etag, signal: mine, onData: show });
      if (!document.hidden) refreshCounts(mine);
    } catch (error) {
      if (!mine.aborted) fill(list, failure(error, load));
    } finally {
      if (!mine.aborted) list.removeAttribute('aria-busy');
    }
  }

  async function refreshCounts(mine) {
    const fresh = await get('/api/issues/stats/', { signal: mine }).catch(() => null);
    if (!fresh) return;
    Object.assign(stats, fresh);
    if (!tabs.contains(document.activeElement)) drawTabs();
  }

  // where the owner lets staff do it
  const raise = h('a', { class: 'button small', href: '/raise-for/', hidden: true }, 'Raise for a customer');
  get('/api/user-roles/user_permissions/', { signal })
    .then(({ permissions }) => { raise.hidden = !permissions.some((p) => p.action === 'create'); })
    .catch(() => {});

  drawTabs();
  drawTools();
  fill(root, h('div', { class: 'desk' },
    h('div', { class: 'head' }, h('h1', null, 'Issues', h('span', { class: 'muted' }, ` ${session.organization?.name ?? ''}`)), raise),
    tabs, tools, news, list, bulk.node));
  await load();

  bind('This list', signal, [
    ['/', 'Search', search.focus],
    ['j', 'Next issue', () => table.move(1)],
    ['k', 'Previous issue', () => table.move(-1)],
    ['o', 'Open the issue', () => table.open(go)],
    ['x', 'Select or deselect', () => table.toggle()],
    ['Escape', 'Deselect all', () => table.clear()],
    ['.', 'Look for changes now', () => polling?.now()],
  ]);
}
