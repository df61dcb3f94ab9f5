import { ApiError, post } from '../api.js';
import { html, useState } from '../lib.js';
import { go, useTitle } from '../nav.js';
import { session } from '../session.js';
import { Form, Input, useForm } from '../ui/form.js';
import { Note } from '../ui/states.js';

const BLANK = { first_name: '', last_name: '', email: '', username: '', password: '' };

export default function SignUp() {
  useTitle('Create an account');
  const [isOff, setOff] = useState(false);
  const form = useForm(BLANK, async ({ password, ...words }) => {
    const trimmed = Object.fromEntries(Object.entries(words).map(([name, text]) => [name, text.trim()]));
    try {
      await post('/api/users/', { body: /** @type {any} */ ({ ...trimmed, password }) });
    } catch (error) {
      if (!(error instanceof ApiError) || !(error.isMissing || error.status === 403)) throw error;
      setOff(true);
      return;
    }
    const answer = await post('/api/auth/login/', { body: { username: trimmed.username, password } });
    session.begin(answer.token, answer.user, false);
    go('/', { replace: true });
  });
  return html`
    <section class="card narrow"><h1>Create an account</h1>
      <div>${isOff && html`<${Note} kind="warning"><p>Accounts are made by invitation here. Please ask the company that you want to reach.</p></${Note}>`}</div>
      <${Form} form=${form} submit="Create the account">
        <${Input} form=${form} name="first_name" label="First name" required autocomplete="given-name" />
        <${Input} form=${form} name="last_name" label="Last name" required autocomplete="family-name" />
        <${Input} form=${form} name="email" label="E-mail" type="email" required autocomplete="email" />
        <${Input} form=${form} name="username" label="User name" hint="For logging in. Nobody else sees it." required
          autocomplete="username" autocapitalize="none" spellcheck=${false} />
        <${Input} form=${form} name="password" label="Password" type="password" required autocomplete="new-password"
          hint="At least 10 characters. A short sentence is a good one." />
      </${Form}>
      <p class="links"><a href="/login/">I have one already</a></p>
    </section>`;
}
