// One change for many issues.
import { post } from '../api.js';
import { STAFF } from '../directory.js';
import { html, useEffect, useState } from '../lib.js';
import { Choice } from '../ui/choice.js';
import { ActionButton, Options } from '../ui/form.js';
import { toast } from '../ui/toast.js';
import { PRIORITY, STATUS, count } from '../words.js';

const MAX = 100;
const NONE = { status: '', priority: '', assigned_to: '' };

function bodyOf({ status, priority, assigned_to: person }, ids) {
  return {
    issue_ids: ids,
    ...(status && { status }),
    ...(priority && { priority }),
    ...(person && { assigned_to: person === 'none' ? null : Number(person) }),
  };
}

/** A bar that appears with a selection, of these issues. */
export function BulkBar({ issues, onDone, onClear }) {
  const [chosen, setChosen] = useState(NONE);
  const [refused, setRefused] = useState(/** @type {string[]} */ ([]));
  const some = issues.slice(0, MAX);
  const isShown = some.length > 0;
  useEffect(() => {
    if (!isShown) setRefused([]);
  }, [isShown]);
  const choose = (name) => (value) => setChosen({ ...chosen, [name]: value });
  const isIdle = !Object.values(chosen).some(Boolean);

  async function send() {
    if (isIdle) return;
    const numbers = new Map(some.map((i) => [i.id, i.issue_number]));
    const { results } = await post('/api/issues/bulk_update/', { body: /** @type {any} */ (bodyOf(chosen, [...numbers.keys()])) });
    const bad = results.filter((r) => r.status === 'failed');
    setRefused(bad.map((r) => `${numbers.get(r.issue_id) ?? r.issue_id}: ${r.error}`));
    toast(`${count(results.length - bad.length, 'issue')} changed.`, { kind: bad.length ? 'bad' : 'good' });
    setChosen(NONE);
    if (bad.length === 0) onClear();
    onDone();
  }

  const select = (name, label, options) => html`
    <select aria-label=${label} value=${chosen[name]} onChange=${(event) => choose(name)(event.target.value)}><${Options} of=${options} /></select>`;
  return html`
    <section class="bulk" hidden=${!isShown} aria-label="Change the selected issues">
      ${refused.length > 0 && html`<ul class="note danger" role="alert">${refused.map((text) => html`<li>${text}</li>`)}</ul>`}
      <div class="bulk-row">
        <strong role="status">${isShown && `${count(some.length, 'issue')} selected`}</strong>
        ${select('status', 'New status', [['', 'Status…'], ...Object.entries(STATUS)])}
        ${select('priority', 'New priority', [['', 'Priority…'], ...Object.entries(PRIORITY)])}
        <${Choice} of=${STAFF} isOpen=${isShown} aria-label="New assignee" before=${[['', 'Assignee…'], ['none', 'Nobody']]}
          value=${chosen.assigned_to} onChoose=${choose('assigned_to')} />
        <${ActionButton} kind="primary" run=${send} disabled=${isIdle}>Apply</${ActionButton}>
        <button type="button" class="button quiet" onClick=${onClear}>Deselect</button>
      </div>
    </section>`;
}
