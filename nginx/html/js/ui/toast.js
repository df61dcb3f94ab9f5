// Short news at the edge of the screen, read out politely.
import { html, signal, useEffect, useRef } from '../lib.js';
import { Icon } from './icons.js';

const SHOWN_FOR = 6000;
const SHOWN_MAX = 3;

const news = signal(/** @type {{id: number, text: string, kind: string}[]} */ ([]));
let last = 0;

const dismiss = (id) => { news.value = news.value.filter((item) => item.id !== id); };

/** kind is 'good' or 'bad'. */
export function toast(text, { kind = 'good' } = {}) {
  last += 1;
  news.value = [...news.value, { id: last, text, kind }].slice(-SHOWN_MAX);
}

function Toast({ id, text, kind }) {
  const timer = useRef(0);
  const away = () => dismiss(id);
  const stay = () => clearTimeout(timer.current);
  const leave = () => {
    stay();
    timer.current = setTimeout(away, SHOWN_FOR);
  };
  useEffect(() => {
    leave();
    return stay;
  }, []);
  // people who read it or are about to click have all the time they need
  return html`
    <div class=${`toast ${kind}`} onPointerEnter=${stay} onFocusIn=${stay} onPointerLeave=${leave} onFocusOut=${leave}>
      <${Icon} name=${kind === 'bad' ? 'warning' : 'check'} />
      <span>${text}</span>
      <button type="button" class="icon-button" aria-label="Dismiss" onClick=${away}><${Icon} name="close" /></button>
    </div>`;
}

export const Toasts = () => html`
  <div id="toasts" class="toasts" role="status" aria-live="polite">
    ${news.value.map((item) => html`<${Toast} key=${item.id} ...${item} />`)}
  </div>`;

/** Of an input that is refused the faults say more than the message; here no field shows them. */
const wordsOf = ({ code, details, message }) =>
  (code === 'invalid' && Object.values(details).flat().find((fault) => typeof fault === 'string')) || message;

export const complain = (error) => toast(wordsOf(error), { kind: 'bad' });
