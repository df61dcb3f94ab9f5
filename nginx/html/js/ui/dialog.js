// Modal dialogs: the browser's own, which keeps the focus inside, closes on
// Escape and gives the focus back.
import { h, uid } from '../dom.js';
import { icon } from './icons.js';

/**
 * Opens a dialog. `content(close)` gives its children; the promise gives what
 * close() was called with, or null when it was dismissed.
 */
export function openDialog(title, content, { wide = false } = {}) {
  const id = uid('dialog');
  return new Promise((resolve) => {
    let result = null;
    const close = (value = null) => {
      result = value;
      dialog.close();
    };
    const dialog = h('dialog', { class: wide ? 'dialog wide' : 'dialog', 'aria-labelledby': id },
      h('div', { class: 'dialog-head' },
        h('h2', { id }, title),
        h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => close() }, icon('close'))),
      h('div', { class: 'dialog-body' }, content(close)));
    dialog.addEventListener('click', (event) => {
      if (event.target === dialog) close();
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector('[autofocus], .dialog-body input, .dialog-body textarea, .dialog-body select')?.focus();
  });
}

/** Asks before something that cannot be undone. */
export function confirmed(title, text, action, { danger = false } = {}) {
  return openDialog(title, (close) => [
    h('p', null, text),
    h('div', { class: 'actions' },
      h('button', { type: 'button', class: `button ${danger ? 'danger' : 'primary'}`, onclick: () => close(true) }, action),
      h('button', { type: 'button', class: 'button', autofocus: true, onclick: () => close() }, 'Cancel')),
  ]);
}

export const dialogIsOpen = () => Boolean(document.querySelector('dialog[open]'));
