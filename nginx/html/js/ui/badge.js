// Status, priority and the like as small labels: never by colour alone.
import { h } from '../dom.js';
import { PRIORITY, STATUS, SYNC, initials } from '../words.js';

export const statusBadge = (status) =>
  h('span', { class: `badge status-${status}` }, STATUS[status] ?? status);

export const priorityBadge = (priority) =>
  h('span', { class: `priority priority-${priority}` },
    h('span', { class: 'bars', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')), PRIORITY[priority] ?? priority);

export const syncBadge = (state) =>
  h('span', { class: `badge sync-${state}` }, SYNC[state] ?? state);

export const avatar = (name, kind = '') =>
  h('span', { class: `avatar ${kind}`, 'aria-hidden': 'true' }, initials(name));
