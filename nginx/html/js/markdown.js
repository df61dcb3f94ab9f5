// Markdown to DOM nodes: the part of it that people use in messages. It makes
// nodes and text, never HTML, so whatever it is fed stays text; a link goes to
// http, https or mailto, or is no link. Each character is looked at a bounded
// number of times.
import { h } from './dom.js';

const DEPTH_MAX = 8;

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

export function link(href, ...children) {
  const safe = safeUrl(href);
  return safe ? h('a', { href: safe, rel: 'noopener noreferrer nofollow', target: '_blank' }, children) : h('span', null, children);
}

// --- within a line ----------------------------------------------------------

const TOKEN = new RegExp([
  /\\(?<escaped>[\\`*_{}[\]()#+.!~>|<-])/,
  /(?<ticks>`+)/,
  /!?\[(?<label>[^\][\n]{0,500})\]\(<?(?<target>[^()<>\s]{1,2000})>?(?:\s+"[^"\n]{0,200}")?\)/,
  /<(?<auto>(?:https?:\/\/|mailto:)[^\s<>]{1,2000})>/,
  /(?<bare>https?:\/\/[^\s<>"'`]{1,2000})/,
  /(?<mark>\*\*|__|~~|\*|_)(?=\S)/,
].map((r) => r.source).join('|'), 'gu');

const MARKS = { '**': 'strong', __: 'strong', '*': 'em', _: 'em', '~~': 'del' };
const isWord = (c) => c !== undefined && /[\p{L}\p{N}]/u.test(c);

/** Where the closing mark is, or -1. `_` counts at the edge of a word only. */
function closing(text, mark, from) {
  for (let at = text.indexOf(mark, from); at !== -1; at = text.indexOf(mark, at + 1)) {
    const next = text[at + mark.length];
    if (at === from || /\s/.test(text[at - 1])) continue;
    if (next === mark[0] || (mark.length === 1 && text[at - 1] === mark)) continue;
    if (mark[0] === '_' && isWord(next)) continue;
    return at;
  }
  return -1;
}

/** Where code that began with so many ticks ends, or -1. */
function closingTicks(text, ticks, from) {
  const run = /`+/g;
  run.lastIndex = from;
  for (let m = run.exec(text); m; m = run.exec(text)) if (m[0].length === ticks.length) return m.index;
  return -1;
}

// Trailing punctuation is the sentence's, not the address's.
const trimmed = (url) => url.replace(/[.,;:!?)\]]+$/u, '');

function inline(text, depth = 0) {
  const out = [];
  const token = new RegExp(TOKEN);
  const hopeless = new Set(); // marks that nothing closes any more
  let at = 0;
  for (let m = token.exec(text); m; m = token.exec(text)) {
    const g = m.groups;
    let node = null;
    let end = token.lastIndex;
    if (g.escaped) node = g.escaped;
    else if (g.ticks && !hopeless.has(g.ticks)) {
      const close = closingTicks(text, g.ticks, end);
      if (close === -1) hopeless.add(g.ticks);
      else {
        const code = text.slice(end, close);
        node = h('code', null, code.trim() || code);
        end = close + g.ticks.length;
      }
    } else if (g.label !== undefined) node = link(g.target, g.label ? inline(g.label, depth + 1) : g.target);
    else if (g.auto) node = link(g.auto, g.auto.replace(/^mailto:/, ''));
    else if (g.bare) {
      node = link(trimmed(g.bare), trimmed(g.bare));
      end = m.index + trimmed(g.bare).length;
    } else if (g.mark && depth < DEPTH_MAX && !hopeless.has(g.mark) && !(g.mark[0] === '_' && isWord(text[m.index - 1]))) {
      const close = closing(text, g.mark, end);
      if (close === -1) hopeless.add(g.mark);
      else {
        node = h(MARKS[g.mark], null, inline(text.slice(end, close), depth + 1));
        end = close + g.mark.length;
      }
    }
    if (node === null) continue;
    out.push(text.slice(at, m.index), node);
    at = token.lastIndex = end;
  }
  out.push(text.slice(at));
  return out.filter((part) => part !== '');
}

// --- lines ------------------------------------------------------------------

const FENCE = /^ {0,3}(```+|~~~+)\s*([\w+-]*)\s*$/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*)$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^(\s*)(?:([-*+])|(\d{1,9})[.)])\s+(.*)$/;
const TASK = /^\[([ xX])\]\s+(.*)$/;

const starts = (line) => [FENCE, HEADING, RULE, QUOTE, ITEM].some((r) => r.test(line));

function paragraph(lines) {
  const parts = [];
  lines.forEach((line, i) => {
    if (i) parts.push(h('br'));
    parts.push(inline(line.trim()));
  });
  return h('p', null, parts);
}

function itemNode(lines, depth) {
  const task = TASK.exec(lines[0]);
  if (task) lines[0] = task[2];
  const inner = blocks(lines, depth + 1);
  // a one-paragraph item is a line, not a paragraph
  const children = inner.length && inner[0].tagName === 'P' ? [...inner[0].childNodes, ...inner.slice(1)] : inner;
  if (!task) return h('li', null, children);
  const done = task[1] !== ' ';
  return h('li', { class: 'task' }, h('span', { role: 'img', 'aria-label': done ? 'done' : 'to do' }, done ? '☑' : '☐'), ' ', children);
}

/** A list from line i on; gives [node, next line]. */
function list(lines, i, depth) {
  const first = ITEM.exec(lines[i]);
  const ordered = first[3] !== undefined;
  const indent = first[1].length;
  const items = [];
  let from = 0; // where the present item's text begins
  for (; i < lines.length; i += 1) {
    const m = ITEM.exec(lines[i]);
    if (m && m[1].length < indent + 2 && (m[3] !== undefined) !== ordered) break;
    if (m && m[1].length < indent + 2) {
      from = lines[i].length - m[4].length;
      items.push([m[4]]);
      continue;
    }
    if (lines[i].trim() === '') {
      const next = lines[i + 1] ?? '';
      if (!/^\s{2,}\S/.test(next) && !ITEM.test(next)) break;
      items.at(-1).push('');
      continue;
    }
    const lead = lines[i].length - lines[i].trimStart().length;
    if (lead <= indent && (starts(lines[i]) || items.at(-1).at(-1) === '')) break;
    items.at(-1).push(lines[i].slice(Math.min(lead, from)));
  }
  const node = h(ordered ? 'ol' : 'ul', { start: ordered && first[3] !== '1' ? first[3] : null }, items.map((x) => itemNode(x, depth)));
  return [node, i];
}

function blocks(lines, depth = 0) {
  const out = [];
  let i = 0;
  while (i < lines.length) {
    const line = lines[i];
    const fence = FENCE.exec(line);
    const heading = HEADING.exec(line);
    if (line.trim() === '') {
      i += 1;
    } else if (fence) {
      const end = lines.findIndex((l, n) => n > i && l.trim().startsWith(fence[1]) && FENCE.test(l));
      const stop = end === -1 ? lines.length : end;
      out.push(h('pre', { tabindex: '0', role: 'region', 'aria-label': 'Code' }, h('code', null, lines.slice(i + 1, stop).join('\n'))));
      i = stop + 1;
    } else if (heading) {
      // the page has its own headings; a message's are only bold lines
      out.push(h('p', { class: `md-heading md-h${heading[1].length}` }, inline(heading[2].trimEnd().replace(/\s#+$/, ''))));
      i += 1;
    } else if (RULE.test(line)) {
      out.push(h('hr'));
      i += 1;
    } else if (QUOTE.test(line) && depth < DEPTH_MAX) {
      const quoted = [];
      for (; i < lines.length && lines[i].trim() !== '' && (QUOTE.test(lines[i]) || !starts(lines[i])); i += 1) {
        quoted.push(lines[i].replace(QUOTE, ''));
      }
      out.push(h('blockquote', null, blocks(quoted, depth + 1)));
    } else if (ITEM.test(line) && depth < DEPTH_MAX) {
      const [node, next] = list(lines, i, depth);
      out.push(node);
      i = next;
    } else {
      const text = [line];
      for (i += 1; i < lines.length && lines[i].trim() !== '' && !starts(lines[i]); i += 1) text.push(lines[i]);
      out.push(paragraph(text));
    }
  }
  return out;
}

/** The nodes of a Markdown text. */
export function renderMarkdown(text) {
  return blocks((text ?? '').replaceAll('\r\n', '\n').replaceAll('\t', '    ').split('\n'));
}
