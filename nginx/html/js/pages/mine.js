// A customer's own issues.
import { fill, h } from '../dom.js';
import { call, get } from '../api.js';
import { bind } from '../keys.js';
import { poll } from '../poll.js';
import { setQuery, setTitle } from '../router.js';
import { ago } from '../time.js';
import { statusBadge } from '../ui/badge.js';
import { icon } from '../ui/icons.js';
import { pager } from '../ui/pager.js';
import { empty } from '../ui/states.js';
import { searchBox, statusTabs } from '../ui/filters.js';
import { CATEGORY } from '../words.js';

const EVERY = 30_000;
const SIZE = 25;

function row(issue) {
  return h('li', null, h('a', { class: 'issue-card', href: `/issues/${issue.id}/` },
    h('span', { class: 'issue-card-head' }, statusBadge(issue.status), h('span', { class: 'number' }, issue.issue_number)),
    h('strong', null, issue.title),
    h('span', { class: 'muted small' },
      `${issue.organization_name} · ${CATEGORY[issue.category]}${issue.assigned_to ? ` · ${issue.assigned_to.full_name} is on it` : ''} · changed `,
      ago(issue.updated_at))));
}

export default async function mine(root, { query, signal }) {
  setTitle('My issues');
  const page = Number(query.page) || 1;
  const asked = { ...query, ordering: query.ordering ?? '-updated_at', page, page_size: SIZE };
  const [answer, stats] = await Promise.all([
    call('GET', '/api/client/issues/', { query: asked, signal }),
    get('/api/issues/stats/', { signal }),
  ]);
  const list = h('div');
  const search = searchBox(query.search, (text) => setQuery({ ...query, search: text, page: null }));
  const filtered = Boolean(query.search || query.status);

  function show(data) {
    if (data.results.length) {
      fill(list, h('ul', { class: 'issue-cards' }, data.results.map(row)), pager({ count: data.count, page, size: SIZE, query }));
    } else if (filtered) {
      fill(list, empty('No issue fits', 'Try another word, or look at all of them.', h('a', { class: 'button', href: '/' }, 'Show all')));
    } else {
      fill(list, empty('You have not raised anything yet', 'When something is wrong, tell it here, and follow it until it is solved.',
        h('a', { class: 'button primary', href: '/raise/' }, icon('plus'), 'Raise an issue')));
    }
  }

  show(answer.data);
  fill(root, h('div', { class: 'sheet' },
    h('div', { class: 'head' }, h('h1', null, 'My issues'), h('a', { class: 'button primary', href: '/raise/' }, icon('plus'), 'Raise an issue')),
    stats.total > 0 && h('div', { class: 'tools' }, statusTabs(stats, query), search.node),
    list));
  bind('This list', signal, [['/', 'Search', search.focus]]);
  poll('/api/client/issues/', { every: EVERY, query: asked, etag: answer.etag, signal, onData: show });
}
