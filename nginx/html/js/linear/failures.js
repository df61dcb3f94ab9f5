// What could not be synced, why, and another try.
import { fill, h } from '../dom.js';
import { get, post } from '../api.js';
import { ago } from '../time.js';
import { actionButton } from '../ui/form.js';
import { empty } from '../ui/states.js';
import { complain, toast } from '../ui/toast.js';

/** Gives {node, load()}. */
export function failureList(signal) {
  const node = h('div');

  async function retry(failure) {
    const answer = await post(`/api/linear/failures/${failure.id}/retry/`);
    toast(answer.message);
    await load();
  }

  const row = (failure) => h('li', null,
    h('span', null,
      h('a', { href: `/issues/${failure.issue}/` }, h('span', { class: 'number' }, failure.issue_number), ' ', failure.issue_title),
      h('br'), h('span', { class: 'danger-text' }, failure.reason), ' ',
      h('span', { class: 'muted small' }, 'since ', ago(failure.since))),
    actionButton('Try again', () => retry(failure), { kind: 'small', onError: complain }));

  async function load() {
    const { results: items } = await get('/api/linear/failures/', { query: { page_size: 100 }, signal });
    fill(node, items.length ? h('ul', { class: 'rows' }, items.map(row)) : empty('Nothing failed', 'Every change has reached Linear, or is on its way.'));
  }

  return { node, load };
}
