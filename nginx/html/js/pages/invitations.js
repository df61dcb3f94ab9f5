// Invitations to the staff of organizations.
import { get, post } from '../api.js';
import { useLive } from '../data.js';
import { html } from '../lib.js';
import { useTitle } from '../nav.js';
import { session } from '../session.js';
import { exactText } from '../time.js';
import { ActionButton } from '../ui/form.js';
import { Empty, Loaded } from '../ui/states.js';
import { toast } from '../ui/toast.js';
import { ROLE } from '../words.js';

function Invitation({ invitation, onAnswered }) {
  const { name } = invitation.organization;
  const path = { id: invitation.id };
  async function answered(words) {
    session.know(await get('/api/users/me/'));
    toast(words);
    onAnswered();
  }
  async function accept() {
    await post('/api/invitations/{id}/accept/', { path });
    await answered(`You work for ${name} now. Switch to it above.`);
  }
  async function decline() {
    await post('/api/invitations/{id}/decline/', { path });
    await answered('The invitation is declined.');
  }
  return html`
    <li>
      <span><strong dir="auto">${name}</strong> <span class="badge">${ROLE[invitation.profile_type]}</span><br />
        <span class="muted small">until ${exactText(invitation.expires_at)}</span></span>
      <span class="actions">
        <${ActionButton} kind="small primary" run=${accept}>Accept</${ActionButton}>
        <${ActionButton} kind="small danger-quiet" run=${decline}>Decline</${ActionButton}>
      </span>
    </li>`;
}

const Nothing = () => (session.user?.email_verified
  ? html`<${Empty} title="There are no invitations" text="None is open." />`
  : html`<${Empty} title="There are no invitations" text="Confirm your e-mail address first: invitations go to it."><a href="/account/">Your account</a></${Empty}>`);

export default function Invitations() {
  useTitle('Invitations');
  const list = useLive('/api/invitations/');
  return html`<${Loaded} of=${[list]}>${() => html`
    <div class="sheet stack"><h1>Invitations</h1>
      <section class="card">${list.data?.results.length
        ? html`<ul class="rows">${list.data.results.map((i) => html`<${Invitation} key=${i.id} invitation=${i} onAnswered=${list.again} />`)}</ul>`
        : html`<${Nothing} />`}</section>
    </div>`}
  </${Loaded}>`;
}
