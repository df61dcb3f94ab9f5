// Issues as a dense table with a selection that outlives a refresh.
import { fill, h } from '../dom.js';
import { ago } from '../time.js';
import { priorityBadge, statusBadge } from '../ui/badge.js';
import { icon } from '../ui/icons.js';
import { CATEGORY } from '../words.js';

const HEAD = [['Issue', 'col-issue'], ['Status', 'col-status'], ['Priority', 'col-priority'], ['Assignee', 'col-assignee'], ['Changed', 'col-changed']];

/** onSelect gets the issues that are selected now. */
export function issueTable({ onSelect }) {
  const selected = new Set();
  let issues = [];

  const all = h('input', { type: 'checkbox', 'aria-label': 'Select all on this page', onchange: () => {
    for (const issue of issues) selected[all.checked ? 'add' : 'delete'](issue.id);
    mark();
  } });
  const body = h('tbody');
  const node = h('table', { class: 'issues' },
    h('caption', { class: 'sr' }, 'Issues'),
    h('thead', null, h('tr', null, h('th', { scope: 'col', class: 'col-check' }, all),
      HEAD.map(([text, name]) => h('th', { scope: 'col', class: name }, text)))),
    body);

  function row(issue) {
    const box = h('input', { type: 'checkbox', 'aria-label': `Select ${issue.issue_number}`, 'data-box': issue.id, onchange: () => {
      selected[box.checked ? 'add' : 'delete'](issue.id);
      mark();
    } });
    return h('tr', { 'data-id': issue.id },
      h('td', { class: 'col-check' }, box),
      h('th', { scope: 'row', class: 'col-issue' },
        h('a', { href: `/issues/${issue.id}/`, 'data-link': issue.id }, issue.title),
        h('span', { class: 'sub' },
          h('span', { class: 'number' }, issue.issue_number), ' · ',
          issue.is_client_issue ? issue.raised_by_customer_name : 'Internal', ' · ', CATEGORY[issue.category],
          h('span', { class: 'only-narrow' }, ' · ', issue.priority_display, ' · ', issue.assigned_to_name ?? 'unassigned'),
          issue.sync_state === 'failed' && h('span', { class: 'danger-text' }, ' · ', icon('warning'), ' not in Linear'))),
      h('td', { class: 'col-status' }, statusBadge(issue.status)),
      h('td', { class: 'col-priority' }, priorityBadge(issue.priority)),
      h('td', { class: 'col-assignee' }, issue.assigned_to_name ?? h('span', { class: 'muted' }, 'Nobody')),
      h('td', { class: 'col-changed muted' }, ago(issue.updated_at)));
  }

  function mark() {
    for (const box of body.querySelectorAll('[data-box]')) {
      box.checked = selected.has(Number(box.dataset.box));
      box.closest('tr').classList.toggle('selected', box.checked);
    }
    const here = issues.filter((i) => selected.has(i.id)).length;
    all.checked = here > 0 && here === issues.length;
    all.indeterminate = here > 0 && here < issues.length;
    onSelect(issues.filter((i) => selected.has(i.id)));
  }

  /** New rows in the old ones' place, with the focus where it was. */
  function show(list) {
    const at = document.activeElement;
    const wanted = body.contains(at) && (at.dataset.link ? `[data-link="${at.dataset.link}"]` : at.dataset.box && `[data-box="${at.dataset.box}"]`);
    issues = list;
    for (const id of selected) if (!list.some((i) => i.id === id)) selected.delete(id);
    fill(body, list.map(row));
    mark();
    if (wanted) body.querySelector(wanted)?.focus();
  }

  const current = () => document.activeElement?.closest?.('tr[data-id]') ?? null;

  function move(step) {
    const rows = [...body.rows];
    const at = rows.indexOf(current());
    const next = at === -1 ? (step > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + step));
    rows[next]?.querySelector('[data-link]').focus();
  }

  return {
    node,
    show,
    move,
    open: (go) => current() && go(`/issues/${current().dataset.id}/`),
    toggle: () => current()?.querySelector('[data-box]').click(),
    clear() {
      selected.clear();
      mark();
    },
  };
}
