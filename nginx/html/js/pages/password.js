// Where the one-time links of invitations and password resets lead.
import { post } from '../api.js';
import { html, useMemo } from '../lib.js';
import { go, useTitle } from '../nav.js';
import { Form, Input, useForm } from '../ui/form.js';
import { Note } from '../ui/states.js';
import { toast } from '../ui/toast.js';

/** What stands behind the # is sent to nobody, and does not stay in the address. */
function takeToken() {
  const token = decodeURIComponent(location.hash.slice(1));
  history.replaceState(history.state, '', location.pathname);
  return token;
}

export default function SetPassword() {
  useTitle('Choose a password');
  const token = useMemo(takeToken, []);
  const form = useForm({ new_password: '' }, async ({ new_password: word }) => {
    await post('/api/auth/password-reset/confirm/', { body: { token, new_password: word } });
    toast('Your password is saved. You can log in with it.');
    go('/login/', { replace: true });
  });
  return html`
    <section class="card narrow"><h1>Choose a password</h1>
      ${token ? html`
        <${Form} form=${form} submit="Save the password">
          <${Input} form=${form} name="new_password" label="New password" type="password" required autocomplete="new-password"
            hint="At least 10 characters. A short sentence is a good one." />
        </${Form}>`
        : html`<${Note} kind="warning"><p>This link is incomplete. Please open it from the mail again.</p></${Note}>`}
    </section>`;
}
