// Invitations to the staff of organizations.
import { fill, h } from '../dom.js';
import { get, itemsOf, post } from '../api.js';
import { setTitle } from '../router.js';
import { session } from '../session.js';
import { exactText } from '../time.js';
import { actionButton } from '../ui/form.js';
import { empty } from '../ui/states.js';
import { complain, toast } from '../ui/toast.js';
import { ROLE } from '../words.js';

export default async function invitations(root, { signal }) {
  setTitle('Invitations');
  const list = h('div');

  async function answer(invitation, how, done) {
    await post(`/api/invitations/${invitation.id}/${how}/`);
    session.know(await get('/api/users/me/'));
    toast(done);
    await load();
  }

  function row(invitation) {
    const { name } = invitation.organization;
    return h('li', null,
      h('span', null, h('strong', null, name), ' ', h('span', { class: 'badge' }, ROLE[invitation.profile_type]), h('br'),
        h('span', { class: 'muted small' }, `until ${exactText(invitation.expires_at)}`)),
      h('span', { class: 'actions' },
        actionButton('Accept', () => answer(invitation, 'accept', `You work for ${name} now. Switch to it above.`), { kind: 'small primary', onError: complain }),
        actionButton('Decline', () => answer(invitation, 'decline', 'The invitation is declined.'), { kind: 'small danger-quiet', onError: complain })));
  }

  const show = (data) => fill(list, itemsOf(data).length
    ? h('ul', { class: 'rows' }, itemsOf(data).map(row))
    : empty('There are no invitations', session.user.email_verified ? 'None is open.' : 'Confirm your e-mail address first: invitations go to it.',
      session.user.email_verified ? null : h('a', { href: '/account/' }, 'Your account')));
  const load = async () => show(await get('/api/invitations/', { signal }));
  await load();
  fill(root, h('div', { class: 'sheet stack' }, h('h1', null, 'Invitations'), h('section', { class: 'card' }, list)));
}
