// The staff of an organization, for its owner: who is on it, invitations, and a
// search where there are many.
import { patch, post } from '../api.js';
import { useDebounced, useLive } from '../data.js';
import { html, useState } from '../lib.js';
import { session } from '../session.js';
import { Ago, exactText } from '../time.js';
import { confirmed } from '../ui/dialog.js';
import { ActionButton, Form, Input, Select, useForm } from '../ui/form.js';
import { toast } from '../ui/toast.js';
import { ROLE } from '../words.js';

const SIZE = 25;
const SEARCHED_FROM = 20;
const WAIT = 200; // ms without another letter

/** What became of an invitation. */
function Invited({ employee, invite_url: url, expires_at: end }) {
  if (!url) return html`<div class="note info" role="status"><p>An invitation is on its way to ${employee.email}. It is open until ${exactText(end)}.</p></div>`;
  return html`
    <div class="note info" role="status">
      <p>Send this link to ${employee.full_name || employee.email}. It is for choosing a password, works once, until ${exactText(end)}, and is not shown again:</p>
      <code class="secret">${url}</code>
    </div>`;
}

function InviteForm({ onInvited }) {
  const [answer, setAnswer] = useState(/** @type {any} */ (null));
  const form = useForm({ first_name: '', last_name: '', email: '', profile_type: 'employee' }, async (values) => {
    const body = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, text.trim()]));
    setAnswer(await post('/api/employees/', { body: /** @type {any} */ (body) }));
    form.reset();
    onInvited();
  });
  return html`
    <div><h3>Invite somebody</h3>
      <${Form} form=${form} submit="Invite" label="Invite somebody" class="columns">
        <${Input} form=${form} name="first_name" label="First name" maxlength="80" dir="auto" />
        <${Input} form=${form} name="last_name" label="Last name" maxlength="80" dir="auto" />
        <${Input} form=${form} name="email" label="E-mail" type="email" required />
        <${Select} form=${form} name="profile_type" label="Role" options=${{ employee: ROLE.employee, vendor: ROLE.vendor }}
          hint="Owners may also change these settings and delete issues." />
      </${Form}>
      <div>${answer && html`<${Invited} ...${answer} />`}</div>
    </div>`;
}

function MemberButtons({ member, onChanged }) {
  async function change(body, done) {
    await patch('/api/employees/{id}/', { path: { id: member.id }, body });
    toast(done);
    onChanged();
  }
  async function deactivate() {
    const sure = await confirmed(`Deactivate ${member.full_name}?`, 'They can no longer act as your staff. What they wrote stays.', 'Deactivate', { danger: true });
    if (sure) await change({ is_active: false }, `${member.full_name} is deactivated.`);
  }
  if (!member.is_active) {
    return html`<span class="actions"><${ActionButton} kind="small" run=${() => change({ is_active: true }, `${member.full_name} is back.`)}>Bring back</${ActionButton}></span>`;
  }
  const other = member.profile_type === 'vendor' ? 'employee' : 'vendor';
  return html`
    <span class="actions">
      <${ActionButton} kind="small" run=${() => change({ profile_type: other }, 'Saved.')}>${other === 'vendor' ? 'Make owner' : 'Make employee'}</${ActionButton}>
      <${ActionButton} kind="small danger-quiet" run=${deactivate}>Deactivate</${ActionButton}>
    </span>`;
}

const Member = ({ member, onChanged }) => html`
  <li class=${member.is_active ? null : 'inactive'}>
    <span><strong dir="auto">${member.full_name || member.username}</strong> <span class="badge">${ROLE[member.profile_type]}</span>
      ${member.is_invited && html` <span class="badge">Invited</span>`}${!member.is_active && html` <span class="badge">Deactivated</span>`}<br />
      <span class="muted small">${member.email}${member.last_login_at && html` · last here <${Ago} at=${member.last_login_at} />`}</span></span>
    ${member.id === session.profile?.id ? html`<span class="muted">You</span>` : html`<${MemberButtons} member=${member} onChanged=${onChanged} />`}
  </li>`;

/** The card of the staff, as useStaff() gives it. */
export function Staff({ staff, words, onSearch, page, setPage }) {
  const { results, count, next } = staff.data;
  return html`
    <section class="card"><h2>Staff</h2>
      ${(count > SEARCHED_FROM || words) && html`<input type="search" aria-label="Search the staff" placeholder="Search" maxlength="200" value=${words} onInput=${(event) => onSearch(event.target.value)} />`}
      <div aria-busy=${staff.isStale ? 'true' : null}>
        <ul class="rows">${results.map((member) => html`<${Member} key=${member.id} member=${member} onChanged=${staff.again} />`)}</ul>
        ${!results.length && html`<p class="muted">Nobody is found.</p>`}
      </div>
      ${(next || page > 1) && html`<p class="actions">
        ${page > 1 && html`<button type="button" class="button" onClick=${() => setPage(page - 1)}>Previous</button>`}
        ${next && html`<button type="button" class="button" onClick=${() => setPage(page + 1)}>Next</button>`}</p>`}
      <${InviteForm} onInvited=${staff.again} />
    </section>`;
}

/** A page of the staff, and the words that are searched for. */
export function useStaff() {
  const [page, setPage] = useState(1);
  const [words, setWords] = useState('');
  const search = useDebounced(words.trim(), WAIT);
  const staff = useLive('/api/employees/', { query: { all: true, search, page, page_size: SIZE } });
  const onSearch = (text) => {
    setWords(text);
    setPage(1);
  };
  return { staff, words, onSearch, page, setPage };
}
