// What staff do with an issue besides editing it.
import { post, remove } from '../api.js';
import { html, useMemo } from '../lib.js';
import { session } from '../session.js';
import { draft } from '../storage.js';
import { confirmed, openDialog } from '../ui/dialog.js';
import { Editor } from '../ui/editor.js';
import { ActionButton, Form, useForm } from '../ui/form.js';
import { toast } from '../ui/toast.js';

function ResolveForm({ close, issue, onDone }) {
  const memory = useMemo(() => draft(session.user?.id, `resolve.${issue.id}`), []);
  const form = useForm({ resolution_notes: memory.get() ?? '' }, async ({ resolution_notes: notes }) => {
    const answer = await post('/api/issues/{id}/resolve/', {
      path: { id: issue.id }, body: notes.trim() ? { resolution_notes: notes } : {},
    });
    memory.clear();
    close();
    toast(answer.message);
    onDone();
  }, { onChange: (values) => memory.set(values.resolution_notes || null) });
  return html`
    <${Form} form=${form} submit="Resolve">
      <${Editor} form=${form} name="resolution_notes" label="How was it solved?" rows="5" max="10000" optional
        hint=${issue.is_client_issue ? 'The customer reads this.' : null} />
    </${Form}>`;
}

export const openResolve = (issue, onDone) => openDialog('Resolve the issue', ResolveForm, { issue, onDone });

async function deleteIt(issue, onGone) {
  const sure = await confirmed('Delete this issue?', `${issue.issue_number} disappears for everybody here, its customer included. Linear keeps its copy.`, 'Delete', { danger: true });
  if (!sure) return;
  await remove('/api/issues/{id}/', { path: { id: issue.id } });
  toast(`${issue.issue_number} is deleted.`);
  onGone();
}

/** The buttons that fit the issue's status. */
export function ActionButtons({ issue, onDone, onGone, onEdit }) {
  /** @param {'/api/issues/{id}/reopen/' | '/api/issues/{id}/close/'} path */
  async function act(path) {
    const answer = await post(path, { path: { id: issue.id } });
    toast(answer.message);
    onDone();
  }
  const isDone = issue.status === 'resolved' || issue.status === 'closed';
  return html`
    <div class="actions">
      ${isDone
        ? html`<${ActionButton} key="reopen" kind="primary" run=${() => act('/api/issues/{id}/reopen/')}>Reopen</${ActionButton}>`
        : html`<button key="resolve" type="button" class="button primary" onClick=${() => openResolve(issue, onDone)}>Resolve…</button>`}
      ${issue.status !== 'closed' && html`<${ActionButton} key="close" run=${() => act('/api/issues/{id}/close/')}>Close</${ActionButton}>`}
      <button key="edit" type="button" class="button" onClick=${onEdit}>Edit</button>
      ${session.isOwner && html`<${ActionButton} key="delete" kind="danger-quiet" run=${() => deleteIt(issue, onGone)}>Delete…</${ActionButton}>`}
    </div>`;
}
