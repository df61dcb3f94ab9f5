// What happened to an issue, and who did it.
import { ApiError, get } from '../api.js';
import { html, useEffect, useState } from '../lib.js';
import { Ago } from '../time.js';
import { ActionButton } from '../ui/form.js';
import { Skeleton } from '../ui/states.js';
import { CATEGORY, PRIORITY, STATUS } from '../words.js';

// So many entries are fetched at first, and more each time that more are asked for.
const SHOWN = 50;

// The API sends so many at once.
const SENT_MAX = 200;

const WORDS = { status: STATUS, priority: PRIORITY, category: CATEGORY };
const FIELD = {
  assigned_to: 'the assignee', title: 'the title', description: 'the description', status: 'the status', priority: 'the priority',
  category: 'the category', vendor: 'the supplier', order: 'the order', resolution_notes: 'the resolution notes',
};
const SIMPLE = {
  created: 'raised the issue', withdrawn: 'withdrew the issue', comment: 'replied', comment_edited: 'edited a reply',
  comment_deleted: 'withdrew a reply', deleted: 'deleted the issue', linear_description: 'changed the description in Linear',
  conflict_comment: 'changed a reply in Linear',
};

// Texts, which are not repeated here; customers are not told what an earlier one was.
const LONG = new Set(['description', 'resolution_notes']);

const nameOf = (field, value) => html`<strong dir="auto">${WORDS[field]?.[value] ?? value}</strong>`;

/** "changed the status in Linear, too; Open was given up for Resolved" */
function conflict(field, from, to) {
  const what = FIELD[field] ?? field.replaceAll('_', ' ');
  if (LONG.has(field)) return `changed ${what} here and in Linear at the same time; the later text stands`;
  return ['changed ', what, ' here and in Linear at the same time; ', to ? nameOf(field, to) : 'nothing', ' stands, not ', from ? nameOf(field, from) : 'nothing'];
}

/** What happened to a file. */
const FILES = { attachment: 'attached', attachment_removed: 'deleted', attachment_infected: 'found a virus in' };

/** "changed the status from Open to Resolved" */
function sentence({ field, from, to, is_public: isPublic }) {
  if (field === 'comment' && isPublic === false) return 'wrote an internal note';
  if (SIMPLE[field]) return SIMPLE[field];
  if (FILES[field]) return [`${FILES[field]} `, to || from ? nameOf(field, to || from) : 'a file'];
  if (field === 'linear') return ['removed it from Linear', from && [', where it was ', nameOf(field, from)]];
  if (field === 'linear_warning') return ['warns: ', html`<span dir="auto">${to}</span>`];
  if (field.startsWith('conflict_')) return conflict(field.slice('conflict_'.length), from, to);
  const what = FIELD[field] ?? field.replaceAll('_', ' ');
  if (LONG.has(field) || (field === 'title' && !from && !to)) return `changed ${what}`;
  if (from && to) return [`changed ${what} from `, nameOf(field, from), ' to ', nameOf(field, to)];
  if (to) return [`set ${what} to `, nameOf(field, to)];
  return [`removed ${what}`, from && [' ', nameOf(field, from)]];
}

/** `size` entries, the newest first: of all, or of those before the one with the id `before`. */
const fetchEntries = (id, size, before, signal = /** @type {AbortSignal | undefined} */ (undefined)) => get('/api/issues/{id}/activity/', {
  path: { id }, query: { ordering: '-created_at', page_size: size, before }, signal,
});

/** The newest entries, again when the issue has another `version`, and earlier ones on request. */
function useEntries(id, version, isOpen) {
  const [list, setList] = useState(/** @type {any[] | null} */ (null));
  const [isAll, setAll] = useState(true);
  const [problem, setProblem] = useState('');

  useEffect(() => {
    if (!isOpen) return undefined;
    const stop = new AbortController();
    const size = Math.min(Math.max(SHOWN, list?.length ?? 0), SENT_MAX);
    fetchEntries(id, size, undefined, stop.signal).then((page) => {
      setProblem('');
      setList(page.results);
      setAll(page.next === null);
    }, (error) => {
      if (error instanceof ApiError) setProblem(error.message);
    });
    return () => stop.abort();
  }, [id, version, isOpen]);

  async function more() {
    const page = await fetchEntries(id, SHOWN, list?.at(-1).id);
    setList((old) => [...old ?? [], ...page.results]);
    setAll(page.next === null);
  }
  return { list, isAll, problem, more };
}

const Entry = ({ item }) => html`
  <li><span><strong dir="auto">${item.actor_name ?? 'Docket'}</strong> ${sentence(item)}${item.by_mail && ' by e-mail'}</span> <${Ago} at=${item.created_at} /></li>`;

function Entries({ list, isAll, more }) {
  if (!list.length) return html`<p class="muted">Nothing is recorded yet.</p>`;
  return html`
    <ol class="entries">${list.map((item) => html`<${Entry} key=${item.id} item=${item} />`)}</ol>
    ${!isAll && html`<${ActionButton} kind="quiet" run=${more}>Show earlier</${ActionButton}>`}`;
}

/** A disclosure that fetches when it is opened, and again when the issue has another `version`. */
export function History({ id, version }) {
  const [isOpen, setOpen] = useState(false);
  const { list, problem, ...rest } = useEntries(id, version, isOpen);
  return html`
    <details class="history" onToggle=${(event) => setOpen(event.target.open)}>
      <summary><h2>History</h2></summary>
      ${problem && html`<p class="muted" role="alert">${problem}</p>`}
      ${list ? html`<${Entries} list=${list} ...${rest} />` : !problem && html`<${Skeleton} rows=${3} />`}
    </details>`;
}
