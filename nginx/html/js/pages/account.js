// One's own password, mail, logins, tokens and data.
import { ownData } from '../account/data.js';
import { loadSessions, sessions } from '../account/sessions.js';
import { fill, h } from '../dom.js';
import { get, itemsOf, optional, patch, post, remove } from '../api.js';
import { showHelp } from '../keys.js';
import { setTitle } from '../router.js';
import { session } from '../session.js';
import { ago, exactText } from '../time.js';
import { confirmed } from '../ui/dialog.js';
import { actionButton, field, form, input, select } from '../ui/form.js';
import { complain, toast } from '../ui/toast.js';
import { profileText } from '../words.js';

function aboutMe() {
  const { user } = session;
  return h('section', { class: 'card' }, h('h2', null, 'You'),
    h('dl', { class: 'facts' },
      h('dt', null, 'Name'), h('dd', null, user.full_name),
      h('dt', null, 'E-mail'), h('dd', null, user.email),
      h('dt', null, 'User name'), h('dd', null, user.username),
      h('dt', null, 'Acting as'), h('dd', null, session.profile ? profileText(session.profile) : 'Nobody')),
    h('p', null, h('button', { type: 'button', class: 'button quiet', onclick: showHelp }, 'Keyboard shortcuts')));
}

function address() {
  const { user } = session;
  const email = field('email', 'E-mail address', input({ type: 'email', required: true, autocomplete: 'email' }));
  const word = field('password', 'Password for this change', input({ type: 'password', required: true, autocomplete: 'current-password' }));
  const told = h('div');
  email.control.value = user.email;
  const { node } = form({
    fields: [email, word], submit: user.email_verified ? 'Change the address' : 'Mail me a link', label: 'Another address',
    async send() {
      const answer = await post('/api/users/me/email/', { email: email.value.trim(), password: word.value });
      word.control.value = '';
      fill(told, h('div', { class: 'note info', role: 'status' }, h('p', null, `${answer.message}.`)));
    },
  });
  return h('section', { class: 'card' }, h('h2', null, 'E-mail address'),
    h('p', null, user.email, ' ', h('span', { class: 'badge' }, user.email_verified ? 'Confirmed' : 'Not confirmed')),
    h('p', { class: 'muted small' }, user.email_verified ? 'A new one counts from when you use the link that we mail to it.'
      : 'Until you confirm it, no notifications come by mail, and you log in with your user name.'),
    node, told, h('p', null, h('a', { class: 'button quiet', href: '/invitations/' }, 'Invitations')));
}

function mail() {
  const box = h('input', { type: 'checkbox', checked: session.user.wants_mail, onchange: async () => {
    try {
      await patch('/api/users/me/', { wants_mail: box.checked });
      session.user.wants_mail = box.checked;
      toast(box.checked ? 'You get mail from now on.' : 'You get no more mail.');
    } catch (error) {
      box.checked = session.user.wants_mail;
      complain(error);
    }
  } });
  return h('section', { class: 'card' }, h('h2', null, 'Mail'),
    h('label', { class: 'check' }, box, 'Send me notifications by e-mail, too'),
    h('p', { class: 'muted small' }, 'Here in Docket they come in any case.'));
}

function password() {
  const old = field('old_password', 'Present password', input({ type: 'password', required: true, autocomplete: 'current-password' }));
  const next = field('new_password', 'New password', input({ type: 'password', required: true, autocomplete: 'new-password' }),
    { hint: 'At least 10 characters. A short sentence is a good one.' });
  const { node } = form({
    fields: [old, next], submit: 'Change the password', label: 'Change the password',
    async send() {
      await post('/api/auth/change-password/', { old_password: old.value, new_password: next.value });
      node.reset();
      toast('The password is changed. All your other devices are logged out.');
    },
  });
  return h('section', { class: 'card' }, h('h2', null, 'Password'), node);
}

function tokens(first, signal) {
  const list = h('div');
  const fresh = h('div');
  const name = field('name', 'What is it for?', input({ required: true, maxlength: 100, placeholder: 'Nightly report' }));
  const days = field('expires_in_days', 'Works for', select([[30, '30 days'], [90, '90 days'], [366, 'A year']]));
  days.control.value = '90';
  const { node } = form({
    fields: [name, days], submit: 'Make a token', label: 'New token',
    async send() {
      const answer = await post('/api/tokens/', { name: name.value.trim(), expires_in_days: Number(days.value) });
      node.reset();
      days.control.value = '90';
      fill(fresh, h('div', { class: 'note info', role: 'status' },
        h('p', null, 'Copy it now, it is not shown again:'), h('code', { class: 'secret' }, answer.token)));
      await load();
    },
  });

  async function revoke(token) {
    if (!await confirmed('Revoke this token?', `Whatever uses “${token.name}” stops working at once.`, 'Revoke', { danger: true })) return;
    await remove(`/api/tokens/${token.id}/`);
    await load();
  }

  function show(data) {
    const items = itemsOf(data);
    fill(list, items.length > 0 && h('ul', { class: 'rows' }, items.map((t) => h('li', null,
      h('span', null, h('strong', null, t.name), h('br'), h('span', { class: 'muted small' }, 'made ', ago(t.created_at), `, works until ${exactText(t.expires_at)}`)),
      actionButton('Revoke', () => revoke(t), { kind: 'small danger-quiet', onError: complain })))));
  }

  const load = async () => show(await get('/api/tokens/', { signal }));
  show(first);
  return h('section', { class: 'card' }, h('h2', null, 'Personal tokens'),
    h('p', { class: 'muted' }, 'For scripts that speak with the ', h('a', { href: '/api/docs/' }, 'API'), ' in your name.'), list, fresh, node);
}

export default async function account(root, { signal }) {
  setTitle('Account');
  const [logins, known] = await Promise.all([loadSessions(signal), optional(get('/api/tokens/', { signal }))]);
  fill(root, h('div', { class: 'sheet stack' }, h('h1', null, 'Account'), aboutMe(), address(), mail(), password(),
    sessions(logins, signal), known && tokens(known, signal), ownData()));
}
