// Where a reply is written. For staff it has two faces that nobody can
// mistake: a reply goes to the customer, a note stays inside.
import { oncePoster } from '../api.js';
import { FileField } from '../files/field.js';
import { namesOf, useUploads } from '../files/uploads.js';
import { html, useLayoutEffect, useMemo, useRef, useState } from '../lib.js';
import { session } from '../session.js';
import { draft } from '../storage.js';
import { Editor } from '../ui/editor.js';
import { Form, useForm } from '../ui/form.js';
import { Icon } from '../ui/icons.js';
import { toast } from '../ui/toast.js';

const MAX = 10_000;

/**
 * The form of a text, and of files with it, that is remembered under `name` until it
 * is sent. `send(postOnce, text, files)` does the call; files is {attachments: ids},
 * or {} if there are none. Files may come without a text.
 */
function useWriting(name, field, send, done) {
  const [memory, postOnce] = useMemo(() => [
    draft(session.user?.id, name), oncePoster(draft(session.user?.id, `${name}.sent`)),
  ], [name]);
  const uploads = useUploads(name);
  const first = /** @type {Record<string, string>} */ ({ [field]: memory.get() ?? '' });
  const form = useForm(first, async (values) => {
    const attachments = await uploads.arrived();
    const text = values[field].trim() ? values[field] : namesOf(uploads);
    await send(postOnce, text, attachments.length ? { attachments } : {});
    form.put({ [field]: '' });
    memory.clear();
    uploads.clear();
    done();
  }, { onChange: (values) => memory.set(values[field] || null) });
  return { form, uploads, isRequired: uploads.list.value.length === 0 };
}

/** The customer's. `area` refers to the text area. */
export function ReplyBox({ id, onSent, area }) {
  const { form, uploads, isRequired } = useWriting(`reply.${id}`, 'comment',
    (postOnce, comment, files) => postOnce('/api/client/issues/{id}/comment/', { path: { id }, body: { comment, ...files } }),
    () => {
      toast('Your reply is sent.');
      onSent();
    });
  return html`
    <${Form} form=${form} submit="Send the reply">
      <${Editor} form=${form} name="comment" label="Your reply" rows="5" max=${MAX} required=${isRequired} area=${area} />
      <${FileField} form=${form} uploads=${uploads} />
    </${Form}>`;
}

function Face({ writing: { form, uploads, isRequired }, submit, kind, hidden, area, ...field }) {
  return html`
    <div hidden=${hidden}>
      <${Form} form=${form} submit=${submit} kind=${kind}>
        <${Editor} form=${form} name="content" rows="5" max=${MAX} required=${isRequired} area=${area} ...${field} />
        <${FileField} form=${form} uploads=${uploads} />
      </${Form}>
    </div>`;
}

/** The staff's. `actions` gets reply() and note(), which go to the two texts. */
export function StaffBox({ id, customer, onSent, actions }) {
  const write = (internal) => (postOnce, content, files) =>
    postOnce('/api/issues/{id}/add_comment/', { path: { id }, body: { content, internal, ...files } });
  const told = (words) => () => {
    toast(words);
    onSent();
  };
  const reply = useWriting(`reply.${id}`, 'content', write(false), told('The reply is sent.'));
  const note = useWriting(`note.${id}`, 'content', write(true), told('The note is saved.'));
  const [isNote, setNote] = useState(Boolean(note.form.values.content && !reply.form.values.content));
  const areas = { reply: useRef(null), note: useRef(null) };
  const wanted = useRef(false);

  const show = (yes) => {
    wanted.current = true;
    setNote(yes);
    if (yes === isNote) focus();
  };
  const focus = () => {
    if (wanted.current) /** @type {any} */ (isNote ? areas.note : areas.reply).current?.focus();
    wanted.current = false;
  };
  useLayoutEffect(focus, [isNote]);
  Object.assign(actions, { reply: () => show(false), note: () => show(true) });

  const tab = (text, sign, yes) => html`
    <button type="button" class=${`composer-tab ${sign}`} aria-pressed=${String(isNote === yes)} onClick=${() => show(yes)}>
      <${Icon} name=${sign} />${text}</button>`;
  return html`
    <section class=${isNote ? 'composer internal' : 'composer'} aria-label="Answer">
      <div class="composer-tabs" role="group" aria-label="What to write">
        ${tab('Public reply', 'reply', false)}
        ${tab('Internal note', 'lock', true)}
      </div>
      <${Face} writing=${reply} submit="Send the reply" hidden=${isNote} area=${areas.reply}
        label=${customer ? `Reply to ${customer}` : 'Public reply'}
        hint=${customer ? `${customer} will see this and is told about it.` : 'Everybody who sees the issue will see this.'} />
      <${Face} writing=${note} submit="Save the note" kind="internal" hidden=${!isNote} area=${areas.note}
        label="Internal note" hint="Only your colleagues see this. It goes neither to the customer nor to Linear." />
    </section>`;
}
