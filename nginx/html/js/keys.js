// Keyboard shortcuts: single keys that work while nobody types. They can be
// switched off, for those whose software speaks in single keys.
import { html, useLayoutEffect, useRef } from './lib.js';
import { local } from './storage.js';
import { dialogIsOpen, openDialog } from './ui/dialog.js';

/** @type {{keys: string, label: string, group: string, run: () => void}[]} */
const bindings = [];
// Between the two keys of a pair, as in "g d": milliseconds.
const PAIR_MAX = 1500;
/** The first key of a pair, and when it was pressed: handling it may take longer than pressing the next. */
let first = { key: '', at: 0 };

/** While the component is there, binds keys: ['j', 'Next issue', run]. */
export function useKeys(group, entries) {
  const now = useRef(entries);
  now.current = entries;
  useLayoutEffect(() => {
    const bound = entries.map(([keys, label], i) => ({ keys, label, group, run: () => now.current[i][2]() }));
    bindings.push(...bound);
    return () => {
      for (const binding of bound) bindings.splice(bindings.indexOf(binding), 1);
    };
  }, [group, entries.map(([keys]) => keys).join('|')]);
}

const isOn = () => local.get('shortcuts') !== false;

const isTyping = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  !/^(checkbox|radio|button)$/.test(target.getAttribute('type') ?? '');

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!isOn() || dialogIsOpen() || isTyping(event.target)) return;
  const isSecond = first.key && event.timeStamp - first.at < PAIR_MAX;
  const typed = isSecond ? `${first.key} ${event.key}` : event.key;
  first = { key: '', at: 0 };
  const binding = bindings.findLast((b) => b.keys.split(' or ').includes(typed));
  if (binding) {
    event.preventDefault();
    binding.run();
  } else if (bindings.some((b) => b.keys.startsWith(`${typed} `))) {
    first = { key: typed, at: event.timeStamp };
  }
}

const keycaps = (keys) =>
  keys.split(' or ').map((combo, i) => [i ? ' or ' : null, combo.split(' ').map((k) => html`<kbd>${k}</kbd>`)]);

function Help() {
  const groups = [...new Set(bindings.map((b) => b.group))];
  return html`
    <div class="keys">${groups.map((group) => html`
      <section><h3>${group}</h3>
        <dl>${bindings.filter((b) => b.group === group).map((b) => html`<div><dt>${keycaps(b.keys)}</dt><dd>${b.label}</dd></div>`)}</dl>
      </section>`)}</div>
    <p class="muted small">In a text, Ctrl + Enter sends.</p>
    <label class="check"><input type="checkbox" checked=${isOn()} onChange=${(event) => local.set('shortcuts', event.target.checked)} />
      Single-key shortcuts are on</label>`;
}

export const showHelp = () => openDialog('Keyboard shortcuts', Help, {}, { wide: true });

document.addEventListener('keydown', onKey);
