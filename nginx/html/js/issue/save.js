// Saving what was edited, when somebody else may have edited too.
import { ApiError, call } from '../api.js';
import { html, useLayoutEffect, useRef } from '../lib.js';
import { Icon } from '../ui/icons.js';
import { CATEGORY, PRIORITY, STATUS } from '../words.js';

const plain = (issue, name) => {
  const value = issue[name];
  return value !== null && typeof value === 'object' ? value.id : value;
};

/** True when a field of two states of the issue is the same. */
export const same = (a, b, name) => (plain(a, name) ?? null) === (plain(b, name) ?? null);

/**
 * Sends `changes`, made on top of `base` ({issue, etag}). Where others changed
 * only different fields meanwhile, both stand. Gives {issue, etag} or, when they
 * changed the same ones, {conflict: {issue, etag}}.
 */
export async function saveChanges(id, changes, base) {
  const path = { id };
  let match = base.etag;
  for (let tries = 0; ; tries += 1) {
    try {
      const { data: issue, etag } = await call('patch', '/api/issues/{id}/', { path, body: changes, match });
      return { issue, etag };
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 412 || tries === 3) throw error;
    }
    const now = await call('get', '/api/issues/{id}/', { path });
    if (Object.keys(changes).some((name) => !same(base.issue, now.data, name))) {
      return { conflict: { issue: now.data, etag: now.etag } };
    }
    match = now.etag;
  }
}

function textOf(name, issue) {
  const words = { status: STATUS, priority: PRIORITY, category: CATEGORY }[name];
  if (words) return words[issue[name]];
  if (name === 'assigned_to') return issue.assigned_to?.full_name ?? 'Nobody';
  if (name === 'vendor') return issue.vendor_name ?? 'None';
  if (name === 'order') return issue.order_number ?? 'None';
  return issue[name] || 'Empty';
}

/**
 * Tells of a conflict ({changes, base, theirs}) and lets one choose. What was
 * typed stays in its fields until one does.
 */
export function ConflictNote({ conflict: { changes, base, theirs }, labels, onMine, onTheirs }) {
  const node = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => node.current?.focus(), [theirs]);
  const names = Object.keys(changes).filter((name) => !same(base.issue, theirs.issue, name));
  return html`
    <div class="note warning conflict" role="alert" tabindex="-1" ref=${node}>
      <${Icon} name="warning" />
      <div>
        <p><strong>Somebody else changed this issue while you were editing.</strong> Nothing of yours is lost: it is still in the form. Theirs is now:</p>
        <dl>${names.map((name) => html`<dt>${labels[name] ?? name}</dt><dd dir="auto">${textOf(name, theirs.issue)}</dd>`)}</dl>
        <div class="actions">
          <button type="button" class="button primary" onClick=${onMine}>Save mine</button>
          <button type="button" class="button" onClick=${onTheirs}>Take theirs</button>
        </div>
      </div>
    </div>`;
}
