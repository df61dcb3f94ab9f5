// What could not be synced, why, and another try.
import { fill, h } from '../dom.js';
import { get, itemsOf, optional, post } from '../api.js';
import { ago } from '../time.js';
import { actionButton } from '../ui/form.js';
import { empty } from '../ui/states.js';
import { complain, toast } from '../ui/toast.js';

/** Gives {node, load()}. */
export function failureList(signal) {
  const node = h('div');

  async function retry(failure) {
    const answer = await post(`/api/linear/failures/${failure.id}/retry/`);
    toast(answer?.message ?? 'It is tried again.');
    await load();
  }

  const row = (failure) => h('li', null,
    h('span', null,
      h('a', { href: `/issues/${failure.issue}/` }, h('span', { class: 'number' }, failure.issue_number), ' ', failure.issue_title),
      h('br'), h('span', { class: 'danger-text' }, failure.reason), ' ',
      h('span', { class: 'muted small' }, failure.failed_at && [ago(failure.failed_at), ', '], `${failure.attempts ?? 1} tries`)),
    actionButton('Try again', () => retry(failure), { kind: 'small', onError: complain }));

  async function load() {
    const data = await optional(get('/api/linear/failures/', { query: { page_size: 100 }, signal }));
    const items = itemsOf(data);
    fill(node, items.length ? h('ul', { class: 'rows' }, items.map(row)) : empty('Nothing failed', 'Every change has reached Linear, or is on its way.'));
  }

  return { node, load };
}
