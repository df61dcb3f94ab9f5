// Where the links lead that confirm an e-mail address. Opening one changes
// nothing: mail scanners open links, too. The account must be logged in.
import { post } from '../api.js';
import { html, useMemo, useState } from '../lib.js';
import { go, useTitle } from '../nav.js';
import { session } from '../session.js';
import { tab } from '../storage.js';
import { ActionButton } from '../ui/form.js';
import { Note } from '../ui/states.js';
import { toast } from '../ui/toast.js';

const KEY = 'confirm-email';

/** What stands behind the # is sent to nobody, and does not stay in the address. A login comes between. */
function takeToken() {
  const token = decodeURIComponent(location.hash.slice(1)) || tab.get(KEY);
  history.replaceState(history.state, '', location.pathname);
  tab.set(KEY, token || null);
  return token;
}

function Ask({ token }) {
  const [problem, setProblem] = useState('');
  async function confirm() {
    const user = await post('/api/auth/confirm-email/', { body: { token } });
    tab.set(KEY, null);
    session.know(user);
    toast(`${user.email} is confirmed.`);
    go('/account/', { replace: true });
  }
  return html`
    <div role="alert">${problem && html`<${Note} kind="warning"><p>${problem}</p></${Note}>`}</div>
    <p>You are logged in as <strong>${session.user?.username}</strong>. Is the address of this mail yours, for this account?</p>
    <${ActionButton} kind="primary" run=${confirm} onError=${(error) => setProblem(error.details?.token?.[0] ?? error.message)}>Confirm the address</${ActionButton}>`;
}

export default function ConfirmEmail() {
  useTitle('Confirm your e-mail address');
  const token = useMemo(takeToken, []);
  let body = html`<${Note} kind="warning"><p>This link is incomplete. Please open it from the mail again.</p></${Note}>`;
  if (token && session.user) body = html`<${Ask} token=${token} />`;
  else if (token) {
    body = html`
      <p>Log in to the account that the address is for. Until it is confirmed, use its user name.</p>
      <p><a class="button" href="/login/?next=%2Fconfirm-email%2F">Log in</a></p>`;
  }
  return html`<section class="card narrow"><h1>Confirm your e-mail address</h1>${body}</section>`;
}
