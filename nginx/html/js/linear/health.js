// How the sync is doing, in words.
import { h } from '../dom.js';
import { ago, duration } from '../time.js';
import { count } from '../words.js';
import { note } from '../ui/states.js';

function verdict(status) {
  if (!status.configured) return ['off', 'Not connected'];
  if (!status.key_works) return ['failed', 'Linear refuses the key'];
  if (status.paused_until) return ['pending', 'Paused'];
  if (status.dead_letters > 0) return ['failed', 'Needs a look'];
  if (status.webhooks_arrive === false) return ['pending', 'Without webhooks'];
  return ['synced', 'Working'];
}

/** Linear's word did not come, although something had changed there. */
function silence() {
  return note('warning',
    h('p', null, 'Linear’s webhooks do not arrive, so what changes there is seen here only every few minutes.'),
    h('p', null, 'Check the webhook in Linear, under Settings, API, Webhooks: it must be enabled, its URL this installation’s public address with ',
      h('code', null, '/api/webhooks/linear/'), ' behind it, and its signing secret the one that is configured here.'));
}

export function health(status) {
  const [kind, text] = verdict(status);
  return h('div', { class: 'stack tight' },
    h('p', null, h('span', { class: `badge sync-${kind}` }, text)),
    kind === 'off' && h('p', { class: 'muted' }, 'This installation has no Linear key. Everything else works.'),
    status.configured && !status.key_works && note('danger', h('p', null, 'Linear does not accept the API key any more. Changes are kept and sent once it does.')),
    status.paused_until && h('p', null, status.paused_reason ?? 'Linear asked us to wait.', ' Sending goes on ', ago(status.paused_until), '.'),
    status.configured && status.webhooks_arrive === false && silence(),
    kind !== 'off' && h('dl', { class: 'facts' },
      h('dt', null, 'Team'), h('dd', null, status.team ? status.team.name ?? 'Chosen' : 'None chosen'),
      h('dt', null, 'Waiting'), h('dd', null, status.queue_length ? `${count(status.queue_length, 'change')}, the oldest for ${duration(status.queue_age_s)}` : 'Nothing'),
      h('dt', null, 'Last news from Linear'), h('dd', null, ago(status.last_webhook_at) || 'None yet'),
      h('dt', null, 'Failed'), h('dd', null, status.dead_letters ? h('a', { href: '/linear/' }, count(status.dead_letters, 'issue')) : 'Nothing')));
}
