// A customer's own issues.
import { useLive } from '../data.js';
import { html, useLocation, useRef } from '../lib.js';
import { useKeys } from '../keys.js';
import { setQuery, useTitle } from '../nav.js';
import { useStart } from '../start.js';
import { Ago } from '../time.js';
import { StatusBadge } from '../ui/badge.js';
import { SearchBox, StatusTabs } from '../ui/filters.js';
import { Icon } from '../ui/icons.js';
import { Pager } from '../ui/pager.js';
import { Empty, Loaded } from '../ui/states.js';
import { CATEGORY } from '../words.js';

const EVERY = 30_000;
const SIZE = 25;

const RaiseLink = () => html`<a class="button primary" href="/raise/"><${Icon} name="plus" />Raise an issue</a>`;

const Card = ({ issue }) => html`
  <li><a class="issue-card" href=${`/issues/${issue.id}/`}>
    <span class="issue-card-head"><${StatusBadge} status=${issue.status} /><span class="number">${issue.issue_number}</span></span>
    <strong dir="auto">${issue.title}</strong>
    <span class="muted small"><bdi>${issue.organization_name}</bdi> · ${CATEGORY[issue.category]}${issue.assigned_to && html` · <bdi>${issue.assigned_to.full_name}</bdi> is on it`} · changed <${Ago} at=${issue.updated_at} /></span>
  </a></li>`;

function Nothing({ isFiltered }) {
  if (isFiltered) {
    return html`<${Empty} title="No issue fits" text="Try another word, or look at all of them."><a class="button" href="/">Show all</a></${Empty}>`;
  }
  return html`
    <${Empty} title="You have not raised anything yet" text="When something is wrong, tell it here, and follow it until it is solved."><${RaiseLink} /></${Empty}>`;
}

export default function Mine() {
  useTitle('My issues');
  const { query } = useLocation();
  const page = Number(query.page) || 1;
  const search = useRef(/** @type {HTMLElement | null} */ (null));
  const issues = useLive('/api/client/issues/', {
    query: { ...query, ordering: query.ordering ?? '-updated_at', page, page_size: SIZE }, every: EVERY,
  });
  const start = useStart();
  const stats = start.data?.stats;
  useKeys('This list', [['/', 'Search', () => search.current?.focus()]]);
  return html`<${Loaded} of=${[issues, start]}>${() => html`
    <div class="sheet">
      <div class="head"><h1>My issues</h1><${RaiseLink} /></div>
      ${stats && stats.total > 0 && html`
        <div class="tools">
          <${StatusTabs} stats=${stats} query=${query} />
          <${SearchBox} node=${search} value=${query.search} onSearch=${(text) => setQuery({ ...query, search: text, page: null })} />
        </div>`}
      <div aria-busy=${issues.isStale ? 'true' : null}>${issues.data?.results.length ? html`
        <ul class="issue-cards">${issues.data.results.map((issue) => html`<${Card} key=${issue.id} issue=${issue} />`)}</ul>
        <${Pager} count=${issues.data.count} page=${page} size=${SIZE} query=${query} />`
        : html`<${Nothing} isFiltered=${Boolean(query.search || query.status)} />`}</div>
    </div>`}
  </${Loaded}>`;
}
