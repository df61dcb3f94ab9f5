// Where the one-time links of invitations and password resets lead.
import { fill, h } from '../dom.js';
import { post } from '../api.js';
import { go, setTitle } from '../router.js';
import { field, form, input } from '../ui/form.js';
import { note } from '../ui/states.js';
import { toast } from '../ui/toast.js';

export default function setPassword(root) {
  setTitle('Choose a password');
  // after the # it is sent to nobody, and it does not stay in the address
  const token = decodeURIComponent(location.hash.slice(1));
  history.replaceState(history.state, '', location.pathname);
  const password = field('new_password', 'New password', input({ type: 'password', required: true, autocomplete: 'new-password' }),
    { hint: 'At least 10 characters. A short sentence is a good one.' });
  const { node } = form({
    fields: [password],
    submit: 'Save the password',
    async send() {
      await post('/api/auth/password-reset/confirm/', { token, new_password: password.value });
      toast('Your password is saved. You can log in with it.');
      go('/login/', { replace: true });
    },
  });
  fill(root, h('section', { class: 'card narrow' },
    h('h1', null, 'Choose a password'),
    token ? node : note('warning', h('p', null, 'This link is incomplete. Please open it from the mail again.'))));
}
