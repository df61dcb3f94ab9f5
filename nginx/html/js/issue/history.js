// What happened to an issue, and who did it.
import { fill, h } from '../dom.js';
import { get, itemsOf } from '../api.js';
import { ago } from '../time.js';
import { CATEGORY, PRIORITY, STATUS } from '../words.js';
import { skeleton } from '../ui/states.js';

const WORDS = { status: STATUS, priority: PRIORITY, category: CATEGORY };
const FIELD = {
  assigned_to: 'the assignee', title: 'the title', description: 'the description', status: 'the status', priority: 'the priority',
  category: 'the category', vendor: 'the vendor', order: 'the order', resolution_notes: 'the resolution notes',
};
const SIMPLE = {
  created: 'raised the issue', withdrawn: 'withdrew the issue', comment: 'replied', comment_edited: 'edited a reply', comment_deleted: 'withdrew a reply', comment_restored: 'brought a reply back', deleted: 'deleted the issue',
  synced: 'synced it to Linear', linked: 'linked it to Linear', unlinked: 'removed it from Linear', conflict: 'changed it at the same time as Linear',
};

// So many pages of an issue's history are read at most.
const PAGES_MAX = 50;

// Texts, which are not repeated here; customers are not told what an earlier one was.
const LONG = new Set(['description', 'resolution_notes']);

/** "changed the status from Open to Resolved" */
function sentence({ field, from, to, is_public: isPublic }) {
  if (field === 'comment' && isPublic === false) return 'wrote an internal note';
  if (SIMPLE[field]) return SIMPLE[field];
  const what = FIELD[field] ?? field.replaceAll('_', ' ');
  if (LONG.has(field) || (field === 'title' && !from && !to)) return `changed ${what}`;
  const name = (value) => h('strong', null, WORDS[field]?.[value] ?? value);
  if (from && to) return [`changed ${what} from `, name(from), ' to ', name(to)];
  if (to) return [`set ${what} to `, name(to)];
  return [`removed ${what}`, from && [' ', name(from)]];
}

/** All entries, newest first; `next` of a page leads to the later ones. */
async function entries(id, signal) {
  const list = [];
  let query = '';
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await get(`/api/issues/${id}/activity/${query}`, { signal });
    list.push(...itemsOf(page));
    if (!page.next || !list.length) break;
    query = `?after=${list.at(-1).id}`;
  }
  return list.reverse();
}

function entry(item) {
  return h('li', null,
    h('span', null, h('strong', null, item.actor_name ?? 'Docket'), ' ', sentence(item)), ' ',
    ago(item.created_at));
}

/** A disclosure that fetches when it is opened; update() fetches it again. */
export function history(id, signal) {
  const body = h('div', null, skeleton(3));
  const node = h('details', { class: 'history', ontoggle: () => node.open && load() }, h('summary', null, h('h2', null, 'History')), body);

  async function load() {
    try {
      const list = await entries(id, signal);
      fill(body, list.length ? h('ol', { class: 'entries' }, list.map(entry)) : h('p', { class: 'muted' }, 'Nothing is recorded yet.'));
    } catch (error) {
      if (!signal.aborted) fill(body, h('p', { class: 'muted', role: 'alert' }, error.message));
    }
  }

  return { node, update: () => node.open && load() };
}
