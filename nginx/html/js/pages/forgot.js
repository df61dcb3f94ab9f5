import { post } from '../api.js';
import { html, useLayoutEffect, useRef, useState } from '../lib.js';
import { useTitle } from '../nav.js';
import { Form, Input, useForm } from '../ui/form.js';

export default function Forgot() {
  useTitle('Forgot your password?');
  const [isSent, setSent] = useState(false);
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  const form = useForm({ email: '' }, async ({ email }) => {
    await post('/api/auth/password-reset/', { body: { email: email.trim() } });
    setSent(true);
  });
  useLayoutEffect(() => {
    if (isSent) heading.current?.focus();
  }, [isSent]);
  return html`
    <section class="card narrow">
      <h1 tabindex="-1" ref=${heading}>${isSent ? 'Look into your mailbox' : 'Forgot your password?'}</h1>
      ${isSent ? html`<p>If there is an account with this address, a link is on its way. It works once, and for a short time only.</p>` : html`
        <p class="lead">Tell us your address, and we send you a link to choose a new one.</p>
        <${Form} form=${form} submit="Send me a link">
          <${Input} form=${form} name="email" label="E-mail" type="email" required autocomplete="email" />
        </${Form}>`}
      <p class="links"><a href="/login/">Back to the login</a></p>
    </section>`;
}
