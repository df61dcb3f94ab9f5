// What staff do with an issue besides editing it.
import { h } from '../dom.js';
import { post, remove } from '../api.js';
import { session } from '../session.js';
import { draft } from '../storage.js';
import { confirmed, openDialog } from '../ui/dialog.js';
import { editor } from '../ui/editor.js';
import { actionButton, field, form } from '../ui/form.js';
import { complain, toast } from '../ui/toast.js';

export function resolveDialog(issue, onDone) {
  return openDialog('Resolve the issue', (close) => {
    const memory = draft(session.user.id, `resolve.${issue.id}`);
    const notes = field('resolution_notes', 'How was it solved?', editor({ rows: 5, max: 10_000, memory, onSend: () => made.node.requestSubmit() }),
      { optional: true, hint: issue.is_client_issue ? 'The customer reads this.' : null });
    const made = form({
      fields: [notes],
      submit: 'Resolve',
      async send() {
        const body = notes.value.trim() ? { resolution_notes: notes.value } : {};
        const answer = await post(`/api/issues/${issue.id}/resolve/`, body);
        memory.clear();
        close();
        toast(answer.message);
        onDone();
      },
    });
    return made.node;
  });
}

async function act(issue, verb, onDone) {
  const answer = await post(`/api/issues/${issue.id}/${verb}/`);
  toast(answer.message);
  onDone();
}

async function deleteIt(issue, onGone) {
  const sure = await confirmed('Delete this issue?', `${issue.issue_number} disappears for everybody here, its customer included. Linear keeps its copy.`, 'Delete', { danger: true });
  if (!sure) return;
  await remove(`/api/issues/${issue.id}/`);
  toast(`${issue.issue_number} is deleted.`);
  onGone();
}

/** The buttons that fit the issue's status. */
export function actionButtons(issue, { onDone, onGone, onEdit }) {
  const button = (text, run, kind = '') => actionButton(text, run, { kind, onError: complain });
  const isDone = issue.status === 'resolved' || issue.status === 'closed';
  return h('div', { class: 'actions' },
    !isDone && button('Resolve…', () => resolveDialog(issue, onDone), 'primary'),
    isDone && button('Reopen', () => act(issue, 'reopen', onDone), 'primary'),
    issue.status !== 'closed' && button('Close', () => act(issue, 'close', onDone)),
    button('Edit', onEdit),
    session.isOwner && button('Delete…', () => deleteIt(issue, onGone), 'danger-quiet'));
}
