// The conversation. What is on screen stays where it is when more arrives, so
// that neither the focus nor the reader's place is lost.
import { fill, h } from '../dom.js';
import { renderMarkdown } from '../markdown.js';
import { session } from '../session.js';
import { ago } from '../time.js';
import { avatar } from '../ui/badge.js';
import { icon } from '../ui/icons.js';

const KIND = { customer: 'Customer', staff: 'Staff', linear: 'via Linear' };

export function message({ name, kind, label, at, text, internal = false, empty = null }) {
  return h('article', { class: `message ${kind} ${internal ? 'internal' : ''}` },
    avatar(name, kind),
    h('div', { class: 'bubble' },
      h('header', null,
        h('strong', null, name), label && h('span', { class: 'muted' }, label),
        internal && h('span', { class: 'tag-internal' }, icon('lock'), 'Internal note'),
        ago(at)),
      h('div', { class: 'markdown' }, text ? renderMarkdown(text) : h('p', { class: 'muted' }, empty))));
}

function commentNode(comment) {
  const mine = comment.author !== null && comment.author === session.user.id;
  return message({
    name: comment.author_name ?? 'Somebody',
    kind: comment.author_kind,
    label: mine ? 'you' : KIND[comment.author_kind],
    at: comment.created_at,
    text: comment.content,
    internal: comment.is_internal,
  });
}

/** Gives {node, update(comments)}. */
export function thread() {
  const list = h('ol', { class: 'thread' });
  const news = h('p', { class: 'sr', role: 'status' });
  const shown = new Map(); // id → {item, stamp}
  let first = true;

  function update(comments) {
    const present = new Set(comments.map((c) => c.id));
    for (const [id, { item }] of shown) {
      if (present.has(id)) continue;
      item.remove();
      shown.delete(id);
    }
    for (const comment of comments) {
      const known = shown.get(comment.id);
      if (known?.stamp === comment.updated_at) continue;
      const item = h('li', { class: first ? null : 'fresh' }, commentNode(comment));
      if (known) known.item.replaceWith(item);
      else list.append(item);
      shown.set(comment.id, { item, stamp: comment.updated_at });
      if (!first && comment.author !== session.user.id) fill(news, `New message from ${comment.author_name}.`);
    }
    first = false;
  }

  return { node: h('div', null, list, news), update };
}
