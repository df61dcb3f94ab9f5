// What Linear knows of an issue.
import { get, post } from '../api.js';
import { html, useEffect, useLayoutEffect, useRef, useState } from '../lib.js';
import { Link, Markdown } from '../markdown.js';
import { session } from '../session.js';
import { Ago } from '../time.js';
import { SyncBadge } from '../ui/badge.js';
import { ActionButton } from '../ui/form.js';
import { Icon } from '../ui/icons.js';
import { toast } from '../ui/toast.js';

/** Why it failed, in the words of the failure list. */
async function failureOf(issue) {
  const list = await get('/api/linear/failures/', { query: { page_size: 100 } });
  return { words: list.results.find((f) => f.issue === issue.id)?.reason ?? 'Linear did not take it.' };
}

/** Why an issue is not in Linear, and what may be done: {words, toPush, toPull}. */
function outside(issue, status) {
  if (!status.configured) return { words: 'This installation has no Linear key.' };
  if (issue.last_synced_at) {
    return { words: 'Linear has this issue no more, so what changes here stays here. Once it is restored there, it can be read again.', toPull: true };
  }
  if (!status.team) {
    return {
      words: ['The organization has no team in Linear. ',
        session.isOwner ? html`<a href="/settings/">Choose the team</a>` : 'Its owner can choose one in the settings.'],
    };
  }
  return { words: 'This issue is not in Linear yet: it was raised before the organization had its team. It goes there with its next change, or when it is synced now.', toPush: true };
}

/** Asks for the reason where the sync is off or failed, and again after each attempt. */
function useReason(issue, attempt) {
  const { sync_state: state, last_synced_at: at } = issue;
  const [reason, setReason] = useState(/** @type {any} */ ({ words: '' }));
  useEffect(() => {
    if (state !== 'off' && state !== 'failed') return undefined;
    const stop = new AbortController();
    const asked = state === 'failed' ? failureOf(issue) : get('/api/linear/status/').then((status) => outside(issue, status));
    asked.catch(() => ({ words: state === 'failed' ? 'Linear did not take it.' : 'This issue is not in Linear.' }))
      .then((found) => stop.signal.aborted || setReason(found));
    return () => stop.abort();
  }, [state, at, attempt]);
  if (state === 'off') return reason;
  return { words: state === 'failed' ? reason.words : '', toPush: true, toPull: issue.synced_to_linear };
}

/** onChanged: the issue may be another now. */
export function SyncPanel({ issue, onChanged }) {
  const [attempt, setAttempt] = useState(0);
  const { words, toPush = false, toPull = false } = useReason(issue, attempt);
  const title = useRef(/** @type {HTMLElement | null} */ (null));
  const buttons = { push: useRef(null), pull: useRef(null) };
  const { linear_warning: warning, linear_description: theirs } = issue;

  /** @param {'/api/issues/{id}/sync_to_linear/' | '/api/issues/{id}/sync_from_linear/'} path */
  async function act(path) {
    try {
      const answer = await post(path, { path: { id: issue.id } });
      toast(answer.message);
    } finally {
      // a refusal may have changed the issue, too, or the organization have another team
      setAttempt((n) => n + 1);
      onChanged();
    }
  }

  // a button that goes must not take the focus along: it still has it while this is drawn
  const gone = [!toPush && buttons.push.current, !toPull && buttons.pull.current];
  const isLost = gone.some((button) => button && button === document.activeElement);
  useLayoutEffect(() => {
    if (isLost) title.current?.focus();
  }, [isLost]);

  return html`
    <section class="card stack tight" aria-label="Linear">
      <div class="split"><h2 tabindex="-1" ref=${title}>Linear</h2><span><${SyncBadge} state=${issue.sync_state} /></span></div>
      <div class="stack tight">
        ${issue.linear_issue_url && html`<p><${Link} href=${issue.linear_issue_url}>${issue.linear_identifier ?? 'Open in Linear'} <${Icon} name="out" /></${Link}></p>`}
        ${issue.last_synced_at && html`<p class="muted small">Last in sync <${Ago} at=${issue.last_synced_at} /></p>`}
        ${words && html`<p class=${issue.sync_state === 'off' ? 'muted small' : 'danger-text'} role="status">${words}</p>`}
        ${warning && html`<p class="note warning" role="status"><${Icon} name="warning" /> ${warning}</p>`}
        ${theirs !== null && html`<details><summary>Description in Linear</summary><${Markdown} text=${theirs} /></details>`}
      </div>
      <div class="actions" hidden=${!toPush && !toPull}>
        <${ActionButton} node=${buttons.push} kind="small" hidden=${!toPush} run=${() => act('/api/issues/{id}/sync_to_linear/')}><${Icon} name="sync" />Sync now</${ActionButton}>
        <${ActionButton} node=${buttons.pull} kind="small" hidden=${!toPull} run=${() => act('/api/issues/{id}/sync_from_linear/')}><${Icon} name="fetch" />Read again from Linear</${ActionButton}>
      </div>
    </section>`;
}
