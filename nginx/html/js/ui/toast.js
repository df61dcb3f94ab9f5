// Short news at the edge of the screen, read out politely.
import { h } from '../dom.js';
import { icon } from './icons.js';

const SHOWN_FOR = 6000;

export function toast(text, { kind = 'good', link = null } = {}) {
  const item = h('div', { class: `toast ${kind}` },
    icon(kind === 'bad' ? 'warning' : 'check'),
    h('span', null, text, link && [' ', h('a', { href: link.href }, link.text)]),
    h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Dismiss', onclick: () => item.remove() }, icon('close')));
  const box = document.getElementById('toasts');
  while (box.children.length > 2) box.firstChild.remove();
  box.append(item);
  let timer = setTimeout(() => item.remove(), SHOWN_FOR);
  // people who read it or are about to click have all the time they need
  for (const type of ['pointerenter', 'focusin']) item.addEventListener(type, () => clearTimeout(timer));
  for (const type of ['pointerleave', 'focusout']) {
    item.addEventListener(type, () => {
      clearTimeout(timer);
      timer = setTimeout(() => item.remove(), SHOWN_FOR);
    });
  }
}

/** Of an input that is refused the faults say more than the message; here no field shows them. */
const wordsOf = ({ code, details, message }) =>
  (code === 'invalid' && Object.values(details).flat().find((fault) => typeof fault === 'string')) || message;

export const complain = (error) => toast(wordsOf(error), { kind: 'bad' });
