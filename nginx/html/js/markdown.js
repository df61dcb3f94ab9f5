// Markdown to nodes, as GitHub and Linear write it. markdown-it reads it; its
// tokens become nodes and text, never HTML, so whatever it is fed stays text; a link
// goes to http, https or mailto, or is no link. Beside what markdown-it knows
// there are tasks (- [x]), <u>, and the sections of Linear that can be folded:
//
//   +++ Title
//   text
//   +++
//
// A link to a file of the API, and a picture there, is shown as that file, if the
// reader may see it.
import MarkdownIt from '/vendor/markdown-it.40ee4f75f3.js';
import { Inline, idOf } from './files/attached.js';
import { h, html, useEffect, useRef, useState } from './lib.js';

const md = new MarkdownIt({ html: false, linkify: true, breaks: true });
// example.com without https:// may as well be the name of a file
md.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
// a link that may not be followed is still shown as text by Link
md.validateLink = () => true;

// --- what markdown-it does not know ----------------------------------------

const UNDERLINE = /^<(\/?)u>/i;

md.inline.ruler.before('autolink', 'underline', (state, silent) => {
  if (state.src.charCodeAt(state.pos) !== 0x3c /* < */) return false;
  const match = UNDERLINE.exec(state.src.slice(state.pos, state.pos + 4));
  if (!match) return false;
  if (!silent) {
    // not as nesting tokens, of which markdown-it wants every one to have its pair
    const token = state.push(match[1] ? 'u_close' : 'u_open', 'u', 0);
    [token.content] = match;
  }
  state.pos += match[0].length;
  return true;
});

/**
 * The line that ends the section which begins at `first`, or -1. All that begin
 * behind it are noted on the way, so that no line is looked at again for them.
 */
function endOfSection(state, first, last) {
  const ends = (state.env.sectionEnds ??= new Map());
  const opened = [];
  for (let n = first; n < last && !ends.has(first); n += 1) {
    const begin = state.bMarks[n] + state.tShift[n];
    if (!state.src.startsWith('+++', begin)) continue;
    if (state.src.slice(begin + 3, state.eMarks[n]).trim()) opened.push(n);
    else if (opened.length) ends.set(opened.pop(), n);
  }
  for (const n of opened) ends.set(n, -1);
  return ends.get(first) ?? -1;
}

md.block.ruler.before('fence', 'section', (state, first, last, silent) => {
  const begin = state.bMarks[first] + state.tShift[first];
  if (!state.src.startsWith('+++ ', begin)) return false;
  const title = state.src.slice(begin + 4, state.eMarks[first]).trim();
  const end = title ? endOfSection(state, first, last) : -1;
  if (end === -1 || end >= last) return false;
  if (silent) return true;
  const open = state.push('details_open', 'details', 1);
  open.info = title;
  state.md.block.tokenize(state, first + 1, end);
  state.push('details_close', 'details', -1);
  state.line = end + 1;
  return true;
}, { alt: ['paragraph', 'reference', 'blockquote', 'list'] });

const TASK = /^\[([ xX])\]\s+/;

md.core.ruler.after('inline', 'tasks', ({ tokens }) => {
  for (let i = 2; i < tokens.length; i += 1) {
    const first = tokens[i].children?.[0];
    if (!first || first.type !== 'text' || tokens[i - 2].type !== 'list_item_open') continue;
    const match = TASK.exec(tokens[i].content);
    if (!match || !TASK.test(`${first.content} `)) continue;
    first.content = first.content.slice(match[0].length);
    tokens[i - 2].meta = { isDone: match[1] !== ' ' };
  }
});

// --- nodes -------------------------------------------------------------------

/** The address if it is one to follow, else null. */
function safeUrl(text) {
  let url;
  try {
    url = new URL(text);
  } catch {
    return null;
  }
  return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : null;
}

/** A link to somewhere else. */
export function Link({ href, children }) {
  const safe = safeUrl(href);
  return safe
    ? html`<a href=${safe} rel="noopener noreferrer nofollow" target="_blank">${children}</a>`
    : html`<span>${children}</span>`;
}

const codeBlock = (token) => {
  const [language] = (token.info ?? '').trim().split(/\s/);
  return html`<pre tabindex="0" role="region" aria-label=${language ? `Code, ${language}` : 'Code'}><code>${token.content.replace(/\n$/, '')}</code></pre>`;
};

const task = (isDone) =>
  [html`<span role="img" aria-label=${isDone ? 'done' : 'to do'}>${isDone ? '☑' : '☐'}</span>`, ' '];

/** The file at the address, if it is one of these; else `otherwise()`. */
function fileOr(href, files, words, otherwise) {
  const id = idOf(href);
  const file = id && files.find((one) => one.id === id);
  return file ? html`<${Inline} key=${id} file=${file} words=${words} />` : otherwise();
}

const isText = (child) => typeof child === 'string';

/** Tokens that have no others inside. They get the files that the text may name, too. */
const LEAF = {
  text: (token) => token.content,
  text_special: (token) => token.content,
  softbreak: () => html`<br />`,
  hardbreak: () => html`<br />`,
  code_inline: (token) => html`<code>${token.content}</code>`,
  image: (token, files) => fileOr(token.attrGet('src'), files, token.content,
    () => html`<${Link} href=${token.attrGet('src')}>${token.content || token.attrGet('src')}</${Link}>`),
  fence: codeBlock,
  code_block: codeBlock,
  hr: () => html`<hr />`,
};

const plain = (tag) => (token, children) => h(tag, null, children);
/**
 * Each block takes its direction from its own first letter. It is told so when its
 * children are there: else the browser looks for that letter with each of them.
 */
const auto = (node) => {
  if (node) node.dir = 'auto';
};
const block = (tag) => (token, children) => h(tag, { ref: auto }, children);

function cell(token, children) {
  const align = /text-align:(\w+)/.exec(token.attrGet('style') ?? '');
  return h(token.tag, { ref: auto, ...(align && { class: `align-${align[1]}` }) }, children);
}

/** Tokens around others, by the name before _open. They get the files, too. */
const AROUND = {
  paragraph: (token, children) => (token.hidden ? children : block('p')(token, children)),
  // the page has its own headings; those of a message are only bold lines
  heading: (token, children) => h('p', { class: `md-heading md-${token.tag}`, ref: auto }, children),
  blockquote: block('blockquote'),
  bullet_list: block('ul'),
  ordered_list: (token, children) => {
    const start = token.attrGet('start');
    return h('ol', { ref: auto, ...(start !== null && { start }) }, children);
  },
  list_item: (token, children) => (token.meta
    ? h('li', { class: 'task', ref: auto }, task(token.meta.isDone), children)
    : block('li')(token, children)),
  table: (token, children) => html`<div class="table" tabindex="0" role="region" aria-label="Table"><table>${children}</table></div>`,
  thead: plain('thead'),
  tbody: plain('tbody'),
  tr: plain('tr'),
  th: cell,
  td: cell,
  details: (token, children) => html`<details><summary dir="auto">${token.info}</summary>${children}</details>`,
  em: plain('em'),
  strong: plain('strong'),
  s: plain('del'),
  u: plain('u'),
  // <mailto:a@b.example> is an address to read
  link: (token, children, files) => fileOr(token.attrGet('href'), files, children.every(isText) ? children.join('') : '',
    () => html`<${Link} href=${token.attrGet('href')}>${
      token.markup === 'autolink' ? children.join('').replace(/^mailto:/, '') : children}</${Link}>`),
};

// Deeper than this, what is around others is left out, and they stay: drawing a
// node takes some of the browser's stack for each one around it.
const DEPTH_MAX = 40;

/** Builds the nodes of a list of tokens, inside of `depth` others. */
class Nodes {
  constructor(depth, files) {
    this.depth = depth;
    this.files = files;
    /** @type {{name: string, token: any, isDeep: boolean, children: any[]}[]} */
    this.open = [{ name: '', token: null, isDeep: false, children: [] }];
    this.underlines = 0; // that are open
  }

  get children() {
    return this.open[this.open.length - 1].children;
  }

  add(node) {
    this.children.push(node);
  }

  begin(name, token) {
    const isDeep = this.depth + this.open.length > DEPTH_MAX;
    if (isDeep && name === 'u') {
      this.add(token.content);
      return;
    }
    if (name === 'u') this.underlines += 1;
    this.open.push({ name, token, isDeep, children: isDeep ? this.children : [] });
  }

  /** What was opened and never closed is text. */
  giveUp() {
    const { name, token, isDeep, children } = /** @type {any} */ (this.open.pop());
    if (name === 'u') this.underlines -= 1;
    if (isDeep) return;
    this.add(token.content);
    for (const child of children) this.add(child);
  }

  close(name, token) {
    if (name === 'u' && !this.underlines) {
      this.add(token.content);
      return;
    }
    while (this.open[this.open.length - 1].name !== name) this.giveUp();
    const { token: opened, isDeep, children } = /** @type {any} */ (this.open.pop());
    if (name === 'u') this.underlines -= 1;
    if (!isDeep) this.add(AROUND[name](opened, children, this.files));
  }

  /** All of them; what is still open is given up. */
  end() {
    while (this.open.length > 1) this.giveUp();
    return this.open[0].children;
  }
}

function nodesOf(tokens, files, depth = 0) {
  const nodes = new Nodes(depth, files);
  for (const token of tokens) {
    const [, name, end] = /^(\w+?)(_open|_close)?$/.exec(token.type) ?? [];
    if (name === 'inline') nodes.add(nodesOf(token.children, files, depth + nodes.open.length));
    else if (end === '_open') nodes.begin(name, token);
    else if (end === '_close') nodes.close(name, token);
    else nodes.add((LEAF[name] ?? LEAF.text)(token, files));
  }
  return nodes.end();
}

/** The nodes of a Markdown text. */
const markdownNodes = (text, files) => nodesOf(md.parse(text ?? '', {}), files);

// --- taking turns ------------------------------------------------------------

// Long texts that are all drawn at once would freeze the page. After so many
// milliseconds the others wait for a turn of their own, shown as they are written.
const TURN = 25;

let spent = 0; // of the present turn
const waiting = /** @type {(() => void)[]} */ ([]);

function nextTurn() {
  spent = 0;
  waiting.shift()?.();
  if (waiting.length) setTimeout(nextTurn);
}

function waitForTurn(draw) {
  waiting.push(draw);
  if (waiting.length === 1) setTimeout(nextTurn);
  return () => {
    const at = waiting.indexOf(draw);
    if (at !== -1) waiting.splice(at, 1);
  };
}

/** The nodes of the text, or null as long as others have the turn. */
function useNodes(text, files) {
  const key = JSON.stringify([text, files.map(({ id, state }) => [id, state])]);
  const drawn = useRef({ key: '', nodes: /** @type {any} */ (null) });
  const [, redraw] = useState(0);
  if (drawn.current.key !== key && spent < TURN) {
    if (spent === 0) setTimeout(() => { spent = 0; });
    const begin = performance.now();
    drawn.current = { key, nodes: markdownNodes(text, files) };
    spent += performance.now() - begin;
  }
  const isReady = drawn.current.key === key;
  useEffect(() => (isReady ? undefined : waitForTurn(() => redraw((n) => n + 1))), [key, isReady]);
  return isReady ? drawn.current.nodes : null;
}

/** A Markdown text, drawn; `files`: those that it may name. */
export function Markdown({ text, files = [] }) {
  const nodes = useNodes(text, files);
  return html`<div class="markdown">${nodes ?? html`<p class="as-written">${text}</p>`}</div>`;
}
