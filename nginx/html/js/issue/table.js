// Issues as a dense table with a selection that outlives a refresh.
import { html, useEffect, useRef } from '../lib.js';
import { go } from '../nav.js';
import { Ago } from '../time.js';
import { PriorityBadge, StatusBadge } from '../ui/badge.js';
import { Icon } from '../ui/icons.js';
import { CATEGORY } from '../words.js';

/** What stands below the title, and where the other columns have no room, instead of them. */
const Details = ({ issue }) => html`
  <span class="sub">
    <span class="number">${issue.issue_number}</span> · <bdi>${issue.is_client_issue ? issue.raised_by_customer_name : 'Internal'}</bdi> · ${CATEGORY[issue.category]}
    <span class="only-narrow"> · ${issue.priority_display} · ${issue.assigned_to_name ?? 'unassigned'}</span>
    ${issue.sync_state === 'failed' && html`<span class="danger-text"> · <${Icon} name="warning" /> not in Linear</span>`}
  </span>`;

/**
 * The columns behind the issue itself: heading, class, cell. Where there is no room,
 * those that are only-wide are left out, and Details has what must be seen.
 * @type {[string, string, (issue: any) => any][]}
 */
const COLUMNS = [
  ['Status', '', (issue) => html`<${StatusBadge} status=${issue.status} />`],
  ['Priority', 'only-wide', (issue) => html`<${PriorityBadge} priority=${issue.priority} />`],
  ['Assignee', 'only-wide', (issue) => issue.assigned_to_name ?? html`<span class="muted">Nobody</span>`],
  ['Changed', 'only-wide muted', (issue) => html`<${Ago} at=${issue.updated_at} />`],
];

const Row = ({ issue, isSelected, onToggle }) => html`
  <tr data-id=${issue.id} class=${isSelected ? 'selected' : null}>
    <td class="col-check"><input type="checkbox" aria-label=${`Select ${issue.issue_number}`} data-box=${issue.id} checked=${isSelected} onChange=${onToggle} /></td>
    <th scope="row" class="col-issue">
      <a href=${`/issues/${issue.id}/`} data-link=${issue.id} dir="auto">${issue.title}</a>
      <${Details} issue=${issue} />
    </th>
    ${COLUMNS.map(([, name, cell]) => html`<td class=${name}>${cell(issue)}</td>`)}
  </tr>`;

/** The row that has the focus. */
const current = () => /** @type {HTMLElement | null} */ (document.activeElement?.closest?.('tr[data-id]') ?? null);

/**
 * `selected` is a set of ids; onSelect gets the next one. `actions` gets move(step),
 * open() and toggle(), for the row with the focus.
 */
export function IssueTable({ issues, selected, onSelect, actions }) {
  const body = useRef(/** @type {HTMLTableSectionElement | null} */ (null));
  const all = useRef(/** @type {HTMLInputElement | null} */ (null));
  const here = issues.filter((i) => selected.has(i.id)).length;

  useEffect(() => {
    if (all.current) all.current.indeterminate = here > 0 && here < issues.length;
  }, [here, issues.length]);

  function toggle(id) {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  }

  Object.assign(actions, {
    move(step) {
      const rows = [...body.current?.rows ?? []];
      const at = rows.findIndex((row) => row === current());
      const next = at === -1 ? (step > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + step));
      /** @type {HTMLElement | null | undefined} */ (rows[next]?.querySelector('[data-link]'))?.focus();
    },
    open: () => current() && go(`/issues/${current()?.dataset.id}/`),
    toggle: () => current() && toggle(Number(current()?.dataset.id)),
  });

  return html`
    <table class="issues">
      <caption class="sr">Issues</caption>
      <thead><tr>
        <th scope="col" class="col-check"><input type="checkbox" ref=${all} aria-label="Select all on this page" checked=${here > 0 && here === issues.length}
          onChange=${(event) => onSelect(new Set(event.target.checked ? issues.map((i) => i.id) : []))} /></th>
        <th scope="col" class="col-issue">Issue</th>
        ${COLUMNS.map(([heading, name]) => html`<th scope="col" class=${name}>${heading}</th>`)}
      </tr></thead>
      <tbody ref=${body}>${issues.map((issue) => html`
        <${Row} key=${issue.id} issue=${issue} isSelected=${selected.has(issue.id)} onToggle=${() => toggle(issue.id)} />`)}</tbody>
    </table>`;
}
