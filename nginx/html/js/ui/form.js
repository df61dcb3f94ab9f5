// Forms: each control has its label, its hint and its own error.
//
//   const form = useForm({ title: '' }, async (values) => { await post(…); });
//   html`<${Form} form=${form} submit="Save">
//     <${Input} form=${form} name="title" label="Title" required />
//   </${Form}>`
import { html, useId, useMemo, useRef, useState } from '../lib.js';
import { ApiError } from '../api.js';
import { complain } from './toast.js';

const waiting = (seconds) => (seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`);

/** What the API refused, for the fields that a form has and for the rest of it. */
function faultsOf(error, has) {
  const faults = {};
  const rest = [];
  for (const [name, texts] of Object.entries(error.details)) {
    const words = [texts].flat().filter((t) => typeof t === 'string').join(' ');
    if (has(name)) faults[name] = words;
    else if (words) rest.push(words);
  }
  if (error.retryAfter) rest.push(`Please try again in ${waiting(error.retryAfter)}.`);
  const some = Object.keys(faults).length > 0;
  return { faults, problem: rest.length ? rest.join(' ') : some ? 'Please look at the marked fields.' : error.message };
}

/**
 * The state of a form. `send(values)` does the call; its refusals are shown at the
 * fields they name, the rest above. `onChange(values)` hears of all that is typed.
 * @template {Record<string, any>} V
 * @param {V} first
 * @param {(values: V) => any} send
 */
export function useForm(first, send, { onChange = /** @type {((values: any) => void) | null} */ (null) } = {}) {
  const [values, setValues] = useState(first);
  const [faults, setFaults] = useState(/** @type {Record<string, string>} */ ({}));
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const node = useRef(/** @type {HTMLFormElement | null} */ (null));
  // what is read and written between two drawings
  const now = useRef({ values, isBusy: false, send, onChange });
  Object.assign(now.current, { send, onChange });

  const put = (/** @type {Record<string, any>} */ changes) => {
    now.current.values = { ...now.current.values, ...changes };
    setValues(now.current.values);
  };

  const focus = (name) => /** @type {any} */ (node.current?.elements.namedItem(name))?.focus();

  function mark(marked) {
    setFaults(marked);
    const [name] = Object.keys(marked);
    if (name) focus(name);
  }

  function missing() {
    const empty = Array.from(node.current?.elements ?? []).filter((control) => {
      const { required, value } = /** @type {HTMLInputElement} */ (control);
      return required && !value.trim();
    });
    return Object.fromEntries(empty.map((c) => [/** @type {HTMLInputElement} */ (c).name, 'Please fill this in.']));
  }

  async function submit(event) {
    event?.preventDefault();
    if (now.current.isBusy) return;
    setProblem('');
    const empty = missing();
    mark(empty);
    if (Object.keys(empty).length) return;
    now.current.isBusy = true;
    setBusy(true);
    try {
      await now.current.send(now.current.values);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const refused = faultsOf(error, (name) => Boolean(node.current?.elements.namedItem(name)));
      setProblem(refused.problem);
      mark(refused.faults);
    } finally {
      now.current.isBusy = false;
      setBusy(false);
    }
  }

  return {
    values, faults, problem, isBusy, node, submit, mark, focus,
    /** Sets fields without the person's doing. */
    put,
    reset: () => put(first),
    /** What a person typed or chose. */
    set(name, value) {
      put({ [name]: value });
      if (faults[name]) setFaults(({ [name]: gone, ...others }) => others);
      now.current.onChange?.(now.current.values);
    },
  };
}

/** `actions` come behind the button, `extra` before it. */
export function Form({ form, submit, kind = 'primary', label = null, extra = null, actions = null, class: name = '', children }) {
  // A disabled button would lose the focus, and so would the person who is on it.
  return html`
    <form ref=${form.node} novalidate class=${`form ${name}`} aria-label=${label} onSubmit=${form.submit}>
      <div class="form-problem" role="alert">${form.problem && html`<p>${form.problem}</p>`}</div>
      ${children}
      ${extra}
      <div class="actions">
        <button type="submit" class=${`button ${kind}`} aria-disabled=${String(form.isBusy)}>${submit}</button>
        ${actions}
      </div>
    </form>`;
}

/** A label with its control, which is children(attributes). */
export function Field({ form, name, label, hint = null, optional = false, wide = false, children }) {
  const id = useId();
  const fault = form.faults[name];
  const attributes = {
    id, name, 'aria-describedby': hint ? `${id}-hint ${id}-error` : `${id}-error`, 'aria-invalid': fault ? 'true' : null,
    value: form.values[name],
    onInput: (event) => form.set(name, event.target.value),
  };
  return html`
    <div class=${wide ? 'field wide' : 'field'}>
      <label for=${id}>${label}${optional && html`<span class="optional"> optional</span>`}</label>
      ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
      ${children(attributes)}
      <p class="field-error" id=${`${id}-error`}>${fault}</p>
    </div>`;
}

/** Splits what is the field's from what is the control's. */
const split = ({ form, name, label, hint, optional, wide, ...control }) =>
  [{ form, name, label, hint, optional, wide }, control];

export function Input(props) {
  const [field, control] = split(props);
  return html`<${Field} ...${field}>${(attributes) =>
    html`<input type="text" autocomplete="off" ...${attributes} ...${control} />`}</${Field}>`;
}

/** options: {value: text} or [[value, text], …] */
export const Options = ({ of }) => (Array.isArray(of) ? of : Object.entries(of)).map(([value, text]) =>
  html`<option key=${value} value=${value}>${text}</option>`);

export function Select(props) {
  const [field, { options, ...control }] = split(props);
  return html`<${Field} ...${field}>${(attributes) =>
    html`<select ...${attributes} ...${control}><${Options} of=${options} /></select>`}</${Field}>`;
}

/** A button whose click does something that takes a while. */
export function ActionButton({ run, kind = '', onError = complain, node = null, children, ...attributes }) {
  const [isBusy, setBusy] = useState(false);
  const state = useMemo(() => ({ isBusy: false }), []);
  async function onClick() {
    if (state.isBusy) return;
    state.isBusy = true;
    setBusy(true);
    try {
      await run();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      onError(error);
    } finally {
      state.isBusy = false;
      setBusy(false);
    }
  }
  return html`<button type="button" ref=${node} class=${`button ${kind}`} aria-disabled=${String(isBusy)} onClick=${onClick} ...${attributes}>${children}</button>`;
}

/** A box that is saved when it is ticked. `save(isOn)` does the call. */
export function SavedBox({ isOn, save, children }) {
  const [isChecked, setChecked] = useState(isOn);
  async function onChange(event) {
    const wanted = event.target.checked;
    setChecked(wanted);
    try {
      await save(wanted);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setChecked(!wanted);
      complain(error);
    }
  }
  return html`<label class="check"><input type="checkbox" checked=${isChecked} onChange=${onChange} />${children}</label>`;
}
