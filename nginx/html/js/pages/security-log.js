// What happened to one's account or, for owners, to the organization's access.
import { useLive } from '../data.js';
import { html, useLocation } from '../lib.js';
import { setQuery, useTitle } from '../nav.js';
import { session } from '../session.js';
import { Ago } from '../time.js';
import { Options } from '../ui/form.js';
import { Pager } from '../ui/pager.js';
import { Empty, Loaded } from '../ui/states.js';

const SIZE = 25;
const EVENT = {
  login: 'Logged in', login_failed: 'Login failed', locked: 'Locked after wrong passwords', logout: 'Logged out',
  signed_up: 'Signed up', reset_asked: 'Link for a new password requested', reset_done: 'Password set by a mailed link',
  password_changed: 'Password changed', email_change_asked: 'Change of address requested', email_changed: 'Address changed',
  email_proved: 'Address confirmed', role_invited: 'Invited to the staff', role_accepted: 'Invitation accepted',
  role_declined: 'Invitation declined', role_activated: 'Taken back on the staff', role_deactivated: 'Removed from the staff',
  role_changed: 'Role changed', token_made: 'Personal token made', token_ended: 'Personal token revoked',
  session_ended: 'Device logged out', team_tied: 'Linear team chosen', team_untied: 'Linear team removed',
  issues_exported: 'Issues exported', person_exported: 'Personal data exported', person_erased: 'Account erased',
  account_activated: 'Account activated', account_deactivated: 'Account deactivated',
};

/** "by Sahel Rahimi, for Erin Walsh, from 192.0.2.7: Nightly report" */
function circumstances(entry) {
  const parts = [
    entry.actor_name && `by ${entry.actor_name}`,
    entry.user_name && entry.user !== entry.actor && `for ${entry.user_name}`,
    entry.address && `from ${entry.address}`,
  ].filter(Boolean).join(', ');
  return [parts, entry.details].filter(Boolean).join(': ');
}

const row = (entry) => html`
  <li key=${entry.id}>
    <span><strong>${EVENT[entry.event] ?? entry.event}</strong><br /><span class="muted small">${circumstances(entry)}</span></span>
    <${Ago} at=${entry.created_at} />
  </li>`;

const Chooser = ({ own }) => html`
  <select aria-label="Security log of" value=${own ? 'own' : 'organization'} onChange=${(event) => setQuery({ of: event.target.value })}>
    <${Options} of=${[['organization', session.organization?.name], ['own', 'My account']]} />
  </select>`;

export default function SecurityLog() {
  useTitle('Security log');
  const { query } = useLocation();
  const own = !session.isOwner || query.of === 'own';
  const page = Number(query.page) || 1;
  const log = useLive('/api/security-log/', { query: { mine: own || null, page, page_size: SIZE } });
  return html`<${Loaded} of=${[log]}>${() => html`
    <div class="sheet stack">
      <div class="head"><h1>Security log</h1>${session.isOwner && html`<${Chooser} own=${own} />`}</div>
      <section class="card">
        <p class="muted">${own ? 'Logins to your account and what changed in it.' : 'Logins of your staff, and changes of who may do what.'}</p>
        ${log.data?.results.length ? html`<ul class="rows">${log.data.results.map(row)}</ul>` : html`<${Empty} title="Nothing has happened yet" />`}
      </section>
      <${Pager} count=${log.data?.count} page=${page} size=${SIZE} query=${query} />
    </div>`}
  </${Loaded}>`;
}
