// One's own password, mail, logins, tokens and data.
import { OwnData } from '../account/data.js';
import { Sessions, useSessions } from '../account/sessions.js';
import { Tokens, useTokens } from '../account/tokens.js';
import { patch, post } from '../api.js';
import { html, useState } from '../lib.js';
import { showHelp } from '../keys.js';
import { useTitle } from '../nav.js';
import { session } from '../session.js';
import { Form, Input, SavedBox, useForm } from '../ui/form.js';
import { Loaded } from '../ui/states.js';
import { toast } from '../ui/toast.js';
import { profileText } from '../words.js';

const AboutMe = ({ user }) => html`
  <section class="card"><h2>You</h2>
    <dl class="facts">
      <dt>Name</dt><dd dir="auto">${user.full_name}</dd>
      <dt>E-mail</dt><dd>${user.email}</dd>
      <dt>User name</dt><dd>${user.username}</dd>
      <dt>Acting as</dt><dd>${session.profile ? profileText(session.profile) : 'Nobody'}</dd>
    </dl>
    <p><button type="button" class="button quiet" onClick=${showHelp}>Keyboard shortcuts</button></p>
  </section>`;

function Address({ user }) {
  const [told, setTold] = useState('');
  const form = useForm({ email: user.email, password: '' }, async ({ email, password }) => {
    const answer = await post('/api/users/me/email/', { body: { email: email.trim(), password } });
    form.put({ password: '' });
    setTold(`${answer.message}.`);
  });
  return html`
    <section class="card"><h2>E-mail address</h2>
      <p>${user.email} <span class="badge">${user.email_verified ? 'Confirmed' : 'Not confirmed'}</span></p>
      <p class="muted small">${user.email_verified ? 'A new one counts from when you use the link that we mail to it.'
        : 'Until you confirm it, no notifications come by mail, and you log in with your user name.'}</p>
      <${Form} form=${form} submit=${user.email_verified ? 'Change the address' : 'Mail me a link'} label="Another address">
        <${Input} form=${form} name="email" label="E-mail address" type="email" required autocomplete="email" />
        <${Input} form=${form} name="password" label="Password for this change" type="password" required autocomplete="current-password" />
      </${Form}>
      <div>${told && html`<div class="note info" role="status"><p>${told}</p></div>`}</div>
      <p><a href="/invitations/">Invitations</a></p>
    </section>`;
}

function Mail({ user }) {
  async function save(isOn) {
    session.know(await patch('/api/users/me/', { body: { wants_mail: isOn } }));
    toast(isOn ? 'You get mail from now on.' : 'You get no more mail.');
  }
  return html`
    <section class="card"><h2>Mail</h2>
      <${SavedBox} isOn=${user.wants_mail} save=${save}>Send me notifications by e-mail, too</${SavedBox}>
      <p class="muted small">Here in Docket they come in any case.</p>
    </section>`;
}

function Password() {
  const form = useForm({ old_password: '', new_password: '' }, async (body) => {
    await post('/api/auth/change-password/', { body });
    form.reset();
    toast('The password is changed. All your other devices are logged out.');
  });
  return html`
    <section class="card"><h2>Password</h2>
      <${Form} form=${form} submit="Change the password" label="Change the password">
        <${Input} form=${form} name="old_password" label="Present password" type="password" required autocomplete="current-password" />
        <${Input} form=${form} name="new_password" label="New password" type="password" required autocomplete="new-password"
          hint="At least 10 characters. A short sentence is a good one." />
      </${Form}>
    </section>`;
}

export default function Account() {
  useTitle('Account');
  const logins = useSessions();
  const tokens = useTokens();
  const { user } = session;
  return html`<${Loaded} of=${[logins, tokens]}>${() => html`
    <div class="sheet stack"><h1>Account</h1>
      <${AboutMe} user=${user} />
      <${Address} key=${user?.email} user=${user} />
      <${Mail} user=${user} />
      <${Password} />
      <${Sessions} logins=${logins} />
      ${tokens.data && html`<${Tokens} tokens=${tokens} />`}
      <${OwnData} />
    </div>`}
  </${Loaded}>`;
}
