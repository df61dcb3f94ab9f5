// Modal dialogs: the browser's own, which keeps the focus inside, closes on
// Escape and gives the focus back.
import { html, signal, useId, useLayoutEffect, useRef } from '../lib.js';
import { Icon } from './icons.js';

const present = signal(/** @type {any} */ (null));

/**
 * Opens a dialog whose body is <Body close={…} …props>. The promise gives what
 * close() was called with, or null when it was dismissed.
 */
export function openDialog(title, Body, props = {}, { wide = false, kind = '' } = {}) {
  return new Promise((resolve) => {
    present.value = { title, Body, props, kind: wide ? 'wide' : kind, resolve };
  });
}

/** Of the present dialog, once it is drawn. */
let element = /** @type {HTMLDialogElement | null} */ (null);

/** A closed dialog is not open, even before its `close` event comes. */
export const dialogIsOpen = () => present.value !== null && element?.open !== false;

const FIRST = '[autofocus], .dialog-body input, .dialog-body textarea, .dialog-body select';

function Dialog({ dialog }) {
  const { title, Body, props, kind, resolve } = dialog;
  const id = useId();
  const node = useRef(/** @type {any} */ (null));
  const result = useRef(null);
  useLayoutEffect(() => {
    const own = node.current;
    element = own;
    own.showModal();
    own.querySelector(FIRST)?.focus();
    return () => {
      if (element === own) element = null;
      own.close(); // if another one takes its place: gives the focus back first
    };
  }, []);
  const close = (value = null) => {
    result.current = value;
    node.current.close();
  };
  const onClose = () => {
    if (present.value === dialog) present.value = null;
    resolve(result.current);
  };
  return html`
    <dialog ref=${node} class=${`dialog ${kind}`} aria-labelledby=${id} onClose=${onClose}
      onClick=${(event) => event.target === node.current && close()}>
      <div class="dialog-head">
        <h2 id=${id} dir="auto">${title}</h2>
        <button type="button" class="icon-button" aria-label="Close" onClick=${() => close()}><${Icon} name="close" /></button>
      </div>
      <div class="dialog-body"><${Body} close=${close} ...${props} /></div>
    </dialog>`;
}

let last = 0;
const numbers = new WeakMap();
const keyOf = (dialog) => {
  if (!numbers.has(dialog)) numbers.set(dialog, last += 1);
  return numbers.get(dialog);
};

/** Where dialogs appear. */
export const Dialogs = () => present.value && html`<${Dialog} key=${keyOf(present.value)} dialog=${present.value} />`;

const Question = ({ close, text, action, danger }) => html`
  <p>${text}</p>
  <div class="actions">
    <button type="button" class=${`button ${danger ? 'danger' : 'primary'}`} onClick=${() => close(true)}>${action}</button>
    <button type="button" class="button" autofocus onClick=${() => close()}>Cancel</button>
  </div>`;

/** Asks before something that cannot be undone. */
export const confirmed = (title, text, action, { danger = false } = {}) =>
  openDialog(title, Question, { text, action, danger });
