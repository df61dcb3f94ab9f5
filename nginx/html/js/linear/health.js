// How the sync is doing, in words.
import { html } from '../lib.js';
import { Ago, duration } from '../time.js';
import { count } from '../words.js';
import { Note } from '../ui/states.js';

function verdict(status) {
  if (!status.configured) return ['off', 'Not connected'];
  if (!status.key_works) return ['failed', 'Linear refuses the key'];
  if (status.paused_until) return ['pending', 'Paused'];
  if (status.dead_letters > 0) return ['failed', 'Needs a look'];
  if (status.webhooks_arrive === false) return ['pending', 'Without webhooks'];
  return ['synced', 'Working'];
}

/** Linear's word did not come, although something had changed there. */
const Silence = () => html`
  <${Note} kind="warning">
    <p>Linear’s webhooks do not arrive, so what changes there is seen here only every few minutes.</p>
    <p>Check the webhook in Linear, under Settings, API, Webhooks: it must be enabled, its URL this installation’s public address with
      ${' '}<code>/api/webhooks/linear/</code> behind it, and its signing secret the one that is configured here.</p>
  </${Note}>`;

const Facts = ({ status }) => html`
  <dl class="facts">
    <dt>Team</dt><dd>${status.team ? status.team.name ?? 'Chosen' : 'None chosen'}</dd>
    <dt>Waiting</dt><dd>${status.queue_length ? `${count(status.queue_length, 'change')}, the oldest for ${duration(status.queue_age_s)}` : 'Nothing'}</dd>
    <dt>Last news from Linear</dt><dd>${status.last_webhook_at ? html`<${Ago} at=${status.last_webhook_at} />` : 'None yet'}</dd>
    <dt>Failed</dt><dd>${status.dead_letters ? html`<a href="/linear/">${count(status.dead_letters, 'issue')}</a>` : 'Nothing'}</dd>
  </dl>`;

export function Health({ status }) {
  const [kind, text] = verdict(status);
  return html`
    <div class="stack tight">
      <p><span class=${`badge sync-${kind}`}>${text}</span></p>
      ${kind === 'off' && html`<p class="muted">This installation has no Linear key. Everything else works.</p>`}
      ${status.configured && !status.key_works && html`
        <${Note} kind="danger"><p>Linear does not accept the API key any more. Changes are kept and sent once it does.</p></${Note}>`}
      ${status.paused_until && html`<p>${status.paused_reason ?? 'Linear asked us to wait.'} Sending goes on <${Ago} at=${status.paused_until} />.</p>`}
      ${status.configured && status.webhooks_arrive === false && html`<${Silence} />`}
      ${kind !== 'off' && html`<${Facts} status=${status} />`}
    </div>`;
}
