// Where one is logged in.
import { fill, h } from '../dom.js';
import { get, itemsOf, remove } from '../api.js';
import { ago } from '../time.js';
import { actionButton } from '../ui/form.js';
import { complain, toast } from '../ui/toast.js';

const SIZE = 100;

/** The card of the logins; `first` is the list as it was when the page was loaded. */
export function sessions(first, signal) {
  const list = h('div');

  async function end(login) {
    await remove(`/api/sessions/${login.id}/`);
    toast('That device is logged out.');
    await load();
  }

  const row = (login) => h('li', null,
    h('span', null, h('strong', null, login.address ?? 'From an unknown address'),
      login.is_current && [' ', h('span', { class: 'badge' }, 'This device')], h('br'),
      h('span', { class: 'muted small' }, 'logged in ', ago(login.created_at),
        login.last_used_at && [', last used ', ago(login.last_used_at)])),
    !login.is_current && actionButton('Log out', () => end(login), { kind: 'small danger-quiet', onError: complain }));

  function show(data) {
    const items = itemsOf(data);
    fill(list, h('ul', { class: 'rows' }, items.map(row)),
      data.count > items.length && h('p', { class: 'muted small' }, `There are ${data.count - items.length} older ones.`));
  }

  const load = async () => show(await loadSessions(signal));
  show(first);
  return h('section', { class: 'card' }, h('h2', null, 'Where you are logged in'),
    h('p', { class: 'muted' }, 'End what you do not know, and change the password then. ', h('a', { href: '/security-log/?of=own' }, 'What happened to your account')),
    list);
}

export const loadSessions = (signal) => get('/api/sessions/', { query: { page_size: SIZE }, signal });
