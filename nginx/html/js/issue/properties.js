// The short fields of an issue, for staff: all of them are one form, so that a
// key pressed too much changes nothing yet, and a save is one change.
import { fill, h } from '../dom.js';
import { session } from '../session.js';
import { actionButton, field, select } from '../ui/form.js';
import { complain, toast } from '../ui/toast.js';
import { CATEGORY, PRIORITY, STATUS } from '../words.js';
import { conflictNote, saveChanges } from './save.js';

const LABELS = { status: 'Status', assigned_to: 'Assignee', priority: 'Priority', category: 'Category', vendor: 'Supplier', order: 'Order' };
const IDS = new Set(['assigned_to', 'vendor', 'order']);

const valueOf = (issue, name) => {
  const value = IDS.has(name) && name !== 'order' ? issue[name]?.id : issue[name];
  return value === null || value === undefined ? '' : String(value);
};

/** Options that hold the present value even if the list does not offer it. */
function withPresent(pairs, id, text) {
  if (!id || pairs.some(([value]) => String(value) === id)) return pairs;
  return [...pairs, [id, text]];
}

/**
 * Gives {node, show(issue, etag), focus(name), assignToMe()}. `lists` has
 * people, vendors and orders as [[id, text], …]; onSaved gets the new issue.
 */
export function properties({ issue: first, etag: firstEtag, lists, onSaved }) {
  let base = { issue: first, etag: firstEtag };
  let newest = base;
  let saving = false;

  const controls = {
    status: select(STATUS),
    assigned_to: select([['', 'Nobody'], ...withPresent(lists.people, valueOf(first, 'assigned_to'), first.assigned_to_name)]),
    priority: select(PRIORITY),
    category: select(CATEGORY),
    vendor: select([['', 'None'], ...withPresent(lists.vendors, valueOf(first, 'vendor'), first.vendor_name)]),
    order: select([['', 'None'], ...withPresent(lists.orders, valueOf(first, 'order'), first.order_number)]),
  };
  const fields = Object.entries(controls).map(([name, control]) => field(name, LABELS[name], control));
  for (const f of fields) if (f.control.options.length === 1 && IDS.has(f.name)) f.node.hidden = true;

  const problem = h('div');
  const bar = h('div', { class: 'actions', hidden: true },
    h('button', { type: 'submit', class: 'button primary' }, 'Save changes'),
    h('button', { type: 'button', class: 'button', onclick: undo }, 'Undo'));
  const me = actionButton('Assign to me', assignToMe, { kind: 'quiet small', onError: complain });
  const node = h('form', { class: 'properties', 'aria-label': 'Properties', onsubmit: save, onchange: mark },
    fields.map((f) => [f.node, f.name === 'assigned_to' && me]), problem, bar);

  const changed = () => Object.keys(controls).filter((name) => controls[name].value !== valueOf(base.issue, name));

  function mark() {
    const names = changed();
    for (const [name, control] of Object.entries(controls)) control.classList.toggle('changed', names.includes(name));
    bar.hidden = names.length === 0;
    me.hidden = controls.assigned_to.value === String(session.profile.id);
  }

  function put(issue, names) {
    for (const name of names) {
      const control = controls[name];
      const value = valueOf(issue, name);
      if (value && !Array.from(control.options).some((o) => o.value === value)) {
        control.append(h('option', { value }, issue[`${name}_name`] ?? issue[`${name}_number`] ?? value));
      }
      control.value = value;
    }
  }

  function undo() {
    base = newest;
    put(base.issue, Object.keys(controls));
    fill(problem);
    mark();
  }

  /** A new state arrived: fields that wait to be saved stay as they are. */
  function show(issue, etag) {
    newest = { issue, etag };
    const mine = changed();
    put(issue, Object.keys(controls).filter((name) => !mine.includes(name)));
    if (mine.length === 0) base = newest;
    mark();
  }

  const bodyOf = (names) => Object.fromEntries(names.map((name) => {
    const { value } = controls[name];
    return [name, IDS.has(name) ? (value ? Number(value) : null) : value];
  }));

  async function save(event) {
    event?.preventDefault();
    const names = changed();
    if (names.length === 0 || saving) return;
    const changes = bodyOf(names);
    saving = true;
    const onBar = bar.contains(document.activeElement);
    try {
      const result = await saveChanges(first.id, changes, base);
      if (result.conflict) {
        ask(changes, result.conflict);
      } else {
        fill(problem);
        base = newest = { issue: result.issue, etag: null };
        put(result.issue, Object.keys(controls));
        toast('Saved.');
        onSaved(result.issue);
        if (onBar) controls[names[0]].focus(); // the bar goes
      }
    } catch (error) {
      complain(error);
    } finally {
      saving = false;
      mark();
    }
  }

  function ask(changes, theirs) {
    const box = conflictNote({
      changes, base, theirs: theirs.issue, labels: LABELS,
      onMine: () => {
        base = newest = theirs;
        fill(problem);
        save();
      },
      onTheirs: () => {
        newest = theirs;
        undo();
        onSaved(theirs.issue);
      },
    });
    fill(problem, box);
    box.focus();
  }

  async function assignToMe() {
    controls.assigned_to.value = String(session.profile.id);
    if (!controls.assigned_to.value) {
      controls.assigned_to.append(h('option', { value: session.profile.id }, session.user.full_name));
      controls.assigned_to.value = String(session.profile.id);
    }
    await save();
  }

  put(first, Object.keys(controls));
  mark();
  return { node, show, assignToMe, focus: (name) => controls[name].focus() };
}
