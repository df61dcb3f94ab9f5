// How the organization is doing.
import { fill, h } from '../dom.js';
import { call, get } from '../api.js';
import { health } from '../linear/health.js';
import { poll } from '../poll.js';
import { setTitle } from '../router.js';
import { session } from '../session.js';
import { duration } from '../time.js';
import { bars, daysChart } from '../ui/charts.js';
import { CATEGORY, PRIORITY, STATUS } from '../words.js';

const EVERY = 60_000;
const DAYS = 30;

const tile = (name, value, hint, href) => h(href ? 'a' : 'div', { class: 'tile', href },
  h('span', { class: 'tile-name' }, name), h('strong', null, value), h('span', { class: 'muted small' }, hint));

function tiles(stats) {
  const open = stats.by_status.open + stats.by_status.in_progress;
  const sum = (key) => stats.trend.days.reduce((n, d) => n + d[key], 0);
  return h('div', { class: 'tiles' },
    tile('Open now', open.toLocaleString('en'), `${stats.by_status.open} not begun`, '/?status=open'),
    stats.trend && [
      tile('Raised', sum('raised').toLocaleString('en'), `in ${DAYS} days`),
      tile('Resolved', sum('resolved').toLocaleString('en'), `in ${DAYS} days`),
      tile('First answer', duration(stats.trend.median_first_answer_s), 'half come faster'),
      tile('Resolution', duration(stats.trend.median_resolution_s), 'half come faster'),
    ]);
}

function charts(stats, sync) {
  const rows = (words, counts, key) =>
    Object.entries(words).map(([word, text]) => [text, counts[word] ?? 0, `${key}-${word}`, `/?${key}=${word}`]);
  return [
    stats.trend && h('section', { class: 'card' }, daysChart(`Raised and resolved, last ${DAYS} days`, stats.trend.days)),
    h('div', { class: 'thirds' },
      h('section', { class: 'card' }, bars('By status', rows(STATUS, stats.by_status, 'status'))),
      h('section', { class: 'card' }, bars('By priority', rows(PRIORITY, stats.by_priority, 'priority'))),
      h('section', { class: 'card' }, bars('By category', rows(CATEGORY, stats.by_category, 'category'))),
      sync),
  ];
}

export default async function dashboard(root, { signal }) {
  setTitle('Dashboard');
  const asked = { days: DAYS };
  const [first, linear] = await Promise.all([
    call('GET', '/api/issues/stats/', { query: asked, signal }),
    get('/api/linear/status/', { signal }),
  ]);
  const body = h('div', { class: 'stack' });
  const sync = h('section', { class: 'card stack tight' });

  function show(stats) {
    const { synced, not_synced: waiting } = stats.linear_sync;
    fill(sync, h('h2', null, 'Linear'),
      h('p', null, `${synced.toLocaleString('en')} of ${(synced + waiting).toLocaleString('en')} issues are in Linear.`),
      health(linear),
      h('p', null, h('a', { href: '/linear/' }, 'More about the sync')));
    fill(body, tiles(stats), charts(stats, sync));
  }

  show(first.data);
  fill(root, h('div', { class: 'head' }, h('h1', null, 'Dashboard', h('span', { class: 'muted' }, ` ${session.organization?.name ?? ''}`))), body);
  poll('/api/issues/stats/', { every: EVERY, query: asked, etag: first.etag, signal, onData: show });
}
