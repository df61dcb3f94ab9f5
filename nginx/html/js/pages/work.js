// One issue, as staff work on it.
import { fill, h } from '../dom.js';
import { call, get, itemsOf, optional } from '../api.js';
import { actionButtons, resolveDialog } from '../issue/actions.js';
import { staffBox } from '../issue/composer.js';
import { history } from '../issue/history.js';
import { properties } from '../issue/properties.js';
import { syncPanel } from '../issue/sync.js';
import { message, thread } from '../issue/thread.js';
import { isUnfinished, wordingForm } from '../issue/wording.js';
import { bind } from '../keys.js';
import { link, renderMarkdown } from '../markdown.js';
import { poll } from '../poll.js';
import { go, setTitle } from '../router.js';
import { session } from '../session.js';
import { tab } from '../storage.js';
import { ago } from '../time.js';
import { priorityBadge, statusBadge } from '../ui/badge.js';
import { icon } from '../ui/icons.js';

const EVERY = 15_000;

/** The choices of the properties; each may be missing. */
async function fetchLists(issue, signal) {
  const query = { organization: issue.organization, page_size: 100 };
  const [people, vendors, orders] = await Promise.all([
    optional(get('/api/employees/', { query: { page_size: 100 }, signal })),
    optional(get('/api/vendors/', { query, signal })),
    optional(get('/api/orders/', { query, signal })),
  ]);
  const staff = people ? itemsOf(people).filter((p) => p.is_active !== false) : [{ id: session.profile.id, full_name: session.user.full_name }];
  return {
    people: staff.map((p) => [p.id, p.full_name]),
    vendors: itemsOf(vendors).map((v) => [v.id, v.name]),
    orders: itemsOf(orders).map((o) => [o.id, o.order_number]),
  };
}

/** The neighbours in the list that one came from. */
function neighbours(id) {
  const ids = tab.get('list') ?? [];
  const at = ids.indexOf(id);
  return at === -1 ? {} : { previous: ids[at - 1], next: ids[at + 1], at, of: ids.length };
}

function crumbs(id) {
  const { previous, next, at, of } = neighbours(id);
  const step = (to, text, sign) => to && h('a', { class: 'icon-button', href: `/issues/${to}/`, 'aria-label': text, title: text }, icon(sign));
  return h('div', { class: 'split' },
    h('p', { class: 'crumb' }, h('a', { href: tab.get('list.href') ?? '/' }, icon('left'), 'Issues')),
    of > 1 && h('nav', { class: 'steps', 'aria-label': 'Neighbours' },
      step(previous, 'Previous issue', 'left'), h('span', { class: 'muted small' }, `${at + 1} of ${of}`), step(next, 'Next issue', 'right')));
}

function people(issue) {
  return h('dl', { class: 'facts' },
    h('dt', null, issue.is_client_issue ? 'Customer' : 'Created by'),
    h('dd', null, issue.raised_by_customer_name ?? issue.created_by_name ?? 'Linear',
      issue.raised_by_customer_email && [h('br'), link(`mailto:${issue.raised_by_customer_email}`, issue.raised_by_customer_email)]),
    h('dt', null, 'Raised'), h('dd', null, ago(issue.created_at)),
    h('dt', null, 'Changed'), h('dd', null, ago(issue.updated_at)),
    issue.resolved_at && [h('dt', null, 'Resolved'), h('dd', null, ago(issue.resolved_at), ` by ${issue.resolved_by_name}`)]);
}

export default async function work(root, { params, signal }) {
  const id = Number(params.id);
  const path = `/api/issues/${id}/`;
  const first = await call('GET', path, { signal });
  const lists = await fetchLists(first.data, signal);
  let now = { issue: first.data, etag: first.etag };

  const head = h('div');
  const opening = h('div');
  const notes = h('div');
  const side = h('div');
  const talk = thread(id, () => polling.now());
  const past = history(id, signal);
  const polling = poll(path, { every: EVERY, etag: first.etag, signal, onData: show });
  const again = () => polling.now();
  const box = staffBox(id, first.data.is_client_issue ? first.data.raised_by_customer_name : null, again);
  const sync = syncPanel(again);
  const form = properties({ ...now, lists, onSaved: again });
  let editing = false;
  let drawn = '';

  function show(issue, etag) {
    now = { issue, etag };
    talk.update(issue.comments);
    form.show(issue, etag);
    sync.show(issue);
    past.update();
    const { comments, ...rest } = issue;
    const text = JSON.stringify(rest);
    if (text === drawn || editing) return;
    drawn = text;
    draw(issue);
  }

  function draw(issue) {
    setTitle(`${issue.issue_number} ${issue.title}`);
    fill(head,
      h('p', { class: 'kicker' }, h('span', { class: 'number' }, issue.issue_number), statusBadge(issue.status), priorityBadge(issue.priority),
        issue.is_client_issue ? null : h('span', { class: 'badge' }, 'Internal')),
      h('h1', { tabindex: '-1' }, issue.title),
      actionButtons(issue, { onDone: again, onGone: () => go('/'), onEdit: edit }));
    fill(opening, message({
      name: issue.raised_by_customer_name ?? issue.created_by_name ?? 'Linear', kind: issue.is_client_issue ? 'customer' : 'staff',
      label: issue.is_client_issue ? 'Customer' : null, at: issue.created_at, text: issue.description, empty: 'No description was given.',
    }));
    fill(notes, issue.resolution_notes && h('section', { class: 'card outcome', 'aria-label': 'Resolution notes' },
      h('h2', null, icon('check'), 'Resolution notes'), h('div', { class: 'markdown' }, renderMarkdown(issue.resolution_notes))));
    fill(side, people(issue));
  }

  function edit() {
    if (editing) return;
    editing = true;
    const wording = wordingForm({ ...now }, (saved) => {
      editing = false;
      drawn = '';
      if (saved) again();
      draw(saved ?? now.issue);
      head.querySelector('h1').focus();
    });
    fill(head, wording.node);
    wording.focus();
  }

  show(first.data, first.etag);
  fill(root, crumbs(id), head, h('div', { class: 'two-columns' },
    h('div', { class: 'stack' }, h('section', { class: 'stack', 'aria-label': 'Conversation' }, opening, talk.node), notes, box.node),
    h('aside', { class: 'stack', 'aria-label': 'Details' }, h('div', { class: 'card' }, form.node), h('div', { class: 'card' }, side), sync.node, past.node)));
  if (isUnfinished(id)) edit();

  const { previous, next } = neighbours(id);
  bind('This issue', signal, [
    ['r', 'Reply to the customer', box.reply],
    ['n', 'Write an internal note', box.note],
    ['a', 'Choose the assignee', () => form.focus('assigned_to')],
    ['m', 'Assign to me', form.assignToMe],
    ['s', 'Choose the status', () => form.focus('status')],
    ['p', 'Choose the priority', () => form.focus('priority')],
    ['e', 'Edit title and description', edit],
    ['x', 'Resolve', () => resolveDialog(now.issue, again)],
    ['k', 'Previous issue', () => previous && go(`/issues/${previous}/`)],
    ['j', 'Next issue', () => next && go(`/issues/${next}/`)],
    ['u', 'Back to the list', () => go(tab.get('list.href') ?? '/')],
  ]);
}
