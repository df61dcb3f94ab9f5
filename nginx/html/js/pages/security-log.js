// What happened to one's account or, for owners, to the organization's access.
import { fill, h } from '../dom.js';
import { get } from '../api.js';
import { setQuery, setTitle } from '../router.js';
import { session } from '../session.js';
import { ago } from '../time.js';
import { select } from '../ui/form.js';
import { pager } from '../ui/pager.js';
import { empty } from '../ui/states.js';

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

const row = (entry) => h('li', null,
  h('span', null, h('strong', null, EVENT[entry.event] ?? entry.event), h('br'),
    h('span', { class: 'muted small' }, circumstances(entry))),
  ago(entry.created_at));

function chooser(own) {
  const control = select([['organization', session.organization.name], ['own', 'My account']], {
    'aria-label': 'Security log of', onchange: () => setQuery({ of: control.value }),
  });
  control.value = own ? 'own' : 'organization';
  return control;
}

export default async function securityLog(root, { query, signal }) {
  setTitle('Security log');
  const own = !session.isOwner || query.of === 'own';
  const page = Number(query.page) || 1;
  const data = await get('/api/security-log/', { query: { mine: own || null, page, page_size: SIZE }, signal });
  fill(root, h('div', { class: 'sheet stack' },
    h('div', { class: 'head' }, h('h1', null, 'Security log'), session.isOwner && chooser(own)),
    h('section', { class: 'card' },
      h('p', { class: 'muted' }, own ? 'Logins to your account and what changed in it.' : 'Logins of your staff, and changes of who may do what.'),
      data.results.length ? h('ul', { class: 'rows' }, data.results.map(row)) : empty('Nothing has happened yet')),
    pager({ count: data.count, page, size: SIZE, query })));
}
