// What the owner of an organization decides.
import { patch, post } from '../api.js';
import { useLive } from '../data.js';
import { html, useRef, useState } from '../lib.js';
import { useTitle } from '../nav.js';
import { session } from '../session.js';
import { Ago, exactText } from '../time.js';
import { confirmed } from '../ui/dialog.js';
import { ActionButton, Form, Input, SavedBox, Select, useForm } from '../ui/form.js';
import { Loaded } from '../ui/states.js';
import { toast } from '../ui/toast.js';
import { ROLE } from '../words.js';

const STAFF_MAX = 500;

const saveOrganization = (id, body) => patch('/api/organizations/{id}/', { path: { id }, body });

function teamsOf(teams, organization) {
  const known = (teams?.teams ?? []).map((t) => [t.id, `${t.name} (${t.key})`]);
  const { linear_team_id: id, linear_team_name: name } = organization;
  return !id || known.some(([other]) => other === id) ? known : [...known, [id, name ?? id]];
}

function Organization({ organization, teams }) {
  const present = useRef(organization.linear_team_id ?? '');
  const form = useForm({ name: organization.name, linear_team_id: present.current }, async ({ name, linear_team_id: team }) => {
    await saveOrganization(organization.id, { name: name.trim(), ...(team !== present.current && { linear_team_id: team || null }) });
    present.current = team;
    toast('Saved.');
  });
  return html`
    <section class="card"><h2>Organization</h2>
      <${Form} form=${form} submit="Save" label="Organization">
        <${Input} form=${form} name="name" label="Name" hint="Customers see it." required maxlength="255" dir="auto" />
        <${Select} form=${form} name="linear_team_id" label="Linear team" options=${[['', 'None: do not sync'], ...teamsOf(teams, organization)]}
          hint=${teams ? 'Issues appear on this team’s board, and its changes come back here.' : 'The teams cannot be listed now: Linear does not answer, or there is no key.'} />
      </${Form}>
    </section>`;
}

/** A box of the organization that is saved when it is ticked. */
function SettingBox({ organization, name, label, hint }) {
  async function save(isOn) {
    await saveOrganization(organization.id, { [name]: isOn });
    toast('Saved.');
  }
  return html`<div><${SavedBox} isOn=${organization[name]} save=${save}>${label}</${SavedBox}><p class="muted small">${hint}</p></div>`;
}

const Customers = ({ organization }) => html`
  <section class="card"><h2>Customers</h2>
    <${SettingBox} organization=${organization} name="is_listed" label="Show us in the list of companies"
      hint="Otherwise only people who have an issue or an order with you find you here." />
    <${SettingBox} organization=${organization} name="staff_may_raise" label="Staff may raise issues for customers"
      hint="For those who call or write. The customer is told, and the history shows who raised it." />
  </section>`;

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

/** The staff; a long list is narrowed by a name or an address. */
function Staff({ staff, page, setPage }) {
  const [words, setWords] = useState('');
  const { results, count, next } = staff.data;
  const found = results.filter((m) => `${m.full_name} ${m.email}`.toLocaleLowerCase().includes(words.toLocaleLowerCase()));
  return html`
    <section class="card"><h2>Staff</h2>
      ${count > 20 && html`<input type="search" aria-label="Search the staff" placeholder="Search" value=${words} onInput=${(event) => setWords(event.target.value)} />`}
      <div><ul class="rows">${found.map((member) => html`<${Member} key=${member.id} member=${member} onChanged=${staff.again} />`)}</ul></div>
      ${(next || page > 1) && html`<p class="actions">
        ${page > 1 && html`<button type="button" class="button" onClick=${() => setPage(page - 1)}>Previous</button>`}
        ${next && html`<button type="button" class="button" onClick=${() => setPage(page + 1)}>Next</button>`}</p>`}
      <${InviteForm} onInvited=${staff.again} />
    </section>`;
}

export default function Settings() {
  useTitle('Settings');
  const [page, setPage] = useState(1);
  const organization = useLive('/api/organizations/{id}/', { path: { id: session.organization?.id } });
  const staff = useLive('/api/employees/', { query: { all: true, page, page_size: STAFF_MAX } });
  // Linear may be slow or away: the page works without
  const teams = useLive('/api/linear/teams/', { isOptional: true });
  return html`<${Loaded} of=${[organization, staff, teams]}>${() => html`
    <div class="sheet stack"><h1>Settings</h1>
      <${Organization} organization=${organization.data} teams=${teams.data} />
      <${Customers} organization=${organization.data} />
      <${Staff} staff=${staff} page=${page} setPage=${setPage} />
      <p><a href="/security-log/">Security log</a>: logins of your staff, and changes of who may do what.</p>
    </div>`}
  </${Loaded}>`;
}
