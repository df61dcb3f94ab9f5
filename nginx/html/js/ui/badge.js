// Status, priority and the like as small labels: never by colour alone.
import { html } from '../lib.js';
import { PRIORITY, STATUS, SYNC, initials } from '../words.js';

export const StatusBadge = ({ status }) =>
  html`<span class=${`badge status-${status}`}>${STATUS[status] ?? status}</span>`;

export const PriorityBadge = ({ priority }) => html`
  <span class=${`priority priority-${priority}`}>
    <span class="bars" aria-hidden="true"><i /><i /><i /></span>${PRIORITY[priority] ?? priority}
  </span>`;

export const SyncBadge = ({ state }) =>
  html`<span class=${`badge sync-${state}`}>${SYNC[state] ?? state}</span>`;

export const Avatar = ({ name, kind = '' }) =>
  html`<span class=${`avatar ${kind}`} aria-hidden="true">${initials(name)}</span>`;
