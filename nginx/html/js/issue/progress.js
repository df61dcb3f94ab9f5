// Where an issue stands, as a line of steps.
import { h } from '../dom.js';
import { icon } from '../ui/icons.js';

const STEPS = [
  ['open', 'Raised'],
  ['in_progress', 'In progress'],
  ['resolved', 'Resolved'],
  ['closed', 'Closed'],
];

export function progress(status) {
  const at = STEPS.findIndex(([word]) => word === status);
  return h('ol', { class: 'progress', 'aria-label': 'Progress' }, STEPS.map(([word, text], i) => {
    const done = i < at || (i === at && (word === 'resolved' || word === 'closed'));
    return h('li', { class: `${done ? 'done' : ''} ${i === at ? 'now' : ''}`, 'aria-current': i === at ? 'step' : null },
      h('span', { class: 'dot', 'aria-hidden': 'true' }, done ? icon('check') : null),
      h('span', null, text, done && i < at && h('span', { class: 'sr' }, ' (done)')));
  }));
}
