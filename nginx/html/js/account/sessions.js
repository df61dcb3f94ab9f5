// Where one is logged in.
import { remove } from '../api.js';
import { useLive } from '../data.js';
import { html } from '../lib.js';
import { Ago } from '../time.js';
import { ActionButton } from '../ui/form.js';
import { toast } from '../ui/toast.js';

export const useSessions = () => useLive('/api/sessions/', { query: { page_size: 100 } });

/** The card of the logins, as useSessions() gives them. */
export function Sessions({ logins }) {
  const { results, count } = logins.data;
  async function end(login) {
    await remove('/api/sessions/{id}/', { path: { id: login.id } });
    toast('That device is logged out.');
    logins.again();
  }
  return html`
    <section class="card"><h2>Where you are logged in</h2>
      <p class="muted">End what you do not know, and change the password then. <a href="/security-log/?of=own">What happened to your account</a></p>
      <ul class="rows">${results.map((login) => html`
        <li key=${login.id}>
          <span><strong>${login.address ?? 'From an unknown address'}</strong>
            ${login.is_current && html` <span class="badge">This device</span>`}<br />
            <span class="muted small">logged in <${Ago} at=${login.created_at} />${login.last_used_at && html`, last used <${Ago} at=${login.last_used_at} />`}</span></span>
          ${!login.is_current && html`<${ActionButton} kind="small danger-quiet" run=${() => end(login)}>Log out</${ActionButton}>`}
        </li>`)}</ul>
      ${count > results.length && html`<p class="muted small">There are ${count - results.length} older ones.</p>`}
    </section>`;
}
