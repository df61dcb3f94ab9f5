// Title and description, for staff: read, and edited in place.
import { html, useLayoutEffect, useMemo, useRef, useState } from '../lib.js';
import { session } from '../session.js';
import { draft } from '../storage.js';
import { Editor } from '../ui/editor.js';
import { Form, Input, useForm } from '../ui/form.js';
import { toast } from '../ui/toast.js';
import { ConflictNote, saveChanges } from './save.js';

const LABELS = { title: 'Title', description: 'Description' };

const draftOf = (id) => draft(session.user?.id, `wording.${id}`);

/** True when an earlier edit was left unfinished. */
export const isUnfinished = (id) => Boolean(draftOf(id).get());

function changesOf({ title, description }, issue) {
  return {
    ...(title.trim() !== issue.title && { title: title.trim() }),
    ...(description !== issue.description && { description }),
  };
}

/**
 * An edit form. `start` is {issue, etag} as the editing began; onDone gets what
 * is saved as {issue, etag}, or null when nothing is to be saved.
 */
export function WordingForm({ start, onDone }) {
  const { id } = start.issue;
  const memory = useMemo(() => draftOf(id), []);
  const base = useRef(start);
  const [conflict, setConflict] = useState(/** @type {any} */ (null));

  function done(saved) {
    memory.clear();
    onDone(saved);
  }

  const form = useForm(memory.get() ?? { title: start.issue.title, description: start.issue.description }, async (values) => {
    const changes = changesOf(values, base.current.issue);
    if (Object.keys(changes).length === 0) return done(null);
    const result = await saveChanges(id, changes, base.current);
    if (result.conflict) return setConflict({ changes, base: base.current, theirs: result.conflict });
    toast('Saved.');
    return done(result);
  }, { onChange: (values) => memory.set(values) });

  useLayoutEffect(() => form.focus('title'), []); // before the next key, which may be a shortcut

  function saveMine() {
    base.current = conflict.theirs;
    setConflict(null);
    form.submit();
  }

  const extra = html`
    ${conflict && html`<${ConflictNote} conflict=${conflict} labels=${LABELS} onMine=${saveMine} onTheirs=${() => done(conflict.theirs)} />`}
    <p class="muted small">The customer sees what you write here.</p>`;
  return html`
    <${Form} form=${form} submit="Save" label="Edit title and description" extra=${extra}
      actions=${html`<button type="button" class="button" onClick=${() => done(null)}>Cancel</button>`}>
      <${Input} form=${form} name="title" label="Title" required maxlength="255" dir="auto" />
      <${Editor} form=${form} name="description" label="Description" rows="10" max="20000" />
    </${Form}>`;
}
