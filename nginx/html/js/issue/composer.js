// Where a reply is written. For staff it has two faces that nobody can
// mistake: a reply goes to the customer, a note stays inside.
import { h } from '../dom.js';
import { oncePoster } from '../api.js';
import { session } from '../session.js';
import { draft } from '../storage.js';
import { editor } from '../ui/editor.js';
import { field, form } from '../ui/form.js';
import { icon } from '../ui/icons.js';
import { toast } from '../ui/toast.js';

const MAX = 10_000;

/** The customer's: gives {node, focus()}. */
export function replyBox(id, onSent) {
  const postOnce = oncePoster();
  const area = editor({ rows: 5, max: MAX, required: true, memory: draft(session.user.id, `reply.${id}`), onSend: () => node.requestSubmit() });
  const box = field('comment', 'Your reply', area);
  const { node } = form({
    fields: [box],
    submit: 'Send the reply',
    async send() {
      await postOnce(`/api/client/issues/${id}/comment/`, { comment: area.value });
      area.reset();
      toast('Your reply is sent.');
      onSent();
    },
  });
  return { node, focus: () => area.focus() };
}

/** The staff's: gives {node, reply(), note()}. */
export function staffBox(id, customer, onSent) {
  const replying = oneFace({
    id, internal: false, name: `reply.${id}`, label: customer ? `Reply to ${customer}` : 'Public reply', submit: 'Send the reply',
    hint: customer ? `${customer} will see this and is told about it.` : 'Everybody who sees the issue will see this.', onSent,
  });
  const noting = oneFace({
    id, internal: true, name: `note.${id}`, label: 'Internal note', submit: 'Save the note',
    hint: 'Only your colleagues see this. It goes neither to the customer nor to Linear.', onSent,
  });
  const faces = [
    { ...replying, tab: tabButton('Public reply', 'reply', () => show(0)) },
    { ...noting, tab: tabButton('Internal note', 'lock', () => show(1)) },
  ];
  const node = h('section', { class: 'composer', 'aria-label': 'Answer' },
    h('div', { class: 'composer-tabs', role: 'group', 'aria-label': 'What to write' }, faces.map((f) => f.tab)),
    faces.map((f) => f.node));

  function show(which, focus = true) {
    faces.forEach((f, i) => {
      f.node.hidden = i !== which;
      f.tab.setAttribute('aria-pressed', String(i === which));
    });
    node.classList.toggle('internal', which === 1);
    if (focus) faces[which].area.focus();
  }

  show(noting.area.value && !replying.area.value ? 1 : 0, false);
  return { node, reply: () => show(0), note: () => show(1) };
}

const tabButton = (text, sign, onclick) =>
  h('button', { type: 'button', class: `composer-tab ${sign}`, onclick }, icon(sign), text);

function oneFace({ id, internal, name, label, submit, hint, onSent }) {
  const postOnce = oncePoster();
  const area = editor({ rows: 5, max: MAX, required: true, memory: draft(session.user.id, name), onSend: () => node.requestSubmit() });
  const box = field('content', label, area, { hint });
  const { node } = form({
    fields: [box],
    submit,
    kind: internal ? 'internal' : 'primary',
    async send() {
      await postOnce(`/api/issues/${id}/add_comment/`, { content: area.value, internal });
      area.reset();
      toast(internal ? 'The note is saved.' : 'The reply is sent.');
      onSent();
    },
  });
  return { node, area };
}
