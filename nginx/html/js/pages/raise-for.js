// Staff raise an issue for a customer who called or wrote.
import { oncePoster } from '../api.js';
import { RAISERS } from '../directory.js';
import { FileField } from '../files/field.js';
import { useUploads } from '../files/uploads.js';
import { html, useMemo } from '../lib.js';
import { go, useTitle } from '../nav.js';
import { Choice } from '../ui/choice.js';
import { Editor } from '../ui/editor.js';
import { Field, Form, Input, Select, useForm } from '../ui/form.js';
import { toast } from '../ui/toast.js';
import { CATEGORY } from '../words.js';
import { URGENCY } from './raise.js';

export default function RaiseFor() {
  useTitle('Raise for a customer');
  const postOnce = useMemo(() => oncePoster(), []);
  const uploads = useUploads(null);
  const form = useForm({ on_behalf_of: '', title: '', description: '', category: 'general', priority: 'medium' }, async (values) => {
    const attachments = await uploads.arrived();
    const body = {
      ...values, on_behalf_of: Number(values.on_behalf_of), title: values.title.trim(), ...(attachments.length && { attachments }),
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
          <${Field} form=${form} name="on_behalf_of" label="Who is it for?" wide hint="Customers who have raised an issue with you before.">${(attributes) => html`
            <${Choice} ...${attributes} of=${RAISERS} required before=${[['', 'Please choose']]} onChoose=${(value) => form.set('on_behalf_of', value)} />`}
          </${Field}>
          <${Input} form=${form} name="title" label="What is wrong, in one line?" wide required maxlength="255" dir="auto" />
          <${Editor} form=${form} name="description" label="What did they say?" wide optional rows="9" max="20000" />
          <${FileField} form=${form} uploads=${uploads} wide />
          <${Select} form=${form} name="category" label="Category" options=${CATEGORY} />
          <${Select} form=${form} name="priority" label="Priority" options=${URGENCY} />
        </${Form}>
      </div>
    </div>`;
}
