// How an organization's customers write to it by e-mail, for its owners.
import { get, patch, post, remove } from '../api.js';
import { useLive } from '../data.js';
import { html, useState } from '../lib.js';
import { confirmed } from '../ui/dialog.js';
import { ActionButton, Form, Input, Select, useForm } from '../ui/form.js';
import { toast } from '../ui/toast.js';
import { MailList } from './inbox.js';

const MODES = {
  off: 'Nobody: only answers to our e-mails come in',
  known: 'People whose address is confirmed',
  anyone: 'Anyone',
};
const TEST_EVERY = 3_000;

function Mode({ organization, onSaved }) {
  const form = useForm({ mail_in: organization.mail_in }, async ({ mail_in: mode }) => {
    await patch('/api/organizations/{id}/', { path: { id: organization.id }, body: { mail_in: mode } });
    onSaved(mode);
    toast('Saved.');
  });
  return html`
    <${Form} form=${form} submit="Save" label="E-mail">
      <${Select} form=${form} name="mail_in" label="Who may raise an issue by e-mail" options=${MODES}
        hint="An answer to an e-mail about an issue is always a reply to that issue." />
    </${Form}>`;
}

function Address({ address, onChanged }) {
  async function drop() {
    if (!await confirmed(`Remove ${address.address}?`, 'E-mails to it are refused from then on.', 'Remove', { danger: true })) return;
    await remove('/api/mail/addresses/{id}/', { path: { id: address.id } });
    toast('Removed.');
    onChanged();
  }
  return html`<li><span>${address.address}</span>
    <${ActionButton} kind="small danger-quiet" aria-label=${`Remove ${address.address}`} run=${drop}>Remove</${ActionButton}></li>`;
}

function Addresses({ organization, addresses }) {
  const form = useForm({ address: '' }, async ({ address }) => {
    await post('/api/mail/addresses/', { body: { address: address.trim() } });
    form.reset();
    addresses.again();
  });
  return html`
    <div><h3>Addresses</h3>
      <ul class="rows"><li><span><strong>${organization.mail_address}</strong></span></li>
        ${addresses.data.results.map((address) => html`<${Address} key=${address.id} address=${address} onChanged=${addresses.again} />`)}</ul>
      <${Form} form=${form} submit="Add" kind="" label="Add an address">
        <${Input} form=${form} name="address" label="Another address" type="email" required
          hint=${`It must end in @${organization.mail_address.split('@')[1]}.`} />
      </${Form}>
    </div>`;
}

/** How far a test has come on its way out. */
function TestState({ test }) {
  if (test.state === 'failed') return html`<p role="alert">The e-mail was not delivered. The mail server says: <q dir="auto">${test.error}</q></p>`;
  if (test.state === 'waiting') {
    return html`<p role="status">${test.error
      ? html`The mail server does not take the e-mail now. It says: <q dir="auto">${test.error}</q> It is tried again.`
      : 'The e-mail waits to be sent.'}</p>`;
  }
  return html`<p role="status">The e-mail was sent, but has not come in yet. If it stays so for some minutes, look into the log of your mail server: it did not hand the e-mail to Docket.</p>`;
}

/** What came in after the mail with this id; until then, where the test is. */
function TestResult({ last }) {
  const mails = useLive('/api/mail/inbox/', { query: { page_size: 5 }, every: TEST_EVERY, isExtra: true });
  const test = useLive('/api/mail/test/', { every: TEST_EVERY, isExtra: true });
  if (!mails.data || !test.data) return null;
  const results = mails.data.results.filter((mail) => mail.id > last);
  if (!results.length) return html`<${TestState} test=${test.data} />`;
  return html`<p role="status">This came in:</p><${MailList} mails=${{ ...mails, data: { results } }} empty="" />`;
}

function Test({ organization, mode }) {
  const [last, setLast] = useState(/** @type {number | null} */ (null));
  const address = organization.mail_address;
  async function begin() {
    const { results } = await get('/api/mail/inbox/', { query: { page_size: 1 } });
    await post('/api/mail/test/');
    setLast(results[0]?.id ?? 0);
  }
  return html`
    <div><h3>Test</h3>
      ${mode === 'off'
    ? html`<p class="muted">While nobody may raise an issue by e-mail, none comes in at this address.</p>`
    : html`
      <p>Docket sends an e-mail to ${address}, and shows here where it gets to.</p>
      <${ActionButton} run=${begin}>${last === null ? 'Send a test' : 'Send another test'}</${ActionButton}>
      ${last !== null && html`<${TestResult} key=${last} last=${last} />`}`}
    </div>`;
}

export function MailSettings({ organization }) {
  const addresses = useLive('/api/mail/addresses/', { isExtra: true });
  const [mode, setMode] = useState(organization.mail_in);
  if (!organization.mail_address) {
    return html`<section class="card"><h2>E-mail</h2>
      <p class="muted">No e-mail comes in here: the operator of Docket has not set <code>MAIL_IN_DOMAIN</code>.</p></section>`;
  }
  return html`
    <section class="card"><h2>E-mail</h2>
      <${Mode} organization=${organization} onSaved=${setMode} />
      ${addresses.data && html`<${Addresses} organization=${organization} addresses=${addresses} />`}
      <${Test} organization=${organization} mode=${mode} />
      <p><a href="/mail/?state=all">What came in</a>, and what became of it.</p>
    </section>`;
}
