// Where an issue stands, as a line of steps.
import { html } from '../lib.js';
import { Icon } from '../ui/icons.js';

const STEPS = [
  ['open', 'Raised'],
  ['in_progress', 'In progress'],
  ['resolved', 'Resolved'],
  ['closed', 'Closed'],
];

export function Progress({ status }) {
  const at = STEPS.findIndex(([word]) => word === status);
  return html`
    <ol class="progress" aria-label="Progress">${STEPS.map(([word, text], i) => {
      const done = i < at || (i === at && (word === 'resolved' || word === 'closed'));
      return html`
        <li key=${word} class=${`${done ? 'done' : ''} ${i === at ? 'now' : ''}`} aria-current=${i === at ? 'step' : null}>
          <span class="dot" aria-hidden="true">${done && html`<${Icon} name="check" />`}</span>
          <span>${text}${done && i < at && html`<span class="sr"> (done)</span>`}</span>
        </li>`;
    })}</ol>`;
}
