// What the owner of an organization decides.
import { patch } from '../api.js';
import { useLive } from '../data.js';
import { html, useRef } from '../lib.js';
import { MailSettings } from '../mail/settings.js';
import { useTitle } from '../nav.js';
import { Staff, useStaff } from '../organization/staff.js';
import { session } from '../session.js';
import { zones } from '../time.js';
import { Form, Input, SavedBox, Select, useForm } from '../ui/form.js';
import { Loaded } from '../ui/states.js';
import { toast } from '../ui/toast.js';

const saveOrganization = (id, body) => patch('/api/organizations/{id}/', { path: { id }, body });

function teamsOf(teams, organization) {
  const known = (teams?.teams ?? []).map((t) => [t.id, `${t.name} (${t.key})`]);
  const { linear_team_id: id, linear_team_name: name } = organization;
  return !id || known.some(([other]) => other === id) ? known : [...known, [id, name ?? id]];
}

function Organization({ organization, teams }) {
  const present = useRef(organization.linear_team_id ?? '');
  const first = { name: organization.name, time_zone: organization.time_zone, linear_team_id: present.current };
  const form = useForm(first, async ({ name, time_zone: zone, linear_team_id: team }) => {
    await saveOrganization(organization.id, { name: name.trim(), time_zone: zone, ...(team !== present.current && { linear_team_id: team || null }) });
    present.current = team;
    toast('Saved.');
  });
  return html`
    <section class="card"><h2>Organization</h2>
      <${Form} form=${form} submit="Save" label="Organization">
        <${Input} form=${form} name="name" label="Name" hint="Customers see it." required maxlength="255" dir="auto" />
        <${Select} form=${form} name="time_zone" label="Time zone" options=${zones(organization.time_zone).map((zone) => [zone, zone.replaceAll('_', ' ')])}
          hint="The days of the dashboard begin at midnight there." />
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

export default function Settings() {
  useTitle('Settings');
  const organization = useLive('/api/organizations/{id}/', { path: { id: session.organization?.id } });
  const people = useStaff();
  // Linear may be slow or away: the page works without
  const teams = useLive('/api/linear/teams/', { isOptional: true });
  return html`<${Loaded} of=${[organization, people.staff, teams]}>${() => html`
    <div class="sheet stack"><h1>Settings</h1>
      <${Organization} organization=${organization.data} teams=${teams.data} />
      <${MailSettings} organization=${organization.data} />
      <${Customers} organization=${organization.data} />
      <${Staff} ...${people} />
      <p><a href="/security-log/">Security log</a>: logins of your staff, and changes of who may do what.</p>
    </div>`}
  </${Loaded}>`;
}
