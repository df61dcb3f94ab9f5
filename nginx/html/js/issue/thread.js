// The conversation. What is on screen stays where it is when more arrives, so
// that neither the focus nor the reader's place is lost.
import { fill, h } from '../dom.js';
import { patch, remove } from '../api.js';
import { renderMarkdown } from '../markdown.js';
import { session } from '../session.js';
import { ago } from '../time.js';
import { avatar } from '../ui/badge.js';
import { confirmed, openDialog } from '../ui/dialog.js';
import { editor } from '../ui/editor.js';
import { actionButton, field, form } from '../ui/form.js';
import { icon } from '../ui/icons.js';
import { complain, toast } from '../ui/toast.js';

// For so long one's own words can be changed.
const CHANGEABLE = 15 * 60_000;

const KIND = { customer: 'Customer', staff: 'Staff', linear: 'via Linear' };

export function message({ name, kind, label, at, text, internal = false, empty = null, tools = null }) {
  return h('article', { class: `message ${kind} ${internal ? 'internal' : ''}` },
    avatar(name, kind),
    h('div', { class: 'bubble' },
      h('header', null,
        h('strong', null, name), label && h('span', { class: 'muted' }, label),
        internal && h('span', { class: 'tag-internal' }, icon('lock'), 'Internal note'),
        ago(at)),
      h('div', { class: 'markdown' }, text ? renderMarkdown(text) : h('p', { class: 'muted' }, empty)),
      tools));
}

function editDialog(path, comment, onDone) {
  return openDialog('Change what you wrote', (close) => {
    const area = editor({ rows: 6, max: 10_000, required: true });
    area.value = comment.content;
    return form({
      fields: [field('content', 'Your words', area)],
      submit: 'Save',
      async send() {
        await patch(path, { content: area.value });
        close();
        toast('It is changed.');
        onDone();
      },
    }).node;
  });
}

async function withdraw(path, onDone) {
  if (!await confirmed('Withdraw what you wrote?', 'It disappears from the conversation.', 'Withdraw', { danger: true })) return;
  await remove(path);
  toast('It is withdrawn.');
  onDone();
}

/** For one's own comment, as long as it can be changed. */
function ownTools(issue, comment, onDone) {
  const left = Date.parse(comment.created_at) + CHANGEABLE - Date.now();
  if (left <= 0) return null;
  const path = `/api/issues/${issue}/comments/${comment.id}/`;
  const away = actionButton('Withdraw', () => withdraw(path, onDone), { kind: 'quiet small', onError: complain });
  away.setAttribute('aria-label', 'Withdraw this message');
  const node = h('div', { class: 'actions' },
    h('button', { type: 'button', class: 'button quiet small', 'aria-label': 'Change this message', onclick: () => editDialog(path, comment, onDone) }, 'Change'),
    away);
  setTimeout(() => node.remove(), left);
  return node;
}

function commentNode(issue, comment, onDone) {
  const mine = comment.author !== null && comment.author === session.user.id;
  return message({
    name: comment.author_name ?? 'Somebody',
    kind: comment.author_kind,
    label: mine ? 'you' : KIND[comment.author_kind],
    at: comment.created_at,
    text: comment.content,
    internal: comment.is_internal,
    tools: mine ? ownTools(issue, comment, onDone) : null,
  });
}

/** Of an issue by its id: gives {node, update(comments)}. onDone: one's own comment was changed. */
export function thread(issue, onDone) {
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
      const item = h('li', { class: first ? null : 'fresh' }, commentNode(issue, comment, onDone));
      if (known) known.item.replaceWith(item);
      else list.append(item);
      shown.set(comment.id, { item, stamp: comment.updated_at });
      if (!first && comment.author !== session.user.id) fill(news, `New message from ${comment.author_name}.`);
    }
    first = false;
  }

  return { node: h('div', null, list, news), update };
}
