// What Linear knows of an issue.
import { fill, h } from '../dom.js';
import { get, post } from '../api.js';
import { link, renderMarkdown } from '../markdown.js';
import { ago } from '../time.js';
import { syncBadge } from '../ui/badge.js';
import { actionButton } from '../ui/form.js';
import { icon } from '../ui/icons.js';
import { complain, toast } from '../ui/toast.js';

/** Why it failed, in the words of the failure list. */
async function reasonOf(id) {
  const list = await get('/api/linear/failures/', { query: { page_size: 100 } });
  return list.results.find((f) => f.issue === id)?.reason ?? null;
}

/** Gives {node, show(issue)}. */
export function syncPanel(onChanged) {
  const body = h('div', { class: 'stack tight' });
  const node = h('section', { class: 'card', 'aria-label': 'Linear' }, body);
  let drawn = '';

  async function syncNow(id) {
    const answer = await post(`/api/issues/${id}/sync_to_linear/`);
    toast(answer.message);
    onChanged();
  }

  function show(issue) {
    const { linear_warning: warning, linear_description: theirs } = issue;
    const stamp = JSON.stringify([issue.sync_state, issue.linear_identifier, issue.linear_issue_url, issue.last_synced_at, warning, theirs]);
    if (stamp === drawn) return;
    drawn = stamp;
    const reason = h('p', { class: 'danger-text', role: 'status' });
    fill(body,
      h('div', { class: 'split' }, h('h2', null, 'Linear'), syncBadge(issue.sync_state)),
      issue.linear_issue_url && h('p', null, link(issue.linear_issue_url, issue.linear_identifier ?? 'Open in Linear', ' ', icon('out'))),
      issue.last_synced_at && h('p', { class: 'muted small' }, 'Last in sync ', ago(issue.last_synced_at)),
      issue.sync_state === 'failed' && reason,
      warning && h('p', { class: 'note warning', role: 'status' }, icon('warning'), ' ', warning),
      theirs !== null && h('details', null, h('summary', null, 'Description in Linear'), h('div', { class: 'markdown' }, renderMarkdown(theirs))),
      issue.sync_state === 'off'
        ? h('p', { class: 'muted small' }, 'This installation has no Linear key.')
        : actionButton('Sync now', () => syncNow(issue.id), { before: icon('sync'), kind: 'small', onError: complain }));
    if (issue.sync_state === 'failed') {
      reasonOf(issue.id).catch(() => null).then((text) => fill(reason, text ?? 'Linear did not take it.'));
    }
  }

  return { node, show };
}
