'use strict';

/*
 * Linear does not keep the markdown that it is sent: it keeps a document, and what is read back
 * is that document written out in Linear's own hand. This rewrites text as far as clients were
 * seen to trip over it. Rewriting what was rewritten changes nothing.
 */

const FENCE = /^\s*(```|~~~)/;
const BULLET = /^(\s*)[-+]( +)(?!\[[ xX]\] )(?=\S)/;
const ORDERED = /^(\s*\d+)\)( )/;
const TABLE_ROW = /^\s*\|.*\|\s*$/;
const TABLE_RULE = /^:?-+:?$/;

/** A URL as it stands in a text, without the sentence's own punctuation after it. */
const IN_URL = '[^\\s<>()\\[\\]|`\\\\\\u0000]';
const URL = `https?://${IN_URL}*(?![.,;:!?'"*_])${IN_URL}`;

/** The text of a link: brackets in it are escaped. */
const IN_TEXT = '(?:\\\\[^\\n]|[^\\[\\]\\n\\\\])*';

/** What must be left alone or is rewritten as one: code, images, links, <autolinks>, bare URLs. */
const SPAN = new RegExp([
  '(?<code>(`+)(?!`)(?:[^`]|(?!\\2(?!`))`)*?[^`]\\2(?!`))',
  `(?<image>!\\[${IN_TEXT}\\]\\([^()\\s]*\\))`,
  `\\[(?<text>${IN_TEXT})\\]\\((?:<(?<angled>[^<>\\n]*)>|(?<plain>[^\\s()<>]+))\\)`,
  `<(?<auto>${URL})>`,
  `(?<bare>(?<![A-Za-z0-9])${URL})`,
].join('|'), 'g');

const STRONG = /(?<![\w_*\\])__(?=[^\s_])([^_\n]*[^\s_])__(?![\w_])/g;
const EMPHASIS = /(?<![\w_*\\])_(?=[^\s_])([^_\n]*[^\s_])_(?![\w_])/g;

/** Linear shows the URL of an issue as a mention of that issue. */
const ISSUE_URL = /\/issue\/([A-Z][A-Z0-9]*-\d+)(?:\/[^/]*)?$/;

function linkTo(url) {
  const issue = ISSUE_URL.exec(url);
  return `[${issue ? issue[1] : url}](<${url}>)`;
}

function rewriteSpan(match, ...rest) {
  const {
    text, angled, plain, auto, bare,
  } = rest[rest.length - 1];
  if (auto || bare) {
    return linkTo(auto || bare);
  }
  return text === undefined ? match : `[${text}](<${angled === undefined ? plain : angled}>)`;
}

/** One rewriting can make room for another, so it goes on until there is nothing left to do. */
function rewriteEmphasis(text) {
  const next = text.replace(STRONG, '**$1**').replace(EMPHASIS, '*$1*');
  return next === text ? text : rewriteEmphasis(next);
}

/** Spans are put aside while emphasis is rewritten, so that no underscore of theirs is touched. */
function rewriteInline(line) {
  const spans = [];
  const bare = line.replace(SPAN, (...match) => {
    spans.push(rewriteSpan(...match));
    return `\u0000${spans.length - 1}\u0000`;
  });
  return rewriteEmphasis(bare).replace(/\u0000(\d+)\u0000/g, (_, index) => spans[index]);
}

function rewriteTableRow(line) {
  const cells = line.trim().slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim());
  return `| ${cells.map((cell) => (TABLE_RULE.test(cell) ? '--' : cell)).join(' | ')} |`;
}

function rewriteLine(line) {
  const trimmed = line.trimEnd();
  const block = TABLE_ROW.test(trimmed) && trimmed.trim().length > 1
    ? rewriteTableRow(trimmed)
    : trimmed.replace(BULLET, '$1* ').replace(ORDERED, '$1.$2');
  return rewriteInline(block);
}

function rewrite(markdown) {
  const lines = markdown.replace(/\u0000/g, '').replace(/\r\n?/g, '\n').split('\n');
  const out = [];
  let fence = null;
  for (const line of lines) {
    const [, mark] = FENCE.exec(line) || [];
    if (fence) {
      out.push(line);
      fence = mark === fence ? null : fence;
    } else if (mark) {
      out.push(line.trimEnd());
      fence = mark;
    } else if (line.trim() !== '') {
      out.push(rewriteLine(line));
    } else if (out.length > 0 && out[out.length - 1] !== '') {
      out.push('');
    }
  }
  return out.join('\n').replace(/^\n+|\s+$/g, '');
}

module.exports = { rewrite };
