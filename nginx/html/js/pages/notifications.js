// What happened since one last looked.
import { post } from '../api.js';
import { useLive } from '../data.js';
import { html, useLocation } from '../lib.js';
import { useTitle } from '../nav.js';
import { startAgain } from '../start.js';
import { Ago } from '../time.js';
import { ActionButton } from '../ui/form.js';
import { Pager } from '../ui/pager.js';
import { Empty, Loaded } from '../ui/states.js';
import { STATUS } from '../words.js';

const EVERY = 30_000;
const SIZE = 25;
const DID = {
  raised: () => 'raised an issue', replied: () => 'replied', resolved: () => 'resolved it', reopened: () => 'reopened it',
  assigned: () => 'assigned it to you', attached: () => 'attached files', infected: () => 'found a virus in a file',
  status: (n) => `moved it to ${STATUS[n.status]?.toLowerCase() ?? n.status}`,
};

function Notice({ notice }) {
  const read = () => {
    if (!notice.is_read) post('/api/notifications/{id}/read/', { path: { id: notice.id } }).then(startAgain, () => {});
  };
  return html`
    <li class=${notice.is_read ? null : 'unread'}>
      <a href=${`/issues/${notice.issue}/`} onClick=${read}>
        <span><strong dir="auto">${notice.actor_name}</strong> ${DID[notice.kind]?.(notice) ?? 'changed it'}${!notice.is_read && html`<span class="sr"> (unread)</span>`}</span>
        <span class="muted small">${notice.issue_number} · <bdi>${notice.issue_title}</bdi></span>
        <${Ago} at=${notice.created_at} />
      </a>
    </li>`;
}

export default function Notifications() {
  useTitle('Notifications');
  const { query } = useLocation();
  const page = Number(query.page) || 1;
  const notices = useLive('/api/notifications/', { query: { page, page_size: SIZE }, every: EVERY });
  async function readAll() {
    await post('/api/notifications/read_all/');
    startAgain();
    notices.again();
  }
  return html`<${Loaded} of=${[notices]}>${() => html`
    <div class="sheet">
      <div class="head"><h1>Notifications</h1>
        <${ActionButton} hidden=${notices.data?.unread_count === 0} run=${readAll}>Mark all as read</${ActionButton}></div>
      ${notices.data?.results.length ? html`
        <ul class="notices">${notices.data.results.map((notice) => html`<${Notice} key=${notice.id} notice=${notice} />`)}</ul>
        <${Pager} count=${notices.data.count} page=${page} size=${SIZE} query=${query} />`
        : html`<${Empty} title="Nothing new" text="Replies and changes to your issues will show up here." />`}
    </div>`}
  </${Loaded}>`;
}
