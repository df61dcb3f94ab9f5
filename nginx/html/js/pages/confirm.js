// Where the links lead that confirm an e-mail address. Opening one changes
// nothing: mail scanners open links, too. The account must be logged in.
import { fill, h } from '../dom.js';
import { post } from '../api.js';
import { go, setTitle } from '../router.js';
import { session } from '../session.js';
import { tab } from '../storage.js';
import { actionButton } from '../ui/form.js';
import { note } from '../ui/states.js';
import { toast } from '../ui/toast.js';

const KEY = 'confirm-email';

/** What stands behind the # is sent to nobody, and does not stay in the address. A login comes between. */
function takeToken() {
  const token = decodeURIComponent(location.hash.slice(1)) || tab.get(KEY);
  history.replaceState(history.state, '', location.pathname);
  tab.set(KEY, token || null);
  return token;
}

function ask(token) {
  const problem = h('div', { role: 'alert' });
  const button = actionButton('Confirm the address', async () => {
    const user = await post('/api/auth/confirm-email/', { token });
    tab.set(KEY, null);
    session.know(user);
    toast(`${user.email} is confirmed.`);
    go('/account/', { replace: true });
  }, { kind: 'primary', onError: (error) => fill(problem, note('warning', h('p', null, error.details?.token?.[0] ?? error.message))) });
  return [problem, h('p', null, 'You are logged in as ', h('strong', null, session.user.username), '. Is the address of this mail yours, for this account?'), button];
}

export default function confirmEmail(root) {
  setTitle('Confirm your e-mail address');
  const token = takeToken();
  let body = note('warning', h('p', null, 'This link is incomplete. Please open it from the mail again.'));
  if (token) {
    body = session.user ? ask(token)
      : [h('p', null, 'Log in to the account that the address is for. Until it is confirmed, use its user name.'),
        h('p', null, h('a', { class: 'button', href: '/login/?next=%2Fconfirm-email%2F' }, 'Log in'))];
  }
  fill(root, h('section', { class: 'card narrow' }, h('h1', null, 'Confirm your e-mail address'), body));
}
