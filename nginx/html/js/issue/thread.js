// The conversation. What is on screen stays where it is when more arrives, so
// that neither the focus nor the reader's place is lost.
import { get, patch, remove } from '../api.js';
import { Attached } from '../files/attached.js';
import { html, useEffect, useRef, useState } from '../lib.js';
import { Markdown } from '../markdown.js';
import { session } from '../session.js';
import { Ago } from '../time.js';
import { Avatar } from '../ui/badge.js';
import { confirmed, openDialog } from '../ui/dialog.js';
import { Editor } from '../ui/editor.js';
import { ActionButton, Form, useForm } from '../ui/form.js';
import { Icon } from '../ui/icons.js';
import { toast } from '../ui/toast.js';

// For so long one's own words can be changed.
const CHANGEABLE = 15 * 60_000;

// The API sends so many comments at once.
const SENT_MAX = 100;

const KIND = { customer: 'Customer', staff: 'Staff', linear: 'via Linear' };

/** `files`: those of the text. onDone: one of them was deleted. */
export const Message = ({ name, kind, label = null, at, text, files = [], internal = false, empty = null, onDone, children = null }) => html`
  <article class=${`message ${kind} ${internal ? 'internal' : ''}`}>
    <${Avatar} name=${name} kind=${kind} />
    <div class="bubble">
      <header>
        <strong dir="auto">${name}</strong>${label && html`<span class="muted">${label}</span>`}
        ${internal && html`<span class="tag-internal"><${Icon} name="lock" />Internal note</span>`}
        <${Ago} at=${at} />
      </header>
      ${text ? html`<${Markdown} text=${text} files=${files} />` : html`<div class="markdown"><p class="muted">${empty}</p></div>`}
      <${Attached} files=${files} text=${text} onDone=${onDone} />
      ${children}
    </div>
  </article>`;

function EditForm({ close, path, comment, onDone }) {
  const form = useForm({ content: comment.content }, async ({ content }) => {
    await patch('/api/issues/{id}/comments/{cid}/', { path, body: { content } });
    close();
    toast('It is changed.');
    onDone();
  });
  return html`
    <${Form} form=${form} submit="Save">
      <${Editor} form=${form} name="content" label="Your words" max="10000" required />
    </${Form}>`;
}

async function withdraw(path, onDone) {
  if (!await confirmed('Withdraw what you wrote?', 'It disappears from the conversation.', 'Withdraw', { danger: true })) return;
  await remove('/api/issues/{id}/comments/{cid}/', { path });
  toast('It is withdrawn.');
  onDone();
}

/** For one's own comment, as long as it can be changed. */
function OwnTools({ issue, comment, onDone }) {
  const left = Date.parse(comment.created_at) + CHANGEABLE - Date.now();
  const [isOver, setOver] = useState(left <= 0);
  useEffect(() => {
    if (left <= 0) return undefined;
    const timer = setTimeout(() => setOver(true), left);
    return () => clearTimeout(timer);
  }, []);
  if (isOver) return null;
  const path = { id: issue, cid: comment.id };
  return html`
    <div class="actions">
      <button type="button" class="button quiet small" aria-label="Change this message"
        onClick=${() => openDialog('Change what you wrote', EditForm, { path, comment, onDone })}>Change</button>
      <${ActionButton} kind="quiet small" aria-label="Withdraw this message" run=${() => withdraw(path, onDone)}>Withdraw</${ActionButton}>
    </div>`;
}

const labelOf = ({ author_kind: kind, source }, mine) =>
  [mine ? 'you' : KIND[kind], source === 'mail' && 'by e-mail'].filter(Boolean).join(', ');

function Comment({ issue, comment, onDone }) {
  const mine = comment.author !== null && comment.author === session.user?.id;
  return html`
    <${Message} name=${comment.author_name ?? 'Somebody'} kind=${comment.author_kind} label=${labelOf(comment, mine)}
      at=${comment.created_at} text=${comment.content} files=${comment.attachments} internal=${comment.is_internal} onDone=${onDone}>
      ${mine && html`<${OwnTools} issue=${issue} comment=${comment} onDone=${onDone} />`}
    </${Message}>`;
}

/** What arrived since the first drawing: its ids, and words for screen readers. */
function useNews(comments) {
  const first = useRef(/** @type {Set<number> | null} */ (null));
  first.current ??= new Set(comments.map((c) => c.id));
  const news = comments.filter((c) => !first.current?.has(c.id));
  const last = news.filter((c) => c.author !== session.user?.id).at(-1);
  return { fresh: new Set(news.map((c) => c.id)), words: last ? `New message from ${last.author_name}.` : '' };
}

/** The latest comments, of which the API sends so many, and all earlier ones that were seen. */
function useComments(latest) {
  const seen = useRef(/** @type {any[]} */ ([]));
  const [, redraw] = useState(0);
  const before = (list) => list.filter((c) => latest.length > 0 && c.id < latest[0].id);
  seen.current = [...before(seen.current), ...latest];
  return {
    shown: seen.current,
    add(earlier) {
      seen.current = [...earlier, ...seen.current];
      redraw((n) => n + 1);
    },
  };
}

/**
 * The comments of an issue (by its id), of which the API sends the latest with the
 * issue itself. onDone: one's own comment was changed.
 */
export function Thread({ issue, comments, onDone }) {
  const { shown, add } = useComments(comments);
  const [isAll, setAll] = useState(comments.length < SENT_MAX);
  const { fresh, words } = useNews(comments);

  async function showEarlier() {
    const page = await get('/api/issues/{id}/comments/', { path: { id: issue }, query: { before: shown[0].id } });
    add(page.comments);
    setAll(page.next === null);
  }

  return html`
    <div>
      ${!isAll && html`<p class="earlier"><${ActionButton} kind="quiet" run=${showEarlier}>Show earlier messages</${ActionButton}></p>`}
      <ol class="thread">${shown.map((comment) => html`
        <li key=${comment.id} class=${fresh.has(comment.id) ? 'fresh' : null}>
          <${Comment} issue=${issue} comment=${comment} onDone=${onDone} />
        </li>`)}</ol>
      <p class="sr" role="status">${words}</p>
    </div>`;
}
