import { post } from '../api.js';
import { useLive } from '../data.js';
import { html, useLayoutEffect, useLocation, useState } from '../lib.js';
import { go, useTitle } from '../nav.js';
import { session } from '../session.js';
import { Form, Input, useForm } from '../ui/form.js';

/** The address to go on to, if it is one of ours. */
function nextOf(query) {
  const next = query.next ?? '/';
  return next.startsWith('/') && !/^\/[/\\]/.test(next) ? next : '/';
}

export default function Login() {
  useTitle('Log in');
  const { query } = useLocation();
  const health = useLive('/api/health/', { isExtra: true });
  const [keep, setKeep] = useState(true);
  const form = useForm({ username: '', password: '' }, async ({ username, password }) => {
    const answer = await post('/api/auth/login/', { body: { username: username.trim(), password } });
    session.begin(answer.token, answer.user, keep);
    go(nextOf(query), { replace: true });
  });
  useLayoutEffect(() => form.focus('username'), []);
  const extra = html`
    <label class="check"><input type="checkbox" checked=${keep} onChange=${(event) => setKeep(event.target.checked)} />Keep me logged in on this device</label>`;
  return html`
    <section class="card narrow">
      <h1>Log in</h1>
      <p class="lead">Raise an issue, follow it, and get it solved.</p>
      <${Form} form=${form} submit="Log in" extra=${extra}>
        <${Input} form=${form} name="username" label="User name or e-mail" required autocomplete="username" autocapitalize="none" spellcheck=${false} />
        <${Input} form=${form} name="password" label="Password" type="password" required autocomplete="current-password" />
      </${Form}>
      <p class="links">
        <a href="/forgot-password/">Forgot your password?</a>
        ${health.data?.signup && html`<a href="/sign-up/">Create an account</a>`}
      </p>
    </section>`;
}
