// E-mails that came in: what became of each, its text, and the decision about those
// that are held.
import { get, post } from '../api.js';
import { html, useState } from '../lib.js';
import { Ago } from '../time.js';
import { confirmed } from '../ui/dialog.js';
import { ActionButton } from '../ui/form.js';
import { Empty } from '../ui/states.js';
import { toast } from '../ui/toast.js';
import { startAgain } from '../start.js';

export const MAIL_STATE = {
  held: 'Held', new: 'Not read yet', done: 'Done', auto: 'By a program', bounce: 'Came back', refused: 'Refused', failed: 'Failed',
  discarded: 'Discarded',
};
const DEED = { comment: 'Became a reply', reopening: 'Became a reply, and reopened the issue', issue: 'Became an issue', bounce: 'An e-mail of ours came back' };

const senderOf = ({ from, from_name: name }) => (name ? `${name} (${from})` : from ?? 'Unknown sender');

/** The words of the sender; what they quote is there on request. */
function MailText({ mail }) {
  const [isWhole, setWhole] = useState(false);
  const hasMore = mail.whole && mail.whole !== mail.content;
  return html`
    <div class="mail-text">
      <pre dir="auto" tabindex="0" aria-label="Text of the e-mail">${(isWhole ? mail.whole : mail.content) || 'This e-mail has no text.'}</pre>
      ${hasMore && html`<button type="button" class="button quiet small" aria-expanded=${String(isWhole)} onClick=${() => setWhole(!isWhole)}>
        ${isWhole ? 'Without what they quote' : 'Whole e-mail'}</button>`}
    </div>`;
}

function HeldButtons({ mail, onDone }) {
  const path = { id: mail.id };
  async function accept() {
    const answer = await post('/api/mail/inbox/{id}/accept/', { path });
    toast(answer.message);
    onDone();
    startAgain();
  }
  async function discard() {
    if (!await confirmed('Discard this e-mail?', 'It has no effect. Its text stays here for 90 days.', 'Discard', { danger: true })) return;
    const answer = await post('/api/mail/inbox/{id}/discard/', { path });
    toast(answer.message);
    onDone();
    startAgain();
  }
  return html`
    <${ActionButton} kind="small primary" run=${accept}>Accept</${ActionButton}>
    <${ActionButton} kind="small danger-quiet" run=${discard}>Discard</${ActionButton}>`;
}

function Mail({ mail, onDone }) {
  const [text, setText] = useState(/** @type {any} */ (null));
  async function toggle() {
    setText(text ? null : await get('/api/mail/inbox/{id}/', { path: { id: mail.id } }));
  }
  return html`
    <li class="mail">
      <span><strong dir="auto">${mail.subject || 'No subject'}</strong> <span class="badge">${MAIL_STATE[mail.state]}</span><br />
        <span class="small" dir="auto">${senderOf(mail)}</span> <span class="muted small">to ${mail.recipient}, <${Ago} at=${mail.received_at} /></span>
        ${mail.reason && html`<br /><span>${mail.reason}</span>`}
        ${mail.deed && html`<br /><span>${DEED[mail.deed]}</span>`}
        ${mail.issue && html` <a href=${`/issues/${mail.issue}/`}>${mail.issue_number}</a>`}</span>
      <span class="actions">
        <${ActionButton} kind="small" aria-expanded=${String(text !== null)} run=${toggle}>${text ? 'Close' : 'Read'}</${ActionButton}>
        ${mail.state === 'held' && html`<${HeldButtons} mail=${mail} onDone=${onDone} />`}
      </span>
      ${text && html`<${MailText} mail=${text} />`}
    </li>`;
}

/** `mails`: what useLive() gave for /api/mail/inbox/. */
export const MailList = ({ mails, empty }) => (mails.data.results.length
  ? html`<ul class="rows">${mails.data.results.map((mail) => html`<${Mail} key=${mail.id} mail=${mail} onDone=${mails.again} />`)}</ul>`
  : html`<${Empty} title="No e-mails" text=${empty} />`);
