// The short fields of an issue, for staff: all of them are one form, so that a
// key pressed too much changes nothing yet, and a save is one change.
import { ORDERS, STAFF, SUPPLIERS } from '../directory.js';
import { html, useLayoutEffect, useRef, useState } from '../lib.js';
import { session } from '../session.js';
import { Choice } from '../ui/choice.js';
import { ActionButton, Field, Options, useForm } from '../ui/form.js';
import { toast } from '../ui/toast.js';
import { CATEGORY, PRIORITY, STATUS } from '../words.js';
import { ConflictNote, saveChanges } from './save.js';

const LABELS = { status: 'Status', assigned_to: 'Assignee', priority: 'Priority', category: 'Category', vendor: 'Supplier', order: 'Order' };
const NAMES = Object.keys(LABELS);
const WORDS = { status: STATUS, priority: PRIORITY, category: CATEGORY };
const LISTS = {
  assigned_to: { of: STAFF, none: 'Nobody', text: (issue) => issue.assigned_to_name },
  vendor: { of: SUPPLIERS, none: 'None', text: (issue) => issue.vendor_name },
  order: { of: ORDERS, none: 'None', text: (issue) => issue.order_number },
};

function valueOf(issue, name) {
  const value = issue[name]?.id ?? issue[name];
  return value === null || value === undefined ? '' : String(value);
}
const valuesOf = (issue) => Object.fromEntries(NAMES.map((name) => [name, valueOf(issue, name)]));
const pick = (object, names) => Object.fromEntries(names.map((name) => [name, object[name]]));

const bodyOf = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) =>
  [name, name in LISTS ? (value ? Number(value) : null) : value]));

/** What is changed here and not saved, on top of `base`: the state that it began with. */
function useChanges({ issue, etag }, onSaved) {
  const base = useRef({ issue, etag });
  const [conflict, setConflict] = useState(/** @type {any} */ (null));
  const changed = (values) => NAMES.filter((name) => values[name] !== valueOf(base.current.issue, name));

  function start(state) {
    base.current = state;
    setConflict(null);
    form.put(valuesOf(state.issue));
  }

  const form = useForm(valuesOf(issue), async (values) => {
    const names = changed(values);
    if (names.length === 0) return;
    const changes = bodyOf(pick(values, names));
    const result = await saveChanges(issue.id, changes, base.current);
    if (result.conflict) {
      setConflict({ changes, base: base.current, theirs: result.conflict });
      return;
    }
    const onBar = document.activeElement?.closest('.properties > .actions');
    start(result);
    toast('Saved.');
    onSaved();
    if (onBar) form.focus(names[0]); // the bar goes
  });

  // A new state arrived: fields that wait to be saved stay as they are, and so
  // does what they are compared with.
  useLayoutEffect(() => {
    const mine = changed(form.values);
    base.current = { issue: { ...issue, ...pick(base.current.issue, mine) }, etag: mine.length ? base.current.etag : etag };
    form.put({ ...valuesOf(issue), ...pick(form.values, mine) });
  }, [etag]);

  return {
    form, conflict, changed: changed(form.values), undo: () => start({ issue, etag }),
    saveMine() {
      base.current = conflict.theirs;
      setConflict(null);
      form.submit();
    },
    takeTheirs() {
      start(conflict.theirs);
      onSaved();
    },
  };
}

/** `actions` gets assignToMe() and focus(name). onSaved: the issue has changed. */
export function Properties({ issue, etag, onSaved, actions }) {
  const { form, conflict, changed, undo, saveMine, takeTheirs } = useChanges({ issue, etag }, onSaved);
  const me = String(session.profile?.id);

  function assignToMe() {
    form.set('assigned_to', me);
    return form.submit();
  }
  Object.assign(actions, { assignToMe, focus: form.focus });

  const control = (name) => (attributes) => {
    const all = { ...attributes, class: changed.includes(name) ? 'changed' : null };
    const list = LISTS[name];
    if (!list) return html`<select ...${all}><${Options} of=${WORDS[name]} /></select>`;
    const mine = name === 'assigned_to' && form.values[name] === me;
    return html`<${Choice} ...${all} of=${list.of} query=${{ organization: issue.organization }} before=${[['', list.none]]}
      present=${mine ? session.user?.full_name : list.text(issue)} onChoose=${(value) => form.set(name, value)} />`;
  };
  return html`
    <form ref=${form.node} class="properties" aria-label="Properties" onSubmit=${form.submit}>
      ${NAMES.map((name) => html`
        <${Field} key=${name} form=${form} name=${name} label=${LABELS[name]}>${control(name)}</${Field}>
        ${name === 'assigned_to' && form.values.assigned_to !== me && html`<${ActionButton} kind="quiet small" run=${assignToMe}>Assign to me</${ActionButton}>`}`)}
      ${form.problem && html`<div class="form-problem" role="alert"><p>${form.problem}</p></div>`}
      ${conflict && html`<${ConflictNote} conflict=${conflict} labels=${LABELS} onMine=${saveMine} onTheirs=${takeTheirs} />`}
      <div class="actions" hidden=${changed.length === 0}>
        <button type="submit" class="button primary">Save changes</button>
        <button type="button" class="button" onClick=${undo}>Undo</button>
      </div>
    </form>`;
}
