// What customers do with what they raised: correct it, and withdraw it.
import { h } from '../dom.js';
import { patch, post } from '../api.js';
import { confirmed, openDialog } from '../ui/dialog.js';
import { editor } from '../ui/editor.js';
import { actionButton, field, form, input, select } from '../ui/form.js';
import { complain, toast } from '../ui/toast.js';
import { CATEGORY, PRIORITY } from '../words.js';

function correctDialog(issue, onDone) {
  return openDialog('Correct this issue', (close) => {
    const fields = [
      field('title', 'Title', input({ required: true, maxlength: 255 })),
      field('description', 'Description', editor({ rows: 8, max: 20_000 })),
      field('category', 'Category', select(CATEGORY)),
      field('priority', 'Priority', select(PRIORITY)),
    ];
    for (const f of fields) f.control.value = issue[f.name];
    return form({
      fields,
      submit: 'Save',
      async send() {
        const changed = fields.filter((f) => f.control.value !== issue[f.name]);
        if (changed.length > 0) {
          await patch(`/api/issues/${issue.id}/`, Object.fromEntries(changed.map((f) => [f.name, f.control.value])));
          toast('Your issue is corrected.');
          onDone();
        }
        close();
      },
    }).node;
  }, { wide: true });
}

async function withdraw(issue, onDone) {
  const sure = await confirmed('Withdraw this issue?', 'It is closed, and only the staff can reopen it.', 'Withdraw', { danger: true });
  if (!sure) return;
  await post(`/api/issues/${issue.id}/close/`);
  toast('Your issue is withdrawn.');
  onDone();
}

/** The buttons that fit the issue's status; none for a closed one. */
export function ownButtons(issue, onDone) {
  if (issue.status === 'closed') return null;
  const settled = issue.status === 'resolved';
  return h('div', { class: 'actions' },
    !settled && h('button', { type: 'button', class: 'button', onclick: () => correctDialog(issue, onDone) }, 'Correct…'),
    actionButton('Withdraw…', () => withdraw(issue, onDone), { kind: 'danger-quiet', onError: complain }));
}
