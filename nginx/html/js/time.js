// Dates in the reader's zone: relative to read, exact on hover.
import { h } from './dom.js';

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const STEPS = [
  [60, 'second', 1],
  [3600, 'minute', 60],
  [86400, 'hour', 3600],
  [86400 * 7, 'day', 86400],
  [86400 * 30, 'week', 86400 * 7],
];

function agoText(iso, now = Date.now()) {
  const seconds = (Date.parse(iso) - now) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return 'just now';
  for (const [limit, unit, divisor] of STEPS) {
    if (size < limit) return relative.format(Math.round(seconds / divisor), unit);
  }
  return day.format(new Date(iso));
}

export const exactText = (iso) => exact.format(new Date(iso));

/** A <time> that ages with the page. */
export function ago(iso) {
  if (!iso) return '';
  return h('time', { datetime: iso, title: exactText(iso), 'data-ago': true }, agoText(iso));
}

/** 5400 → "1 h 30 min". */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return '–';
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return 'under a minute';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  const days = Math.floor(hours / 24);
  return hours % 24 && days < 7 ? `${days} d ${hours % 24} h` : `${days} d`;
}

setInterval(() => {
  for (const node of document.querySelectorAll('time[data-ago]')) {
    const text = agoText(node.dateTime);
    if (text !== node.textContent) node.textContent = text;
  }
}, 30_000);
