// Staff raise an issue for a customer who called or wrote.
import { get, oncePoster } from '../api.js';
import { FileField } from '../files/field.js';
import { useUploads } from '../files/uploads.js';
import { html, useEffect, useId, useMemo, useState } from '../lib.js';
import { go, useTitle } from '../nav.js';
import { Editor } from '../ui/editor.js';
import { Form, Input, Select, useForm } from '../ui/form.js';
import { toast } from '../ui/toast.js';
import { CATEGORY } from '../words.js';
import { URGENCY } from './raise.js';

const WAIT = 250;
const LOOKED_AT = 100;

/** "7" is a user's id; all else is an address. */
const person = (text) => (/^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : text);

/** The customers whose name or address has the words: {address: name}. Each has raised an issue. */
async function findCustomers(words, signal) {
  const { results } = await get('/api/issues/', { query: { search: words, is_client_issue: true, page_size: LOOKED_AT }, signal });
  const wanted = words.toLocaleLowerCase().split(/\s+/);
  const found = results.map((i) => [i.raised_by_customer_email, i.raised_by_customer_name])
    .filter(([email, name]) => email && wanted.every((word) => `${email} ${name}`.toLocaleLowerCase().includes(word)));
  return Object.fromEntries(found);
}

/** What is typed finds customers by name or address, and the browser offers them. */
function CustomerInput({ form }) {
  const id = useId();
  const [found, setFound] = useState(/** @type {Record<string, string>} */ ({}));
  const words = form.values.on_behalf_of.trim();
  useEffect(() => {
    if (words.length < 2 || words in found) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => findCustomers(words, stop.signal).then(setFound, () => {}), WAIT);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [words]);
  return html`
    <${Input} form=${form} name="on_behalf_of" label="Who is it for?" wide required maxlength="254" list=${id}
      hint="Type a part of the name or e-mail address of one of your customers, or the user id." />
    <datalist id=${id}>${Object.entries(found).map(([email, name]) => html`<option key=${email} value=${email}>${name}</option>`)}</datalist>`;
}

export default function RaiseFor() {
  useTitle('Raise for a customer');
  const postOnce = useMemo(() => oncePoster(), []);
  const uploads = useUploads('raise-for');
  const form = useForm({ on_behalf_of: '', title: '', description: '', category: 'general', priority: 'medium' }, async (values) => {
    const attachments = await uploads.arrived();
    const body = {
      ...values, on_behalf_of: person(values.on_behalf_of.trim()), title: values.title.trim(), ...(attachments.length && { attachments }),
    };
    const { issue } = await postOnce('/api/issues/raise/', { body: /** @type {any} */ (body) });
    uploads.clear();
    toast(`The issue is raised: ${issue.issue_number}.`);
    go(`/issues/${issue.id}/`);
  });
  return html`
    <div class="sheet"><h1>Raise for a customer</h1>
      <p class="lead">It is their issue: they are told, and can follow and answer it.</p>
      <div class="card">
        <${Form} form=${form} submit="Raise the issue" label="New issue for a customer" class="pairs">
          <${CustomerInput} form=${form} />
          <${Input} form=${form} name="title" label="What is wrong, in one line?" wide required maxlength="255" dir="auto" />
          <${Editor} form=${form} name="description" label="What did they say?" wide optional rows="9" max="20000" />
          <${FileField} form=${form} uploads=${uploads} wide />
          <${Select} form=${form} name="category" label="Category" options=${CATEGORY} />
          <${Select} form=${form} name="priority" label="Priority" options=${URGENCY} />
        </${Form}>
      </div>
    </div>`;
}
