// What the owner of an organization decides.
import { fill, h } from '../dom.js';
import { get, itemsOf, optional, patch, post } from '../api.js';
import { setTitle } from '../router.js';
import { session } from '../session.js';
import { ago, exactText } from '../time.js';
import { confirmed } from '../ui/dialog.js';
import { actionButton, field, form, input, select } from '../ui/form.js';
import { complain, toast } from '../ui/toast.js';
import { ROLE } from '../words.js';

function organizationCard(organization, teams) {
  const name = field('name', 'Name', input({ required: true, maxlength: 255, value: organization.name }), { hint: 'Customers see it.' });
  let present = organization.linear_team_id ?? '';
  const known = itemsOf(teams?.teams).map((t) => [t.id, `${t.name} (${t.key})`]);
  if (present && !known.some(([id]) => id === present)) known.push([present, organization.linear_team_name ?? present]);
  const team = field('linear_team_id', 'Linear team', select([['', 'None: do not sync'], ...known], { value: present }),
    { hint: teams ? 'Issues appear on this team’s board, and its changes come back here.' : 'The teams cannot be listed now: Linear does not answer, or there is no key.' });
  team.control.value = present;
  return h('section', { class: 'card' }, h('h2', null, 'Organization'), form({
    fields: [name, team], submit: 'Save', label: 'Organization',
    async send() {
      const body = { name: name.value.trim() };
      if (team.value !== present) body.linear_team_id = team.value || null;
      await patch(`/api/organizations/${organization.id}/`, body);
      present = team.value;
      toast('Saved.');
    },
  }).node);
}

/** A box that is saved when it is ticked. */
function settingBox(organization, name, label, hint) {
  const box = h('input', { type: 'checkbox', checked: organization[name], onchange: async () => {
    try {
      await patch(`/api/organizations/${organization.id}/`, { [name]: box.checked });
      organization[name] = box.checked;
      toast('Saved.');
    } catch (error) {
      box.checked = organization[name];
      complain(error);
    }
  } });
  return h('div', null, h('label', { class: 'check' }, box, label), h('p', { class: 'muted small' }, hint));
}

function customersCard(organization) {
  return h('section', { class: 'card' }, h('h2', null, 'Customers'),
    settingBox(organization, 'is_listed', 'Show us in the list of companies',
      'Otherwise only people who have an issue or an order with you find you here.'),
    settingBox(organization, 'staff_may_raise', 'Staff may raise issues for customers',
      'For those who call or write. The customer is told, and the history shows who raised it.'));
}

function inviteForm(onInvited) {
  const first = field('first_name', 'First name', input({ maxlength: 80 }));
  const last = field('last_name', 'Last name', input({ maxlength: 80 }));
  const email = field('email', 'E-mail', input({ type: 'email', required: true }));
  const role = field('profile_type', 'Role', select({ employee: ROLE.employee, vendor: ROLE.vendor }),
    { hint: 'Owners may also change these settings and delete issues.' });
  const result = h('div');
  const { node } = form({
    fields: [first, last, email, role], submit: 'Invite', label: 'Invite somebody',
    async send() {
      const answer = await post('/api/employees/', {
        first_name: first.value.trim(), last_name: last.value.trim(), email: email.value.trim(), profile_type: role.value,
      });
      node.reset();
      fill(result, answer.invite_url
        ? h('div', { class: 'note info', role: 'status' },
          h('p', null, `Send this link to ${answer.employee.full_name || answer.employee.email}. It is for choosing a password, works once, until ${exactText(answer.expires_at)}, and is not shown again:`),
          h('code', { class: 'secret' }, answer.invite_url))
        : h('div', { class: 'note info', role: 'status' }, h('p', null, `An invitation is on its way to ${answer.employee.email}. It is open until ${exactText(answer.expires_at)}.`)));
      await onInvited();
    },
  });
  node.classList.add('columns');
  return h('div', null, h('h3', null, 'Invite somebody'), node, result);
}

function staffCard(first, signal) {
  const list = h('div');

  async function change(member, body, done) {
    await patch(`/api/employees/${member.id}/`, body);
    toast(done);
    await load();
  }

  async function deactivate(member) {
    const sure = await confirmed(`Deactivate ${member.full_name}?`, 'They can no longer act as your staff. What they wrote stays.', 'Deactivate', { danger: true });
    if (sure) await change(member, { is_active: false }, `${member.full_name} is deactivated.`);
  }

  const button = (text, run, kind = '') => actionButton(text, run, { kind: `small ${kind}`, onError: complain });

  function row(member) {
    const me = member.id === session.profile.id;
    const owner = member.profile_type === 'vendor';
    return h('li', { class: member.is_active ? null : 'inactive' },
      h('span', null, h('strong', null, member.full_name || member.username), ' ',
        h('span', { class: 'badge' }, ROLE[member.profile_type]), ' ',
        member.is_invited && h('span', { class: 'badge' }, 'Invited'), !member.is_active && h('span', { class: 'badge' }, 'Deactivated'),
        h('br'), h('span', { class: 'muted small' }, member.email, member.last_login_at && [' · last here ', ago(member.last_login_at)])),
      me ? h('span', { class: 'muted' }, 'You') : h('span', { class: 'actions' },
        member.is_active && button(owner ? 'Make employee' : 'Make owner', () => change(member, { profile_type: owner ? 'employee' : 'vendor' }, 'Saved.')),
        member.is_active ? button('Deactivate', () => deactivate(member), 'danger-quiet') : button('Bring back', () => change(member, { is_active: true }, `${member.full_name} is back.`))));
  }

  const show = (data) => fill(list, h('ul', { class: 'rows' }, itemsOf(data).map(row)));
  const load = async () => show(await get('/api/employees/', { query: { all: true, page_size: 500 }, signal }));
  show(first);
  return h('section', { class: 'card' }, h('h2', null, 'Staff'), list, inviteForm(load));
}

export default async function settings(root, { signal }) {
  setTitle('Settings');
  const [organization, staff, teams] = await Promise.all([
    get(`/api/organizations/${session.organization.id}/`, { signal }),
    get('/api/employees/', { query: { all: true, page_size: 500 }, signal }),
    // Linear may be slow or away: the page works without
    optional(get('/api/linear/teams/', { signal })).catch(() => null),
  ]);
  fill(root, h('div', { class: 'sheet stack' }, h('h1', null, 'Settings'), organizationCard(organization, teams), customersCard(organization), staffCard(staff, signal),
    h('p', null, h('a', { href: '/security-log/' }, 'Security log'), ': logins of your staff, and changes of who may do what.')));
}
