// Two kinds of chart. Both are a table first: the drawing is for those who
// see it, the numbers are for everybody.
import { h } from '../dom.js';

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

/** Pairs of columns over days: [{date, raised, resolved}, …]. */
export function daysChart(title, days) {
  const most = Math.max(...days.map((d) => Math.max(d.raised, d.resolved)));
  const top = Math.max(4, most); // a single issue is no peak
  const name = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const dayName = (d) => name.format(new Date(`${d.date}T00:00:00Z`));
  const every = Math.ceil(days.length / 6);

  const column = (n, kind) => {
    const bar = h('i', { class: kind });
    bar.style.height = `${(n / top) * 100}%`;
    return bar;
  };
  const drawing = h('div', { class: 'days', 'aria-hidden': 'true' }, days.map((d, i) =>
    h('div', { class: 'day', title: `${dayName(d)}: ${d.raised} raised, ${d.resolved} resolved` },
      h('div', { class: 'day-columns' }, column(d.raised, 'raised'), column(d.resolved, 'resolved')),
      h('span', null, i % every === 0 && dayName(d)))));
  const numbers = h('table', null, h('caption', null, title),
    h('thead', null, h('tr', null, ['Day', 'Raised', 'Resolved'].map((t) => h('th', { scope: 'col' }, t)))),
    h('tbody', null, days.map((d) => h('tr', null, h('th', { scope: 'row' }, dayName(d)), h('td', null, d.raised), h('td', null, d.resolved)))));
  return h('figure', { class: 'days-chart' },
    h('figcaption', null, title,
      h('span', { class: 'legend' }, h('i', { class: 'raised' }), 'Raised ', h('i', { class: 'resolved' }), 'Resolved'),
      h('span', { class: 'muted small' }, `most in a day: ${most}`)),
    drawing, h('div', { class: 'sr' }, numbers));
}
