// Saving what was edited, when somebody else may have edited too.
import { ApiError, call } from '../api.js';
import { h } from '../dom.js';
import { icon } from '../ui/icons.js';
import { CATEGORY, PRIORITY, STATUS } from '../words.js';

const plain = (issue, name) => {
  const value = issue[name];
  return value !== null && typeof value === 'object' ? value.id : value;
};

/** True when a field of two states of the issue is the same. */
export const same = (a, b, name) => (plain(a, name) ?? null) === (plain(b, name) ?? null);

/**
 * Sends `changes`, made on top of `base` ({issue, etag}). Where others changed
 * only different fields meanwhile, both stand. Gives {issue} or, when they
 * changed the same ones, {conflict: {issue, etag}}.
 */
export async function saveChanges(id, changes, base) {
  const path = `/api/issues/${id}/`;
  let match = base.etag;
  for (let tries = 0; ; tries += 1) {
    try {
      return { issue: (await call('PATCH', path, { body: changes, match })).data };
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 412 || tries === 3) throw error;
    }
    const now = await call('GET', path);
    if (Object.keys(changes).some((name) => !same(base.issue, now.data, name))) {
      return { conflict: { issue: now.data, etag: now.etag } };
    }
    match = now.etag;
  }
}

function show(name, issue) {
  const words = { status: STATUS, priority: PRIORITY, category: CATEGORY }[name];
  if (words) return words[issue[name]];
  if (name === 'assigned_to') return issue.assigned_to?.full_name ?? 'Nobody';
  if (name === 'vendor') return issue.vendor_name ?? 'None';
  if (name === 'order') return issue.order_number ?? 'None';
  return issue[name] || 'Empty';
}

/**
 * Tells of a conflict and lets one choose. What was typed stays in its fields
 * until one does.
 */
export function conflictNote({ changes, base, theirs, labels, onMine, onTheirs }) {
  const names = Object.keys(changes).filter((name) => !same(base.issue, theirs, name));
  const node = h('div', { class: 'note warning conflict', role: 'alert', tabindex: '-1' }, icon('warning'),
    h('div', null,
      h('p', null, h('strong', null, 'Somebody else changed this issue while you were editing.'),
        ' Nothing of yours is lost: it is still in the form. Theirs is now:'),
      h('dl', null, names.map((name) => [h('dt', null, labels[name] ?? name), h('dd', null, show(name, theirs))])),
      h('div', { class: 'actions' },
        h('button', { type: 'button', class: 'button primary', onclick: onMine }, 'Save mine'),
        h('button', { type: 'button', class: 'button', onclick: onTheirs }, 'Take theirs'))));
  return node;
}

