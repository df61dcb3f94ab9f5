// One issue, as staff work on it.
import { useLive } from '../data.js';
import { ofIssue } from '../files/attached.js';
import { html, useMemo, useRef, useState } from '../lib.js';
import { ActionButtons, openResolve } from '../issue/actions.js';
import { StaffBox } from '../issue/composer.js';
import { History } from '../issue/history.js';
import { Properties } from '../issue/properties.js';
import { SyncPanel } from '../issue/sync.js';
import { Message, Thread } from '../issue/thread.js';
import { WordingForm, isUnfinished } from '../issue/wording.js';
import { useKeys } from '../keys.js';
import { Link, Markdown } from '../markdown.js';
import { go, useTitle } from '../nav.js';
import { tab } from '../storage.js';
import { Ago } from '../time.js';
import { PriorityBadge, StatusBadge } from '../ui/badge.js';
import { Icon } from '../ui/icons.js';
import { Loaded } from '../ui/states.js';

const EVERY = 15_000;

const listHref = () => tab.get('list.href') ?? '/';

/** The neighbours in the list that one came from. */
function neighbours(id) {
  const ids = tab.get('list') ?? [];
  const at = ids.indexOf(id);
  return at === -1 ? {} : { previous: ids[at - 1], next: ids[at + 1], at, of: ids.length };
}

function Crumbs({ id }) {
  const { previous, next, at = 0, of = 0 } = neighbours(id);
  const step = (to, text, sign) => to && html`
    <a class="icon-button" href=${`/issues/${to}/`} aria-label=${text} title=${text}><${Icon} name=${sign} /></a>`;
  return html`
    <div class="split">
      <p class="crumb"><a href=${listHref()}><${Icon} name="left" />Issues</a></p>
      ${of > 1 && html`<nav class="steps" aria-label="Neighbours">
        ${step(previous, 'Previous issue', 'left')}<span class="muted small">${at + 1} of ${of}</span>${step(next, 'Next issue', 'right')}</nav>`}
    </div>`;
}

const Head = ({ issue, ...actions }) => html`
  <p class="kicker"><span class="number">${issue.issue_number}</span><${StatusBadge} status=${issue.status} /><${PriorityBadge} priority=${issue.priority} />
    ${!issue.is_client_issue && html`<span class="badge">Internal</span>`}</p>
  <h1 tabindex="-1" dir="auto">${issue.title}</h1>
  <${ActionButtons} issue=${issue} ...${actions} />`;

function People({ issue }) {
  const { raised_by_customer_email: email, raised_by_customer: customer } = issue;
  return html`
    <dl class="facts">
      <dt>${issue.is_client_issue ? 'Customer' : 'Created by'}</dt>
      <dd><bdi>${issue.raised_by_customer_name ?? issue.created_by_name ?? 'Linear'}</bdi>
        ${email && html`<br /><${Link} href=${`mailto:${email}`}>${email}</${Link}>`}
        ${customer && html`<br /><a href=${`/?raised_by_customer=${customer}`}>All their issues</a>`}</dd>
      <dt>Raised</dt><dd><${Ago} at=${issue.created_at} /></dd>
      <dt>Changed</dt><dd><${Ago} at=${issue.updated_at} /></dd>
      ${issue.resolved_at && html`<dt>Resolved</dt><dd><${Ago} at=${issue.resolved_at} /> by <bdi>${issue.resolved_by_name}</bdi></dd>`}
    </dl>`;
}

const Notes = ({ text }) => text && html`
  <section class="card outcome" aria-label="Resolution notes">
    <h2><${Icon} name="check" />Resolution notes</h2><${Markdown} text=${text} />
  </section>`;

function Conversation({ issue, onDone }) {
  return html`
    <section class="stack" aria-label="Conversation">
      <${Message} name=${issue.raised_by_customer_name ?? issue.created_by_name ?? 'Linear'} kind=${issue.is_client_issue ? 'customer' : 'staff'}
        label=${issue.is_client_issue ? 'Customer' : null} at=${issue.created_at} text=${issue.description}
        files=${ofIssue(issue)} empty="No description was given." onDone=${onDone} />
      <${Thread} issue=${issue.id} comments=${issue.comments} onDone=${onDone} />
    </section>`;
}

/** While title and description are edited: {issue, etag} as it began. */
function useEditing(id, live) {
  const [start, setStart] = useState(/** @type {any} */ (null));
  const isResumed = useRef(isUnfinished(id));
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  const now = { issue: live.data, etag: live.etag };
  const begin = () => setStart((old) => old ?? now);
  if (isResumed.current && live.data) {
    isResumed.current = false;
    setStart(now);
  }
  function end(saved) {
    setStart(null);
    // the answer to a change has no comments
    if (saved) live.know({ ...saved.issue, comments: live.data.comments, attachments: live.data.attachments }, saved.etag);
    live.again();
    setTimeout(() => /** @type {any} */ (heading.current?.querySelector('h1'))?.focus());
  }
  return { start, begin, end, heading };
}

export default function Work({ id }) {
  const live = useLive('/api/issues/{id}/', { path: { id }, every: EVERY });
  const issue = /** @type {any} */ (live.data);
  const editing = useEditing(id, live);
  const box = useMemo(() => /** @type {any} */ ({}), []);
  const form = useMemo(() => /** @type {any} */ ({}), []);
  const again = live.again;
  const { previous, next } = neighbours(id);
  useTitle(issue ? `${issue.issue_number} ${issue.title}` : 'Issue');
  useKeys('This issue', [
    ['r', 'Reply to the customer', () => box.reply?.()],
    ['n', 'Write an internal note', () => box.note?.()],
    ['a', 'Choose the assignee', () => form.focus?.('assigned_to')],
    ['m', 'Assign to me', () => form.assignToMe?.()],
    ['s', 'Choose the status', () => form.focus?.('status')],
    ['p', 'Choose the priority', () => form.focus?.('priority')],
    ['e', 'Edit title and description', () => issue && editing.begin()],
    ['x', 'Resolve', () => issue && openResolve(issue, again)],
    ['k', 'Previous issue', () => previous && go(`/issues/${previous}/`)],
    ['j', 'Next issue', () => next && go(`/issues/${next}/`)],
    ['u', 'Back to the list', () => go(listHref())],
  ]);

  return html`<${Loaded} of=${[live]}>${() => html`
    <${Crumbs} id=${id} />
    <div ref=${editing.heading}>${editing.start
      ? html`<${WordingForm} start=${editing.start} onDone=${editing.end} />`
      : html`<${Head} issue=${issue} onDone=${again} onGone=${() => go('/')} onEdit=${editing.begin} />`}</div>
    <div class="two-columns">
      <div class="stack">
        <${Conversation} issue=${issue} onDone=${again} />
        <${Notes} text=${issue.resolution_notes} />
        <${StaffBox} id=${id} customer=${issue.is_client_issue ? issue.raised_by_customer_name : null} onSent=${again} actions=${box} />
      </div>
      <aside class="stack" aria-label="Details">
        <div class="card"><${Properties} issue=${issue} etag=${live.etag} onSaved=${again} actions=${form} /></div>
        <div class="card"><${People} issue=${issue} /></div>
        <${SyncPanel} issue=${issue} onChanged=${again} />
        <${History} id=${id} version=${live.etag} />
      </aside>
    </div>`}
  </${Loaded}>`;
}
