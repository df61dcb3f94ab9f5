// Title and description, for staff: read, and edited in place.
import { fill, h } from '../dom.js';
import { session } from '../session.js';
import { draft } from '../storage.js';
import { editor } from '../ui/editor.js';
import { field, form, input } from '../ui/form.js';
import { toast } from '../ui/toast.js';
import { conflictNote, saveChanges } from './save.js';

/**
 * An edit form. `base` is {issue, etag} as the editing began; onDone gets the
 * saved issue, or null when nothing is to be saved.
 */
export function wordingForm(base, onDone) {
  const { id } = base.issue;
  const kept = draft(session.user.id, `wording.${id}`);
  const problem = h('div');
  const title = field('title', 'Title', input({ required: true, maxlength: 255 }));
  const text = editor({ rows: 10, max: 20_000, onSend: () => node.requestSubmit() });
  const description = field('description', 'Description', text);
  title.control.value = kept.get()?.title ?? base.issue.title;
  text.value = kept.get()?.description ?? base.issue.description;

  const changesOf = () => {
    const changes = {};
    if (title.value.trim() !== base.issue.title) changes.title = title.value.trim();
    if (text.value !== base.issue.description) changes.description = text.value;
    return changes;
  };

  function done(issue) {
    kept.clear();
    onDone(issue);
  }

  async function send() {
    const changes = changesOf();
    if (Object.keys(changes).length === 0) return done(null);
    const result = await saveChanges(id, changes, base);
    if (!result.conflict) {
      toast('Saved.');
      return done(result.issue);
    }
    const theirs = result.conflict;
    const box = conflictNote({
      changes, base, theirs: theirs.issue, labels: { title: 'Title', description: 'Description' },
      onMine: () => {
        base = theirs;
        fill(problem);
        node.requestSubmit();
      },
      onTheirs: () => done(theirs.issue),
    });
    fill(problem, box);
    return box.focus();
  }

  const { node } = form({
    fields: [title, description], submit: 'Save', send, label: 'Edit title and description',
    extra: [problem, h('p', { class: 'muted small' }, 'The customer sees what you write here.')],
  });
  node.lastChild.append(h('button', { type: 'button', class: 'button', onclick: () => done(null) }, 'Cancel'));
  node.addEventListener('input', () => kept.set({ title: title.value, description: text.value }));
  return { node, focus: () => title.control.focus() };
}

/** True when an earlier edit was left unfinished. */
export const isUnfinished = (id) => Boolean(draft(session.user.id, `wording.${id}`).get());
