// The sync with Linear, for staff.
import { post } from '../api.js';
import { useLive } from '../data.js';
import { html } from '../lib.js';
import { FailureList } from '../linear/failures.js';
import { Health } from '../linear/health.js';
import { useTitle } from '../nav.js';
import { session } from '../session.js';
import { ActionButton } from '../ui/form.js';
import { Loaded } from '../ui/states.js';
import { toast } from '../ui/toast.js';
import { count } from '../words.js';

const EVERY = 20_000;

async function fetchNow() {
  const answer = await post('/api/issues/fetch_from_linear/', { query: { limit: 250, sync: true } });
  const news = answer.synced_issues.filter((i) => i.action !== 'unchanged').length;
  toast(news ? `${count(news, 'issue')} brought over from Linear.` : 'Everything was up to date.');
}

export default function Linear() {
  useTitle('Linear');
  const status = useLive('/api/linear/status/', { every: EVERY });
  const failures = useLive('/api/linear/failures/', { query: { page_size: 100 }, every: EVERY });
  return html`<${Loaded} of=${[status, failures]}>${() => html`
    <div class="sheet stack">
      <div class="head"><h1>Linear</h1><${ActionButton} run=${fetchNow}>Fetch from Linear</${ActionButton}></div>
      <section class="card"><h2>The sync</h2><${Health} status=${status.data} />
        ${session.isOwner && html`<p><a href="/settings/">Choose the team</a></p>`}</section>
      <section class="card"><h2>What could not be synced</h2><${FailureList} failures=${failures} /></section>
    </div>`}
  </${Loaded}>`;
}
