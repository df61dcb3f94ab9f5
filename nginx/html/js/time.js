// Dates in the reader's zone: relative to read, exact on hover.
import { html, signal } from './lib.js';

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** @type {[number, Intl.RelativeTimeFormatUnit, number][]} */
const STEPS = [
  [60, 'second', 1],
  [3600, 'minute', 60],
  [86400, 'hour', 3600],
  [86400 * 7, 'day', 86400],
  [86400 * 30, 'week', 86400 * 7],
];

function agoText(iso, at) {
  const seconds = (Date.parse(iso) - at) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return 'just now';
  for (const [limit, unit, divisor] of STEPS) {
    if (size < limit) return relative.format(Math.round(seconds / divisor), unit);
  }
  return day.format(new Date(iso));
}

export const exactText = (iso) => exact.format(new Date(iso));

const now = signal(Date.now());
setInterval(() => { now.value = Date.now(); }, 30_000);

/** A <time> that ages with the page. */
export const Ago = ({ at }) => (at
  ? html`<time datetime=${at} title=${exactText(at)}>${agoText(at, now.value)}</time>`
  : null);

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

/** "America/Port-au-Prince" → "Port-au-Prince time (America)"; UTC is UTC. */
export function zoneName(zone) {
  const [area, ...place] = zone.replaceAll('_', ' ').split('/');
  return place.length ? `${place.reverse().join(', ')} time (${area})` : area;
}

/** The names of all zones that the browser knows, and the one that is there already. */
export const zones = (present) => [...new Set(['UTC', present, ...Intl.supportedValuesOf('timeZone')])];
