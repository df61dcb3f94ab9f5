import { fill, h } from '../dom.js';
import { get, post } from '../api.js';
import { go, setTitle } from '../router.js';
import { session } from '../session.js';
import { field, form, input } from '../ui/form.js';

/** The address to go on to, if it is one of ours. */
function nextOf(query) {
  const next = query.next ?? '/';
  return next.startsWith('/') && !/^\/[/\\]/.test(next) ? next : '/';
}

export default function login(root, { query, signal }) {
  setTitle('Log in');
  const name = field('username', 'User name or e-mail', input({ required: true, autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false' }));
  const password = field('password', 'Password', input({ type: 'password', required: true, autocomplete: 'current-password' }));
  const signUp = h('a', { href: '/sign-up/', hidden: true }, 'Create an account');
  const keep = h('input', { type: 'checkbox', checked: true });
  const { node } = form({
    fields: [name, password],
    extra: h('label', { class: 'check' }, keep, 'Keep me logged in on this device'),
    submit: 'Log in',
    async send() {
      const answer = await post('/api/auth/login/', { username: name.value.trim(), password: password.value });
      session.begin(answer.token, answer.user, keep.checked);
      go(nextOf(query), { replace: true });
    },
  });
  fill(root, h('section', { class: 'card narrow' },
    h('h1', null, 'Log in'),
    h('p', { class: 'lead' }, 'Raise an issue, follow it, and get it solved.'),
    node,
    h('p', { class: 'links' },
      h('a', { href: '/forgot-password/' }, 'Forgot your password?'),
      signUp)));
  name.control.focus();
  get('/api/health/', { signal }).then((health) => { signUp.hidden = !health.signup; }, () => {});
}
