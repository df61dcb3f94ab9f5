// Personal tokens.
import { post, remove } from '../api.js';
import { useLive } from '../data.js';
import { html, useState } from '../lib.js';
import { Ago, exactText } from '../time.js';
import { confirmed } from '../ui/dialog.js';
import { ActionButton, Form, Input, Select, useForm } from '../ui/form.js';

const DAYS = [['30', '30 days'], ['90', '90 days'], ['366', 'A year']];

export const useTokens = () => useLive('/api/tokens/', { isOptional: true });

function NewToken({ onMade }) {
  const form = useForm({ name: '', expires_in_days: '90' }, async ({ name, expires_in_days: days }) => {
    const answer = await post('/api/tokens/', { body: { name: name.trim(), expires_in_days: Number(days) } });
    form.reset();
    onMade(answer.token);
  });
  return html`
    <${Form} form=${form} submit="Make a token" label="New token">
      <${Input} form=${form} name="name" label="What is it for?" required maxlength="100" placeholder="Nightly report" />
      <${Select} form=${form} name="expires_in_days" label="Works for" options=${DAYS} />
    </${Form}>`;
}

/** The card of the tokens, as useTokens() gives them. */
export function Tokens({ tokens }) {
  const [fresh, setFresh] = useState('');
  async function revoke(token) {
    if (!await confirmed('Revoke this token?', `Whatever uses “${token.name}” stops working at once.`, 'Revoke', { danger: true })) return;
    await remove('/api/tokens/{id}/', { path: { id: token.id } });
    tokens.again();
  }
  return html`
    <section class="card"><h2>Personal tokens</h2>
      <p class="muted">For scripts that speak with the <a href="/api/docs/">API</a> in your name.</p>
      <div>${tokens.data.results.length > 0 && html`<ul class="rows">${tokens.data.results.map((t) => html`
        <li key=${t.id}>
          <span><strong>${t.name}</strong><br /><span class="muted small">made <${Ago} at=${t.created_at} />, works until ${exactText(t.expires_at)}</span></span>
          <${ActionButton} kind="small danger-quiet" run=${() => revoke(t)}>Revoke</${ActionButton}>
        </li>`)}</ul>`}</div>
      ${fresh && html`<div class="note info" role="status"><p>Copy it now, it is not shown again:</p><code class="secret">${fresh}</code></div>`}
      <div><${NewToken} onMade=${(token) => {
        setFresh(token);
        tokens.again();
      }} /></div>
    </section>`;
}
