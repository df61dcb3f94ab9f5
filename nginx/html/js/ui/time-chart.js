// Numbers over days, drawn by uPlot. The drawing is for those who see it; the same
// numbers are in a table for screen readers.
import uPlot from '/vendor/uplot.073f022c86.js';
import { html, useEffect, useRef, useState } from '../lib.js';

const HEIGHT = 190;
const { bars } = uPlot.paths;
const name = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const dayName = (date) => name.format(new Date(`${date}T00:00:00Z`));

/** The present value of a colour of the stylesheet; both themes have their own. */
const colour = (variable) => getComputedStyle(document.documentElement).getPropertyValue(variable).trim();

/** @returns {any} */
function optionsOf(width, lines, onPoint) {
  const grid = { stroke: () => colour('--line'), width: 1 };
  const axis = { stroke: () => colour('--muted'), grid, ticks: grid, font: '12px system-ui, sans-serif' };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { size: 7 } },
    scales: {
      x: { range: (u, low, high) => [low - 86400 / 2, high + 86400 / 2] },
      y: { range: (u, low, high) => [0, Math.max(4, high)] }, // a single issue is no peak
    },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    axes: [
      { ...axis, size: 30, values: (u, splits) => splits.map((s) => name.format(new Date(s * 1000))), space: 70 },
      { ...axis, size: 40, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] },
    ],
    series: [{}, ...lines.map(({ variable }, i) => ({
      fill: () => colour(variable), stroke: () => colour(variable), width: 0, points: { show: false },
      // the bars of a day stand side by side
      paths: bars?.({ size: [0.35, 14], align: i ? 1 : -1 }),
    }))],
    hooks: { setCursor: [(u) => onPoint(u.cursor.idx ?? null)] },
  };
}

function Drawing({ days, lines, onPoint }) {
  const node = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const place = /** @type {HTMLElement} */ (node.current);
    const data = [days.map((d) => Date.parse(`${d.date}T00:00:00Z`) / 1000), ...lines.map(({ key }) => days.map((d) => d[key]))];
    const plot = new uPlot(optionsOf(place.clientWidth, lines, onPoint), data, place);
    const resized = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: HEIGHT }));
    resized.observe(place);
    // another theme has other colours
    const themed = new MutationObserver(() => plot.redraw());
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const system = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => plot.redraw();
    system.addEventListener('change', redraw);
    return () => {
      system.removeEventListener('change', redraw);
      themed.disconnect();
      resized.disconnect();
      plot.destroy();
    };
  }, [days]);
  return html`<div class="time-drawing" aria-hidden="true" ref=${node} />`;
}

/** days: [{date, …}, …]; lines: [{key, text, variable: the colour}, …] */
export function TimeChart({ title, note, days, lines }) {
  const [at, setAt] = useState(/** @type {number | null} */ (null));
  const day = at === null ? null : days[at];
  const most = Math.max(...days.flatMap((d) => lines.map(({ key }) => d[key])));
  return html`
    <figure class="time-chart">
      <figcaption><span>${title}</span>
        <span class="legend">${lines.map(({ key, text }) => html`<i class=${key} />${text} ${day && html`<b>${day[key]}</b>`}`)}</span>
        <span class="muted small">${day ? dayName(day.date) : `${note} Most in a day: ${most}.`}</span>
      </figcaption>
      <${Drawing} days=${days} lines=${lines} onPoint=${setAt} />
      <div class="sr"><table><caption>${title}</caption>
        <thead><tr><th scope="col">Day</th>${lines.map(({ text }) => html`<th scope="col">${text}</th>`)}</tr></thead>
        <tbody>${days.map((d) => html`<tr key=${d.date}><th scope="row">${dayName(d.date)}</th>${lines.map(({ key }) => html`<td>${d[key]}</td>`)}</tr>`)}</tbody>
      </table></div>
    </figure>`;
}
