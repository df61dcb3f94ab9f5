// Two kinds of chart. Both are a table first: the drawing is for those who
// see it, the numbers are for everybody.
import { h, svg } from '../dom.js';

/** Horizontal bars: [[label, n, kind, href], …]. */
export function bars(title, rows) {
  const max = Math.max(1, ...rows.map(([, n]) => n));
  const line = ([label, n, kind, href]) => {
    const bar = h('span', { class: `bar ${kind}` });
    bar.style.width = `${(n / max) * 100}%`;
    return h('tr', null,
      h('th', { scope: 'row' }, href ? h('a', { href }, label) : label),
      h('td', { class: 'bar-cell', 'aria-hidden': 'true' }, bar),
      h('td', { class: 'bar-number' }, n.toLocaleString('en')));
  };
  return h('table', { class: 'bars-chart' }, h('caption', null, title), h('tbody', null, rows.map(line)));
}

const WIDTH = 720;
const HEIGHT = 180;
const FOOT = 20;

/** Pairs of columns over days: [{date, raised, resolved}, …]. */
export function daysChart(title, days) {
  const max = Math.max(1, ...days.map((d) => Math.max(d.raised, d.resolved)));
  const step = WIDTH / days.length;
  const y = (n) => ((HEIGHT - FOOT - 8) * n) / max;
  const column = (n, x, kind) => svg('rect', { class: kind, x, y: HEIGHT - FOOT - y(n), width: step * 0.36, height: y(n), rx: 1.5 });
  const name = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const dayName = (d) => name.format(new Date(`${d.date}T00:00:00Z`));
  const every = Math.ceil(days.length / 6);

  const drawing = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'days', 'aria-hidden': 'true', focusable: 'false' },
    svg('line', { x1: 0, x2: WIDTH, y1: HEIGHT - FOOT, y2: HEIGHT - FOOT }),
    days.map((d, i) => svg('g', null,
      svg('title', null, `${dayName(d)}: ${d.raised} raised, ${d.resolved} resolved`),
      svg('rect', { class: 'hit', x: i * step, y: 0, width: step, height: HEIGHT - FOOT }),
      column(d.raised, i * step + step * 0.12, 'raised'), column(d.resolved, i * step + step * 0.52, 'resolved'),
      i % every === 0 && svg('text', { x: i * step, y: HEIGHT - 5 }, dayName(d)))));
  const numbers = h('table', { class: 'sr' }, h('caption', null, title),
    h('thead', null, h('tr', null, ['Day', 'Raised', 'Resolved'].map((t) => h('th', { scope: 'col' }, t)))),
    h('tbody', null, days.map((d) => h('tr', null, h('th', { scope: 'row' }, dayName(d)), h('td', null, d.raised), h('td', null, d.resolved)))));
  return h('figure', { class: 'days-chart' },
    h('figcaption', null, title,
      h('span', { class: 'legend' }, h('i', { class: 'raised' }), 'Raised ', h('i', { class: 'resolved' }), 'Resolved'),
      h('span', { class: 'muted small' }, `most in a day: ${max}`)),
    drawing, h('div', { class: 'sr' }, numbers));
}
