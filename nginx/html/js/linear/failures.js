// What could not be synced, why, and another try.
import { post } from '../api.js';
import { html } from '../lib.js';
import { Ago } from '../time.js';
import { ActionButton } from '../ui/form.js';
import { Empty } from '../ui/states.js';
import { toast } from '../ui/toast.js';

/** `failures`: what useLive() gave for /api/linear/failures/. */
export function FailureList({ failures }) {
  async function retry(failure) {
    const answer = await post('/api/linear/failures/{id}/retry/', { path: { id: failure.id } });
    toast(answer.message);
    failures.again();
  }
  const { results } = failures.data;
  if (!results.length) return html`<${Empty} title="Nothing failed" text="Every change has reached Linear, or is on its way." />`;
  return html`<ul class="rows">${results.map((failure) => html`
    <li key=${failure.id}>
      <span>
        <a href=${`/issues/${failure.issue}/`} dir="auto"><span class="number">${failure.issue_number}</span> ${failure.issue_title}</a><br />
        <span class="danger-text">${failure.reason}</span> <span class="muted small">since <${Ago} at=${failure.since} /></span>
      </span>
      <${ActionButton} kind="small" run=${() => retry(failure)}>Try again</${ActionButton}>
    </li>`)}</ul>`;
}
