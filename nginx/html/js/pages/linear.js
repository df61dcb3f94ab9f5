// The sync with Linear, for staff.
import { fill, h } from '../dom.js';
import { call, post } from '../api.js';
import { failureList } from '../linear/failures.js';
import { health } from '../linear/health.js';
import { poll } from '../poll.js';
import { setTitle } from '../router.js';
import { session } from '../session.js';
import { actionButton } from '../ui/form.js';
import { complain, toast } from '../ui/toast.js';
import { count } from '../words.js';

const EVERY = 20_000;

async function fetchNow() {
  const answer = await post('/api/issues/fetch_from_linear/', { limit: 250, sync: true });
  const news = answer.synced_issues.filter((i) => i.action !== 'unchanged').length;
  toast(news ? `${count(news, 'issue')} brought over from Linear.` : 'Everything was up to date.');
}

export default async function linear(root, { signal }) {
  setTitle('Linear');
  const first = await call('GET', '/api/linear/status/', { signal });
  const state = h('div');
  const failures = failureList(signal);
  const show = (status) => fill(state, health(status));

  show(first.data);
  fill(root, h('div', { class: 'sheet stack' },
    h('div', { class: 'head' }, h('h1', null, 'Linear'),
      actionButton('Fetch from Linear', fetchNow, { onError: complain })),
    h('section', { class: 'card' }, h('h2', null, 'The sync'), state,
      session.isOwner && h('p', null, h('a', { href: '/settings/' }, 'Choose the team'))),
    h('section', { class: 'card' }, h('h2', null, 'What could not be synced'), failures.node)));
  await failures.load();
  poll('/api/linear/status/', {
    every: EVERY, etag: first.etag, signal,
    onData: (status) => {
      show(status);
      failures.load().catch(() => {});
    },
  });
}
