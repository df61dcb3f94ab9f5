// A customer raises an issue.
import { oncePoster } from '../api.js';
import { useLive } from '../data.js';
import { ORDERS, SUPPLIERS, useDirectory } from '../directory.js';
import { FileField } from '../files/field.js';
import { useUploads } from '../files/uploads.js';
import { html, useEffect, useLocation, useMemo } from '../lib.js';
import { go, useTitle } from '../nav.js';
import { session } from '../session.js';
import { draft } from '../storage.js';
import { Choice } from '../ui/choice.js';
import { Editor } from '../ui/editor.js';
import { Field, Form, Input, Select, useForm } from '../ui/form.js';
import { Empty, Loaded } from '../ui/states.js';
import { toast } from '../ui/toast.js';
import { CATEGORY } from '../words.js';

export const URGENCY = { low: 'Low: whenever there is time', medium: 'Medium: it can wait some days', high: 'High: it hurts every day', urgent: 'Urgent: I cannot go on' };

const BLANK = { organization: '', title: '', description: '', category: 'general', priority: 'medium', order: '', vendor: '' };

const bodyOf = ({ organization, order, vendor, title, ...rest }, attachments) => ({
  ...rest,
  organization: Number(organization),
  title: title.trim(),
  ...(order && { order: Number(order) }),
  ...(vendor && { vendor: Number(vendor) }),
  ...(attachments.length && { attachments }),
});

/** A choice that the company offers, or nothing where it has none. */
function Offer({ form, name, label, of, none }) {
  const query = { organization: form.values.organization };
  const { pairs, load } = useDirectory(of, query);
  useEffect(() => {
    load();
  }, [query.organization]);
  if (!pairs.length) return null;
  return html`
    <${Field} form=${form} name=${name} label=${label} optional>${(attributes) => html`
      <${Choice} ...${attributes} of=${of} query=${query} before=${[['', none]]} onChoose=${(value) => form.set(name, value)} />`}
    </${Field}>`;
}

function RaiseForm({ organizations }) {
  const { query } = useLocation();
  const [memory, postOnce] = useMemo(() => [draft(session.user?.id, 'raise'), oncePoster(draft(session.user?.id, 'raise.sent'))], []);
  const uploads = useUploads('raise');
  const pairs = organizations.map((o) => [String(o.id), o.name]);
  const isOne = pairs.length === 1;

  function first() {
    const kept = { ...BLANK, ...memory.get() };
    const wanted = [query.organization, kept.organization].find((id) => pairs.some(([known]) => known === id));
    return { ...kept, organization: isOne ? pairs[0][0] : wanted ?? '' };
  }

  const form = useForm(useMemo(first, []), async (values) => {
    const answer = await postOnce('/api/client/issues/raise/', { body: /** @type {any} */ (bodyOf(values, await uploads.arrived())) });
    memory.clear();
    uploads.clear();
    toast(`Your issue is raised: ${answer.issue.issue_number}.`);
    go(`/issues/${answer.issue.id}/`);
  }, { onChange: (values) => memory.set(values) });

  const choose = (event) => {
    form.put({ order: '', vendor: '' });
    form.set('organization', event.target.value);
  };
  const { organization } = form.values;
  const promise = `You will find every answer here${session.user?.wants_mail !== false ? ', and get it by e-mail' : ''}.`;
  return html`
    <${Form} form=${form} submit="Raise the issue" label="New issue" class="pairs" extra=${html`<p class="muted small">${promise}</p>`}>
      <${Select} form=${form} name="organization" label="Which company is it about?" wide required
        options=${isOne ? pairs : [['', 'Please choose'], ...pairs]} onInput=${choose} />
      <${Input} form=${form} name="title" label="What is wrong, in one line?" wide required maxlength="255" dir="auto" />
      <${Editor} form=${form} name="description" label="Tell us more" wide optional rows="9" max="20000"
        hint="What did you expect, and what happened? Numbers, dates and names help." />
      <${FileField} form=${form} uploads=${uploads} wide />
      <${Select} form=${form} name="category" label="Category" options=${CATEGORY} />
      <${Select} form=${form} name="priority" label="Priority" options=${URGENCY} />
      ${organization && html`
        <${Offer} key=${`order ${organization}`} form=${form} name="order" label="Order" of=${ORDERS} none="No order" />
        <${Offer} key=${`vendor ${organization}`} form=${form} name="vendor" label="Supplier" of=${SUPPLIERS} none="No supplier" />`}
    </${Form}>`;
}

export default function Raise() {
  useTitle('Raise an issue');
  const organizations = useLive('/api/client/organizations/');
  return html`<${Loaded} of=${[organizations]}>${() => (organizations.data?.length === 0
    ? html`<h1>Raise an issue</h1><${Empty} title="No company takes issues here yet" text="Please come back later." />`
    : html`
      <div class="sheet"><h1>Raise an issue</h1>
        <p class="lead">Tell it once. We keep you posted at every step.</p>
        <div class="card"><${RaiseForm} organizations=${organizations.data} /></div>
      </div>`)}
  </${Loaded}>`;
}
