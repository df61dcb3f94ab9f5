// How the organization is doing.
import { useLive } from '../data.js';
import { html } from '../lib.js';
import { Health } from '../linear/health.js';
import { useTitle } from '../nav.js';
import { session } from '../session.js';
import { duration, zoneName } from '../time.js';
import { Bars } from '../ui/bars.js';
import { Loaded } from '../ui/states.js';
import { TimeChart } from '../ui/time-chart.js';
import { CATEGORY, PRIORITY, STATUS } from '../words.js';

const EVERY = 60_000;
const DAYS = 30;
const LINES = [{ key: 'raised', text: 'Raised', variable: '--blue' }, { key: 'resolved', text: 'Resolved', variable: '--green' }];

const Tile = ({ name, value, hint, href = null }) => {
  const inside = html`<span class="tile-name">${name}</span><strong>${value}</strong><span class="muted small">${hint}</span>`;
  return href ? html`<a class="tile" href=${href}>${inside}</a>` : html`<div class="tile">${inside}</div>`;
};

function Tiles({ stats: { by_status: byStatus, trend } }) {
  const sum = (key) => trend.days.reduce((n, d) => n + d[key], 0).toLocaleString('en');
  return html`
    <div class="tiles">
      <${Tile} name="Open now" value=${(byStatus.open + byStatus.in_progress).toLocaleString('en')} hint=${`${byStatus.open} not begun`} href="/?status=open" />
      ${trend && html`
        <${Tile} name="Raised" value=${sum('raised')} hint=${`in ${DAYS} days`} />
        <${Tile} name="Resolved" value=${sum('resolved')} hint=${`in ${DAYS} days`} />
        <${Tile} name="First answer" value=${duration(trend.median_first_answer_s)} hint="half come faster" />
        <${Tile} name="Resolution" value=${duration(trend.median_resolution_s)} hint="half come faster" />`}
    </div>`;
}

/** "By status" and the like; each bar leads to its issues. */
const Part = ({ title, words, counts, name }) => html`
  <section class="card"><${Bars} title=${title}
    rows=${Object.entries(words).map(([word, text]) => [text, counts[word] ?? 0, `${name}-${word}`, `/?${name}=${word}`])} /></section>`;

function Sync({ counts: { synced, not_synced: waiting }, status }) {
  return html`
    <section class="card stack tight"><h2>Linear</h2>
      <p>${synced.toLocaleString('en')} of ${(synced + waiting).toLocaleString('en')} issues are in Linear.</p>
      <${Health} status=${status} />
      <p><a href="/linear/">More about the sync</a></p>
    </section>`;
}

export default function Dashboard() {
  useTitle('Dashboard');
  const live = useLive('/api/issues/stats/', { query: { days: DAYS }, every: EVERY });
  const linear = useLive('/api/linear/status/', { every: EVERY });
  const stats = /** @type {any} */ (live.data);
  return html`<${Loaded} of=${[live, linear]}>${() => html`
    <div class="head"><h1>Dashboard<span class="muted"> ${session.organization?.name}</span></h1></div>
    <div class="stack">
      <${Tiles} stats=${stats} />
      ${stats.trend && html`<section class="card"><${TimeChart} title=${`Raised and resolved, last ${DAYS} days`} note=${`Days in ${zoneName(stats.trend.time_zone)}.`} days=${stats.trend.days} lines=${LINES} /></section>`}
      <div class="thirds">
        <${Part} title="By status" name="status" words=${STATUS} counts=${stats.by_status} />
        <${Part} title="By priority" name="priority" words=${PRIORITY} counts=${stats.by_priority} />
        <${Part} title="By category" name="category" words=${CATEGORY} counts=${stats.by_category} />
        <${Sync} counts=${stats.linear_sync} status=${linear.data} />
      </div>
    </div>`}
  </${Loaded}>`;
}
