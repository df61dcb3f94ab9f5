// What Docket keeps about a person: to take away, and to erase.
import { h } from '../dom.js';
import { download, post } from '../api.js';
import { session } from '../session.js';
import { actionButton, field, form, input } from '../ui/form.js';
import { saveFile } from '../ui/file.js';
import { complain, toast } from '../ui/toast.js';

function eraseForm() {
  const { username } = session.user;
  const word = field('password', 'Your password', input({ type: 'password', required: true, autocomplete: 'current-password' }));
  const typed = field('confirmation', 'Your user name, to confirm', input({ required: true, maxlength: 150 }), { hint: `Type ${username}` });
  return form({
    fields: [word, typed], submit: 'Erase my account', kind: 'danger', label: 'Erase the account',
    async send() {
      if (typed.value.trim() !== username) {
        typed.mark(`This is not ${username}.`);
        typed.control.focus();
        return;
      }
      await post('/api/users/me/erase/', { password: word.value });
      session.end();
      toast('Your account is erased.');
    },
  }).node;
}

/** The card for it. */
export function ownData() {
  const take = async () => saveFile(await download('/api/users/me/export/'), 'docket-account.json');
  return h('section', { class: 'card' }, h('h2', null, 'Your data'),
    h('p', null, 'All that is kept about you, in one file.'),
    h('p', null, actionButton('Download my data', take, { onError: complain })),
    h('h3', null, 'Erase the account'),
    h('p', { class: 'muted' }, 'Your account ends, and your name and address are replaced everywhere. What you wrote stays. This cannot be undone.'),
    eraseForm());
}
