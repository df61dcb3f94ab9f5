// Forms: each control has its label, its hint and its own error.
import { fill, h, uid } from '../dom.js';
import { ApiError } from '../api.js';

/**
 * A label with its control. `control` is the element; the field's name is what
 * the API calls it, so that its refusals find their way back here.
 */
export function field(name, label, control, { hint = null, optional = false } = {}) {
  const id = control.id || uid(name);
  const error = h('p', { class: 'field-error', id: `${id}-error` });
  control.id = id;
  control.name ||= name;
  const described = [hint && `${id}-hint`, `${id}-error`].filter(Boolean).join(' ');
  control.setAttribute('aria-describedby', described);
  control.addEventListener('input', () => mark(null));

  function mark(text) {
    error.textContent = text ?? '';
    if (text) control.setAttribute('aria-invalid', 'true');
    else control.removeAttribute('aria-invalid');
  }

  const node = h('div', { class: 'field' },
    h('label', { for: id }, label, optional && h('span', { class: 'optional' }, ' optional')),
    hint && h('p', { class: 'hint', id: `${id}-hint` }, hint),
    control.field ?? control,
    error);
  return { name, node, control, mark, get value() { return control.value; } };
}

export const input = (attrs) => h('input', { type: 'text', autocomplete: 'off', ...attrs });

/** options: {value: text} or [[value, text], …] */
export function select(options, attrs = {}) {
  const pairs = Array.isArray(options) ? options : Object.entries(options);
  return h('select', attrs, pairs.map(([value, text]) => h('option', { value }, text)));
}

/**
 * A form around fields. `send()` does the call; its refusals are shown at the
 * fields they name, the rest above. The button rests meanwhile.
 */
export function form({ fields, submit, send, extra = null, kind = 'primary', label = null }) {
  const problem = h('div', { class: 'form-problem', role: 'alert' });
  const button = h('button', { type: 'submit', class: `button ${kind}` }, submit);

  function refuse(error) {
    if (!(error instanceof ApiError)) throw error;
    const rest = [];
    let first = null;
    for (const [name, texts] of Object.entries(error.details)) {
      const wanted = fields.find((f) => f.name === name);
      const words = [texts].flat().filter((t) => typeof t === 'string').join(' ');
      if (!wanted) {
        if (words) rest.push(words);
        continue;
      }
      wanted.mark(words);
      first ??= wanted;
    }
    if (error.retryAfter) rest.push(`Please try again in ${waiting(error.retryAfter)}.`);
    fill(problem, h('p', null, rest.length ? rest.join(' ') : first ? 'Please look at the marked fields.' : error.message));
    first?.control.focus();
  }

  const node = h('form', { novalidate: true, class: 'form', 'aria-label': label, onsubmit }, problem,
    fields.map((f) => f.node), extra, h('div', { class: 'actions' }, button));

  async function onsubmit(event) {
    event.preventDefault();
    if (isBusy(button)) return;
    fill(problem);
    for (const f of fields) f.mark(null);
    const missing = fields.filter((f) => f.control.required && !f.value.trim());
    for (const f of missing) f.mark('Please fill this in.');
    if (missing.length) {
      missing[0].control.focus();
      return;
    }
    setBusy(button, true);
    try {
      await send();
    } catch (error) {
      refuse(error);
    } finally {
      setBusy(button, false);
    }
  }

  return { node, button, refuse };
}

// A disabled button would lose the focus, and so would the person who is on it.
const isBusy = (button) => button.getAttribute('aria-disabled') === 'true';
const setBusy = (button, yes) => button.setAttribute('aria-disabled', String(yes));

const waiting = (seconds) => (seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`);

/** A button whose click does something that takes a while. */
export function actionButton(label, action, { kind = '', before = null, onError } = {}) {
  const button = h('button', { type: 'button', class: `button ${kind}` }, before, label);
  button.addEventListener('click', async () => {
    if (isBusy(button) || button.disabled) return;
    setBusy(button, true);
    try {
      await action();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      onError(error);
    } finally {
      setBusy(button, false);
    }
  });
  return button;
}
