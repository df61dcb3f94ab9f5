// Builds DOM nodes. Text is always text: nothing in the portal parses HTML, so
// that nobody's words can become a page's code.

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child);
  }
  return node;
}

function build(node, attrs, children) {
  const properties = {};
  for (const [name, value] of Object.entries(attrs ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') node.addEventListener(name.slice(2), value);
    else if (name === 'value' || name === 'checked') properties[name] = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  append(node, children);
  // a select takes its value only once its options are there
  return Object.assign(node, properties);
}

/** h('a', {href: '/', onclick: f}, 'text', node, [more]) */
export function h(tag, attrs, ...children) {
  return build(document.createElement(tag), attrs, children);
}

/** The same for SVG. */
export function svg(tag, attrs, ...children) {
  return build(document.createElementNS('http://www.w3.org/2000/svg', tag), attrs, children);
}

/** Replaces what is in a node. */
export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

let last = 0;
/** An id that is unique in the document, to tie labels to controls. */
export function uid(prefix = 'id') {
  last += 1;
  return `${prefix}-${last}`;
}

export const isTyping = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  !/^(checkbox|radio|button)$/.test(target.getAttribute('type') ?? '');
