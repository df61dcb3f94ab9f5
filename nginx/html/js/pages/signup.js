import { fill, h } from '../dom.js';
import { ApiError, post } from '../api.js';
import { go, setTitle } from '../router.js';
import { session } from '../session.js';
import { field, form, input } from '../ui/form.js';
import { note } from '../ui/states.js';

export default function signUp(root) {
  setTitle('Create an account');
  const first = field('first_name', 'First name', input({ required: true, autocomplete: 'given-name' }));
  const last = field('last_name', 'Last name', input({ required: true, autocomplete: 'family-name' }));
  const email = field('email', 'E-mail', input({ type: 'email', required: true, autocomplete: 'email' }));
  const name = field('username', 'User name', input({ required: true, autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false' }),
    { hint: 'For logging in. Nobody else sees it.' });
  const password = field('password', 'Password', input({ type: 'password', required: true, autocomplete: 'new-password' }),
    { hint: 'At least 10 characters. A short sentence is a good one.' });
  const problem = h('div');
  const { node } = form({
    fields: [first, last, email, name, password],
    submit: 'Create the account',
    async send() {
      try {
        await post('/api/users/', {
          first_name: first.value.trim(), last_name: last.value.trim(), email: email.value.trim(),
          username: name.value.trim(), password: password.value,
        });
      } catch (error) {
        if (!(error instanceof ApiError) || !(error.isMissing || error.status === 403)) throw error;
        fill(problem, note('warning', h('p', null, 'Accounts are made by invitation here. Please ask the company that you want to reach.')));
        return;
      }
      const answer = await post('/api/auth/login/', { username: name.value.trim(), password: password.value });
      session.begin(answer.token, answer.user, false);
      go('/', { replace: true });
    },
  });
  fill(root, h('section', { class: 'card narrow' },
    h('h1', null, 'Create an account'), problem, node,
    h('p', { class: 'links' }, h('a', { href: '/login/' }, 'I have one already'))));
  first.control.focus();
}
