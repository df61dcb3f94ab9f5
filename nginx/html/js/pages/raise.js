// A customer raises an issue.
import { fill, h } from '../dom.js';
import { get, itemsOf, oncePoster, optional } from '../api.js';
import { go, setTitle } from '../router.js';
import { session } from '../session.js';
import { draft } from '../storage.js';
import { editor } from '../ui/editor.js';
import { field, form, input, select } from '../ui/form.js';
import { empty } from '../ui/states.js';
import { toast } from '../ui/toast.js';
import { CATEGORY } from '../words.js';

export const URGENCY = { low: 'Low: whenever there is time', medium: 'Medium: it can wait some days', high: 'High: it hurts every day', urgent: 'Urgent: I cannot go on' };

/** A select that is filled later, and hidden while it has nothing to choose. */
function laterSelect(name, label, none) {
  const control = select([['', none]]);
  const made = field(name, label, control, { optional: true });
  made.node.hidden = true;
  return {
    ...made,
    get value() { return control.value; },
    offer(pairs) {
      const chosen = control.value;
      fill(control, [['', none], ...pairs].map(([value, text]) => h('option', { value }, text)));
      if (pairs.some(([value]) => String(value) === chosen)) control.value = chosen;
      made.node.hidden = pairs.length === 0;
    },
  };
}

export default async function raise(root, { query, signal }) {
  setTitle('Raise an issue');
  const organizations = await get('/api/client/organizations/', { signal });
  if (organizations.length === 0) {
    fill(root, h('h1', null, 'Raise an issue'), empty('No company takes issues here yet', 'Please come back later.'));
    return;
  }
  const memory = draft(session.user.id, 'raise');
  const kept = memory.get() ?? {};
  const postOnce = oncePoster();

  const pairs = organizations.map((o) => [o.id, o.name]);
  const organization = field('organization', 'Which company is it about?',
    select(pairs.length === 1 ? pairs : [['', 'Please choose'], ...pairs], { required: true }));
  const title = field('title', 'What is wrong, in one line?', input({ required: true, maxlength: 255 }));
  const text = editor({ rows: 9, max: 20_000, onSend: () => node.requestSubmit() });
  const description = field('description', 'Tell us more', text,
    { optional: true, hint: 'What did you expect, and what happened? Numbers, dates and names help.' });
  const category = field('category', 'Category', select(CATEGORY));
  const priority = field('priority', 'Priority', select(URGENCY));
  const order = laterSelect('order', 'Order', 'No order');
  const vendor = laterSelect('vendor', 'Supplier', 'No supplier');
  const fields = [organization, title, description, category, priority, order, vendor];

  async function offerMore() {
    const id = organization.value;
    order.offer([]);
    vendor.offer([]);
    if (!id) return;
    const of = { query: { organization: id, page_size: 100 }, signal };
    const [orders, vendors] = await Promise.all([
      optional(get('/api/orders/', of)), optional(get('/api/vendors/', of)),
    ]);
    if (id !== organization.value) return;
    order.offer(itemsOf(orders).map((o) => [o.id, o.title ? `${o.order_number}: ${o.title}` : o.order_number]));
    vendor.offer(itemsOf(vendors).map((v) => [v.id, v.name]));
  }

  function bodyOf() {
    const body = {
      organization: Number(organization.value), title: title.value.trim(), description: description.value,
      priority: priority.value, category: category.value,
    };
    if (order.value) body.order = Number(order.value);
    if (vendor.value) body.vendor = Number(vendor.value);
    return body;
  }

  const { node } = form({
    fields,
    submit: 'Raise the issue',
    label: 'New issue',
    extra: h('p', { class: 'muted small' }, 'You will find every answer here', session.user.wants_mail !== false && ', and get it by e-mail', '.'),
    async send() {
      const answer = await postOnce('/api/client/issues/raise/', bodyOf());
      memory.clear();
      toast(`Your issue is raised: ${answer.issue.issue_number}.`);
      go(`/issues/${answer.issue.id}/`);
    },
  });
  node.classList.add('pairs');
  for (const f of [organization, title, description]) f.node.classList.add('wide');
  node.addEventListener('input', () => memory.set(Object.fromEntries(fields.map((f) => [f.name, f.value]))));
  organization.control.addEventListener('change', () => offerMore().catch(() => {}));

  for (const f of [organization, title, description, category]) if (kept[f.name]) f.control.value = kept[f.name];
  priority.control.value = kept.priority ?? 'medium';
  if (pairs.some(([id]) => String(id) === query.organization)) organization.control.value = query.organization;
  fill(root, h('div', { class: 'sheet' }, h('h1', null, 'Raise an issue'),
    h('p', { class: 'lead' }, 'Tell it once. We keep you posted at every step.'),
    h('div', { class: 'card' }, node)));
  await offerMore().catch(() => {});
  for (const f of [order, vendor]) if (kept[f.name]) f.control.value = kept[f.name];
}
