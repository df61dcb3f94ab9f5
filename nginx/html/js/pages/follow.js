// One issue, as its customer follows it.
import { fill, h } from '../dom.js';
import { call, post } from '../api.js';
import { replyBox } from '../issue/composer.js';
import { history } from '../issue/history.js';
import { ownButtons } from '../issue/own.js';
import { progress } from '../issue/progress.js';
import { message, thread } from '../issue/thread.js';
import { bind } from '../keys.js';
import { link, renderMarkdown } from '../markdown.js';
import { poll } from '../poll.js';
import { setTitle } from '../router.js';
import { session } from '../session.js';
import { ago } from '../time.js';
import { statusBadge } from '../ui/badge.js';
import { openDialog } from '../ui/dialog.js';
import { editor } from '../ui/editor.js';
import { field, form } from '../ui/form.js';
import { icon } from '../ui/icons.js';
import { toast } from '../ui/toast.js';
import { CATEGORY, PRIORITY } from '../words.js';

const EVERY = 15_000;

const fact = (name, value) => value && [h('dt', null, name), h('dd', null, value)];

function facts(issue) {
  return h('dl', { class: 'facts' },
    fact('Company', issue.organization_name),
    fact('Looked after by', issue.assigned_to?.full_name ?? 'Nobody yet'),
    fact('Category', CATEGORY[issue.category]),
    fact('Priority', PRIORITY[issue.priority]),
    fact('Order', issue.order_number),
    fact('Supplier', issue.vendor_name),
    fact('Raised', ago(issue.created_at)),
    fact('Last change', ago(issue.updated_at)),
    fact('Tracked', issue.linear_issue_url && link(issue.linear_issue_url, 'In Linear ', icon('out'))));
}

function reopenDialog(issue, onDone) {
  return openDialog('Reopen this issue', (close) => {
    const why = field('comment', 'What is still wrong?', editor({ rows: 4, max: 10_000 }), { optional: true });
    return form({
      fields: [why],
      submit: 'Reopen the issue',
      async send() {
        await post(`/api/issues/${issue.id}/reopen/`, why.value.trim() ? { comment: why.value } : {});
        toast('The issue is open again.');
        close();
        onDone();
      },
    }).node;
  });
}

function outcome(issue, onDone) {
  if (issue.status !== 'resolved') return null;
  return h('section', { class: 'card outcome', 'aria-label': 'Resolution' },
    h('h2', null, icon('check'), `Resolved by ${issue.resolved_by_name ?? issue.organization_name} `, ago(issue.resolved_at)),
    issue.resolution_notes && h('div', { class: 'markdown' }, renderMarkdown(issue.resolution_notes)),
    h('p', { class: 'actions' },
      h('span', null, 'Not solved for you?'),
      h('button', { type: 'button', class: 'button', onclick: () => reopenDialog(issue, onDone) }, 'Reopen')));
}

export default async function follow(root, { params, signal }) {
  const path = `/api/client/issues/${params.id}/`;
  const first = await call('GET', path, { signal });
  const head = h('div');
  const state = h('div', { class: 'stack' });
  const aside = h('div');
  const opening = h('div');
  const talk = thread(params.id, () => polling.now());
  const past = history(params.id, signal);
  const polling = poll(path, { every: EVERY, etag: first.etag, signal, onData: show });
  const box = replyBox(params.id, () => polling.now());
  let drawn = '';

  function show(issue) {
    talk.update(issue.comments);
    const { comments, ...rest } = issue;
    const text = JSON.stringify(rest);
    if (text === drawn) return;
    drawn = text;
    setTitle(`${issue.issue_number} ${issue.title}`);
    fill(head,
      h('p', { class: 'crumb' }, h('a', { href: '/' }, icon('left'), 'My issues')),
      h('p', { class: 'kicker' }, h('span', { class: 'number' }, issue.issue_number), statusBadge(issue.status)),
      h('h1', { tabindex: '-1' }, issue.title),
      ownButtons(issue, () => polling.now()));
    fill(opening, message({ name: issue.raised_by_customer_name ?? session.user.full_name, kind: 'customer', label: 'you', at: issue.created_at, text: issue.description, empty: 'No description was given.' }));
    fill(state, progress(issue.status), outcome(issue, () => polling.now()));
    fill(aside, facts(issue));
    past.update();
  }

  show(first.data);
  bind('This issue', signal, [['r', 'Write a reply', box.focus]]);
  fill(root, head, h('div', { class: 'two-columns customer' },
    h('div', { class: 'stack' }, state,
      h('section', { class: 'stack', 'aria-label': 'Conversation' },
        opening, talk.node),
      h('div', { class: 'card' }, box.node)),
    h('aside', { class: 'stack', 'aria-label': 'Details' }, h('div', { class: 'card' }, h('h2', { class: 'sr' }, 'Details'), aside), past.node)));
}
