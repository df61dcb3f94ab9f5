// What Linear knows of an issue.
import { fill, h } from '../dom.js';
import { get, post } from '../api.js';
import { link, renderMarkdown } from '../markdown.js';
import { session } from '../session.js';
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

/** Why an issue is not in Linear, and what may be done: {words, toPush, toPull}. */
function outside(issue, status) {
  if (!status) return { words: 'This issue is not in Linear.' };
  if (!status.configured) return { words: 'This installation has no Linear key.' };
  if (issue.last_synced_at) {
    return { words: 'Linear has this issue no more, so what changes here stays here. Once it is restored there, it can be read again.', toPull: true };
  }
  if (!status.team) {
    return {
      words: ['The organization has no team in Linear. ',
        session.isOwner ? h('a', { href: '/settings/' }, 'Choose the team') : 'Its owner can choose one in the settings.'],
    };
  }
  return { words: 'This issue is not in Linear yet: it was raised before the organization had its team. It goes there with its next change, or when it is synced now.', toPush: true };
}

/** Gives {node, show(issue)}. */
export function syncPanel(onChanged) {
  const title = h('h2', { tabindex: '-1' }, 'Linear');
  const badge = h('span');
  const body = h('div', { class: 'stack tight' });
  // they stay the same nodes, so that the one that was pressed keeps the focus
  const push = actionButton('Sync now', () => act('sync_to_linear'), { before: icon('sync'), kind: 'small', onError: complain });
  const pull = actionButton('Read again from Linear', () => act('sync_from_linear'), { before: icon('fetch'), kind: 'small', onError: complain });
  const buttons = h('div', { class: 'actions', hidden: true }, push, pull);
  const node = h('section', { class: 'card stack tight', 'aria-label': 'Linear' }, h('div', { class: 'split' }, title, badge), body, buttons);
  let now = null;
  let drawn = '';

  async function act(verb) {
    try {
      const answer = await post(`/api/issues/${now.id}/${verb}/`);
      toast(answer.message);
      show(answer.issue);
    } catch (error) {
      drawn = '';
      show(now); // the organization may be another by now
      throw error;
    } finally {
      onChanged(); // a refusal may have changed the issue, too
    }
  }

  function offer({ toPush = false, toPull = false }) {
    const lost = [[push, toPush], [pull, toPull]].some(([button, yes]) => !yes && button === document.activeElement);
    push.hidden = !toPush;
    pull.hidden = !toPull;
    buttons.hidden = !toPush && !toPull;
    if (lost) title.focus();
  }

  function show(issue) {
    now = issue;
    const { linear_warning: warning, linear_description: theirs } = issue;
    const stamp = JSON.stringify([issue.sync_state, issue.synced_to_linear, issue.linear_identifier, issue.linear_issue_url, issue.last_synced_at, warning, theirs]);
    if (stamp === drawn) return;
    drawn = stamp;
    const isOff = issue.sync_state === 'off';
    const reason = h('p', { class: isOff ? 'muted small' : 'danger-text', role: 'status' });
    fill(badge, syncBadge(issue.sync_state));
    fill(body,
      issue.linear_issue_url && h('p', null, link(issue.linear_issue_url, issue.linear_identifier ?? 'Open in Linear', ' ', icon('out'))),
      issue.last_synced_at && h('p', { class: 'muted small' }, 'Last in sync ', ago(issue.last_synced_at)),
      ['failed', 'off'].includes(issue.sync_state) && reason,
      warning && h('p', { class: 'note warning', role: 'status' }, icon('warning'), ' ', warning),
      theirs !== null && h('details', null, h('summary', null, 'Description in Linear'), h('div', { class: 'markdown' }, renderMarkdown(theirs))));
    if (!isOff) offer({ toPush: true, toPull: issue.synced_to_linear });
    if (issue.sync_state === 'failed') {
      reasonOf(issue.id).catch(() => null).then((text) => fill(reason, text ?? 'Linear did not take it.'));
    }
    if (isOff) {
      get('/api/linear/status/').catch(() => null).then((status) => {
        if (!reason.isConnected) return; // it was drawn anew meanwhile
        const { words, ...ways } = outside(issue, status);
        fill(reason, words);
        offer(ways);
      });
    }
  }

  return { node, show };
}
