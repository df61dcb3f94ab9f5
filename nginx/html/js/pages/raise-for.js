// Staff raise an issue for a customer who called or wrote.
import { fill, h } from '../dom.js';
import { oncePoster } from '../api.js';
import { go, setTitle } from '../router.js';
import { editor } from '../ui/editor.js';
import { field, form, input, select } from '../ui/form.js';
import { toast } from '../ui/toast.js';
import { CATEGORY } from '../words.js';
import { URGENCY } from './raise.js';

/** "7" is a user's id; all else is an address. */
const person = (text) => (/^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : text);

export default async function raiseFor(root) {
  setTitle('Raise for a customer');
  const postOnce = oncePoster();
  const customer = field('on_behalf_of', 'Who is it for?', input({ required: true, maxlength: 254 }),
    { hint: 'The e-mail address or the user id of one of your customers.' });
  const title = field('title', 'What is wrong, in one line?', input({ required: true, maxlength: 255 }));
  const text = editor({ rows: 9, max: 20_000, onSend: () => node.requestSubmit() });
  const description = field('description', 'What did they say?', text, { optional: true });
  const category = field('category', 'Category', select(CATEGORY));
  const priority = field('priority', 'Priority', select(URGENCY));
  priority.control.value = 'medium';

  const { node } = form({
    fields: [customer, title, description, category, priority],
    submit: 'Raise the issue',
    label: 'New issue for a customer',
    async send() {
      const body = {
        on_behalf_of: person(customer.value.trim()), title: title.value.trim(), description: description.value,
        priority: priority.value, category: category.value,
      };
      const { issue } = await postOnce('/api/issues/raise/', body);
      toast(`The issue is raised: ${issue.issue_number}.`);
      go(`/issues/${issue.id}/`);
    },
  });
  node.classList.add('pairs');
  for (const f of [customer, title, description]) f.node.classList.add('wide');
  fill(root, h('div', { class: 'sheet' }, h('h1', null, 'Raise for a customer'),
    h('p', { class: 'lead' }, 'It is their issue: they are told, and can follow and answer it.'),
    h('div', { class: 'card' }, node)));
}
