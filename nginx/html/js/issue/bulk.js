// One change for many issues.
import { fill, h } from '../dom.js';
import { itemsOf, post } from '../api.js';
import { session } from '../session.js';
import { actionButton, select } from '../ui/form.js';
import { complain, toast } from '../ui/toast.js';
import { PRIORITY, STATUS, count } from '../words.js';

const MAX = 100;
const failed = (result) => result.status === 'failed';

/** A bar that appears with a selection: {node, show(issues)}. */
export function bulkBar({ staff, onDone, onClear }) {
  let ids = [];
  let numbers = new Map();
  const said = h('strong', { role: 'status' });
  const people = staff.length ? staff : [[String(session.profile.id), session.user.full_name]];
  const choices = {
    status: select([['', 'Status…'], ...Object.entries(STATUS)], { 'aria-label': 'New status' }),
    priority: select([['', 'Priority…'], ...Object.entries(PRIORITY)], { 'aria-label': 'New priority' }),
    assigned_to: select([['', 'Assignee…'], ['none', 'Nobody'], ...people], { 'aria-label': 'New assignee' }),
  };
  const problems = h('div');
  const apply = actionButton('Apply', send, { kind: 'primary', onError: complain });
  const node = h('section', { class: 'bulk', hidden: true, 'aria-label': 'Change the selected issues', onchange: mark },
    problems,
    h('div', { class: 'bulk-row' }, said, Object.values(choices), apply,
      h('button', { type: 'button', class: 'button quiet', onclick: onClear }, 'Deselect')));

  function mark() {
    apply.disabled = !Object.values(choices).some((c) => c.value);
  }

  function bodyOf() {
    const body = { issue_ids: ids };
    if (choices.status.value) body.status = choices.status.value;
    if (choices.priority.value) body.priority = choices.priority.value;
    if (choices.assigned_to.value) body.assigned_to = choices.assigned_to.value === 'none' ? null : Number(choices.assigned_to.value);
    return body;
  }

  async function send() {
    const answer = await post('/api/issues/bulk_update/', bodyOf());
    const results = itemsOf(answer);
    const bad = results.filter(failed);
    fill(problems, bad.length > 0 && h('ul', { class: 'note danger', role: 'alert' }, bad.map((r) =>
      h('li', null, `${numbers.get(r.issue_id) ?? r.issue_id}: ${r.error}`))));
    toast(`${count(results.length - bad.length, 'issue')} changed.`, { kind: bad.length ? 'bad' : 'good' });
    for (const control of Object.values(choices)) control.value = '';
    if (bad.length === 0) onClear();
    onDone();
  }

  return {
    node,
    /** `issues` are those selected. */
    show(issues) {
      ids = issues.slice(0, MAX).map((i) => i.id);
      numbers = new Map(issues.map((i) => [i.id, i.issue_number]));
      node.hidden = ids.length === 0;
      if (node.hidden) fill(problems);
      fill(said, ids.length > 0 && `${count(ids.length, 'issue')} selected`);
      mark();
    },
  };
}
