import { fill, h } from '../dom.js';
import { post } from '../api.js';
import { setTitle } from '../router.js';
import { field, form, input } from '../ui/form.js';

export default function forgot(root) {
  setTitle('Forgot your password?');
  const email = field('email', 'E-mail', input({ type: 'email', required: true, autocomplete: 'email' }));
  const heading = h('h1', { tabindex: '-1' }, 'Forgot your password?');
  const body = h('div');
  const { node } = form({
    fields: [email],
    submit: 'Send me a link',
    async send() {
      await post('/api/auth/password-reset/', { email: email.value.trim() });
      heading.textContent = 'Look into your mailbox';
      fill(body, h('p', null, 'If there is an account with this address, a link is on its way. It works once, and for a short time only.'));
      heading.focus();
    },
  });
  fill(body, h('p', { class: 'lead' }, 'Tell us your address, and we send you a link to choose a new one.'), node);
  fill(root, h('section', { class: 'card narrow' }, heading, body,
    h('p', { class: 'links' }, h('a', { href: '/login/' }, 'Back to the login'))));
}
