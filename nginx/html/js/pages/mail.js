// E-mails that came in, for staff.
import { useLive } from '../data.js';
import { html, useLocation } from '../lib.js';
import { MAIL_STATE, MailList } from '../mail/inbox.js';
import { setQuery, useTitle } from '../nav.js';
import { session } from '../session.js';
import { Options } from '../ui/form.js';
import { Pager } from '../ui/pager.js';
import { Loaded } from '../ui/states.js';

const SIZE = 25;
const EVERY = 20_000;

const Chooser = ({ state }) => html`
  <select aria-label="E-mails shown" value=${state} onChange=${(event) => setQuery({ state: event.target.value })}>
    <${Options} of=${[...Object.entries(MAIL_STATE), ['all', 'All']]} />
  </select>`;

export default function Mail() {
  useTitle('E-mail');
  const { query } = useLocation();
  const state = query.state in MAIL_STATE || query.state === 'all' ? query.state : 'held';
  const page = Number(query.page) || 1;
  const mails = useLive('/api/mail/inbox/', { query: { state: /** @type {any} */ (state === 'all' ? null : state), page, page_size: SIZE }, every: EVERY });
  return html`<${Loaded} of=${[mails]}>${() => html`
    <div class="sheet stack">
      <div class="head"><h1>E-mail</h1><${Chooser} state=${state} /></div>
      <section class="card">
        <p class="muted">${state === 'held' ? 'These wait for your decision: nothing happens until you accept one.' : 'What came in within 90 days, and what became of it.'}</p>
        <${MailList} mails=${mails} empty=${state === 'held' ? 'None waits for a decision.' : 'There are none of this kind.'} />
      </section>
      <${Pager} count=${mails.data?.count} page=${page} size=${SIZE} query=${query} />
      ${session.isOwner && html`<p><a href="/settings/">Settings</a>: who may write to you, and at which address.</p>`}
    </div>`}
  </${Loaded}>`;
}
