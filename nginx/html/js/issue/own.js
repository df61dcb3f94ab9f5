// What customers do with what they raised: correct it, withdraw it, reopen it.
import { patch, post } from '../api.js';
import { html } from '../lib.js';
import { confirmed, openDialog } from '../ui/dialog.js';
import { Editor } from '../ui/editor.js';
import { ActionButton, Form, Input, Select, useForm } from '../ui/form.js';
import { toast } from '../ui/toast.js';
import { CATEGORY, PRIORITY } from '../words.js';

function CorrectForm({ close, issue, onDone }) {
  const { title, description, category, priority } = issue;
  const form = useForm({ title, description, category, priority }, async (values) => {
    const changed = Object.entries(values).filter(([name, value]) => value !== issue[name]);
    if (changed.length > 0) {
      await patch('/api/issues/{id}/', { path: { id: issue.id }, body: Object.fromEntries(changed) });
      toast('Your issue is corrected.');
      onDone();
    }
    close();
  });
  return html`
    <${Form} form=${form} submit="Save">
      <${Input} form=${form} name="title" label="Title" required maxlength="255" dir="auto" />
      <${Editor} form=${form} name="description" label="Description" rows="8" max="20000" />
      <${Select} form=${form} name="category" label="Category" options=${CATEGORY} />
      <${Select} form=${form} name="priority" label="Priority" options=${PRIORITY} />
    </${Form}>`;
}

async function withdraw(issue, onDone) {
  const sure = await confirmed('Withdraw this issue?', 'It is closed, and only the staff can reopen it.', 'Withdraw', { danger: true });
  if (!sure) return;
  await post('/api/issues/{id}/close/', { path: { id: issue.id } });
  toast('Your issue is withdrawn.');
  onDone();
}

/** The buttons that fit the issue's status; none for a closed one. */
export function OwnButtons({ issue, onDone }) {
  if (issue.status === 'closed') return null;
  return html`
    <div class="actions">
      ${issue.status !== 'resolved' && html`
        <button type="button" class="button" onClick=${() => openDialog('Correct this issue', CorrectForm, { issue, onDone }, { wide: true })}>Correct…</button>`}
      <${ActionButton} kind="danger-quiet" run=${() => withdraw(issue, onDone)}>Withdraw…</${ActionButton}>
    </div>`;
}

function ReopenForm({ close, issue, onDone }) {
  const form = useForm({ comment: '' }, async ({ comment }) => {
    await post('/api/issues/{id}/reopen/', { path: { id: issue.id }, body: comment.trim() ? { comment } : {} });
    toast('The issue is open again.');
    close();
    onDone();
  });
  return html`
    <${Form} form=${form} submit="Reopen the issue">
      <${Editor} form=${form} name="comment" label="What is still wrong?" rows="4" max="10000" optional />
    </${Form}>`;
}

export const openReopen = (issue, onDone) => openDialog('Reopen this issue', ReopenForm, { issue, onDone });
