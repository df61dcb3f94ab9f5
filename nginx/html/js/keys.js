// Keyboard shortcuts: single keys that work while nobody types. They can be
// switched off, for those whose software speaks in single keys.
import { h, isTyping } from './dom.js';
import { local } from './storage.js';
import { dialogIsOpen, openDialog } from './ui/dialog.js';

const bindings = []; // {keys, label, group, run}
let pending = ''; // the first of two keys, as in "g d"
let timer = null;

/** Binds keys until the signal aborts: ['j', 'Next issue', run]. */
export function bind(group, signal, entries) {
  for (const [keys, label, run] of entries) {
    const binding = { keys, label, group, run };
    bindings.push(binding);
    signal?.addEventListener('abort', () => bindings.splice(bindings.indexOf(binding), 1));
  }
}

function isOn() {
  return local.get('shortcuts') !== false;
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!isOn() || dialogIsOpen() || isTyping(event.target)) return;
  const typed = pending ? `${pending} ${event.key}` : event.key;
  pending = '';
  clearTimeout(timer);
  const binding = bindings.findLast((b) => b.keys.split(' or ').includes(typed));
  if (binding) {
    event.preventDefault();
    binding.run();
  } else if (bindings.some((b) => b.keys.startsWith(`${typed} `))) {
    pending = typed;
    timer = setTimeout(() => { pending = ''; }, 1200);
  }
}

const keycaps = (keys) =>
  keys.split(' or ').flatMap((combo, i) => [i ? ' or ' : null, combo.split(' ').map((k) => h('kbd', null, k))]);

export function showHelp() {
  const groups = [...new Set(bindings.map((b) => b.group))];
  const box = h('input', { type: 'checkbox', checked: isOn(), onchange: () => local.set('shortcuts', box.checked) });
  return openDialog('Keyboard shortcuts', () => [
    h('div', { class: 'keys' }, groups.map((group) => h('section', null,
      h('h3', null, group),
      h('dl', null, bindings.filter((b) => b.group === group).map((b) => h('div', null, h('dt', null, keycaps(b.keys)), h('dd', null, b.label))))))),
    h('p', { class: 'muted small' }, 'In a text, Ctrl + Enter sends.'),
    h('label', { class: 'check' }, box, 'Single-key shortcuts are on'),
  ], { wide: true });
}

document.addEventListener('keydown', onKey);
