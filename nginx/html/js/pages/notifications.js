// What happened since one last looked.
import { fill, h } from '../dom.js';
import { call, post } from '../api.js';
import { poll } from '../poll.js';
import { setTitle } from '../router.js';
import { checkUnread } from '../shell.js';
import { ago } from '../time.js';
import { actionButton } from '../ui/form.js';
import { pager } from '../ui/pager.js';
import { empty } from '../ui/states.js';
import { complain } from '../ui/toast.js';
import { STATUS } from '../words.js';

const EVERY = 30_000;
const SIZE = 25;
const DID = {
  raised: () => 'raised an issue', replied: () => 'replied', resolved: () => 'resolved it', reopened: () => 'reopened it',
  assigned: () => 'assigned it to you', status: (n) => `moved it to ${STATUS[n.status]?.toLowerCase() ?? n.status}`,
};

function entry(notice) {
  const read = () => {
    if (!notice.is_read) post(`/api/notifications/${notice.id}/read/`).then(checkUnread, () => {});
  };
  return h('li', { class: notice.is_read ? null : 'unread' },
    h('a', { href: `/issues/${notice.issue}/`, onclick: read },
      h('span', null, h('strong', null, notice.actor_name), ` ${DID[notice.kind]?.(notice) ?? 'changed it'}`,
        !notice.is_read && h('span', { class: 'sr' }, ' (unread)')),
      h('span', { class: 'muted small' }, `${notice.issue_number} · ${notice.issue_title}`),
      ago(notice.created_at)));
}

export default async function notifications(root, { query, signal }) {
  setTitle('Notifications');
  const page = Number(query.page) || 1;
  const asked = { page, page_size: SIZE };
  const first = await call('GET', '/api/notifications/', { query: asked, signal });
  const list = h('div');
  const all = actionButton('Mark all as read', async () => {
    await post('/api/notifications/read_all/');
    checkUnread();
    polling.now();
  }, { onError: complain });
  const polling = poll('/api/notifications/', { every: EVERY, query: asked, etag: first.etag, signal, onData: show });

  function show(data) {
    all.hidden = data.unread_count === 0;
    fill(list, data.results.length
      ? [h('ul', { class: 'notices' }, data.results.map(entry)), pager({ count: data.count, page, size: SIZE, query })]
      : empty('Nothing new', 'Replies and changes to your issues will show up here.'));
  }

  show(first.data);
  fill(root, h('div', { class: 'sheet' }, h('div', { class: 'head' }, h('h1', null, 'Notifications'), all), list));
}
