// What Docket keeps about a person: to take away, and to erase.
import { download, post } from '../api.js';
import { html } from '../lib.js';
import { go } from '../nav.js';
import { session } from '../session.js';
import { saveFile } from '../ui/file.js';
import { ActionButton, Form, Input, useForm } from '../ui/form.js';
import { toast } from '../ui/toast.js';

function EraseForm({ username }) {
  const form = useForm({ password: '', confirmation: '' }, async ({ password, confirmation }) => {
    if (confirmation.trim() !== username) {
      form.mark({ confirmation: `This is not ${username}.` });
      return;
    }
    await post('/api/users/me/erase/', { body: { password } });
    session.end();
    go('/login/');
    toast('Your account is erased.');
  });
  return html`
    <${Form} form=${form} submit="Erase my account" kind="danger" label="Erase the account">
      <${Input} form=${form} name="password" label="Your password" type="password" required autocomplete="current-password" />
      <${Input} form=${form} name="confirmation" label="Your user name, to confirm" hint=${`Type ${username}`} required maxlength="150" />
    </${Form}>`;
}

/** The card for it. */
export const OwnData = () => html`
  <section class="card"><h2>Your data</h2>
    <p>All that is kept about you, in one file.</p>
    <p><${ActionButton} run=${async () => saveFile(await download('/api/users/me/export/'), 'docket-account.json')}>Download my data</${ActionButton}></p>
    <h3>Erase the account</h3>
    <p class="muted">Your account ends, and your name and address are replaced everywhere. What you wrote stays. This cannot be undone.</p>
    <${EraseForm} username=${session.user?.username} />
  </section>`;
