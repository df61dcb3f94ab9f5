// One issue, as its customer follows it.
import { useLive } from '../data.js';
import { ofIssue } from '../files/attached.js';
import { html, useRef } from '../lib.js';
import { ReplyBox } from '../issue/composer.js';
import { History } from '../issue/history.js';
import { OwnButtons, openReopen } from '../issue/own.js';
import { Progress } from '../issue/progress.js';
import { Message, Thread } from '../issue/thread.js';
import { useKeys } from '../keys.js';
import { Link, Markdown } from '../markdown.js';
import { useTitle } from '../nav.js';
import { session } from '../session.js';
import { Ago } from '../time.js';
import { StatusBadge } from '../ui/badge.js';
import { Icon } from '../ui/icons.js';
import { Loaded } from '../ui/states.js';
import { CATEGORY, PRIORITY } from '../words.js';

const EVERY = 15_000;

function Facts({ issue }) {
  const fact = (name, value) => value && html`<dt>${name}</dt><dd dir="auto">${value}</dd>`;
  return html`
    <dl class="facts">
      ${fact('Company', issue.organization_name)}
      ${fact('Looked after by', issue.assigned_to?.full_name ?? 'Nobody yet')}
      ${fact('Category', CATEGORY[issue.category])}
      ${fact('Priority', PRIORITY[issue.priority])}
      ${fact('Order', issue.order_number)}
      ${fact('Supplier', issue.vendor_name)}
      ${fact('Raised', html`<${Ago} at=${issue.created_at} />`)}
      ${fact('Last change', html`<${Ago} at=${issue.updated_at} />`)}
      ${issue.linear_issue_url && fact('Tracked', html`<${Link} href=${issue.linear_issue_url}>In Linear <${Icon} name="out" /></${Link}>`)}
    </dl>`;
}

function Outcome({ issue, onDone }) {
  if (issue.status !== 'resolved') return null;
  return html`
    <section class="card outcome" aria-label="Resolution">
      <h2><${Icon} name="check" />Resolved by ${issue.resolved_by_name ?? issue.organization_name} <${Ago} at=${issue.resolved_at} /></h2>
      ${issue.resolution_notes && html`<${Markdown} text=${issue.resolution_notes} />`}
      <p class="actions"><span>Not solved for you?</span>
        <button type="button" class="button" onClick=${() => openReopen(issue, onDone)}>Reopen</button></p>
    </section>`;
}

export default function Follow({ id }) {
  const live = useLive('/api/client/issues/{id}/', { path: { id }, every: EVERY });
  const issue = /** @type {any} */ (live.data);
  const again = live.again;
  const area = useRef(/** @type {HTMLElement | null} */ (null));
  useTitle(issue ? `${issue.issue_number} ${issue.title}` : 'Issue');
  useKeys('This issue', [['r', 'Write a reply', () => area.current?.focus()]]);

  return html`<${Loaded} of=${[live]}>${() => html`
    <p class="crumb"><a href="/"><${Icon} name="left" />My issues</a></p>
    <p class="kicker"><span class="number">${issue.issue_number}</span><${StatusBadge} status=${issue.status} /></p>
    <h1 tabindex="-1" dir="auto">${issue.title}</h1>
    <${OwnButtons} issue=${issue} onDone=${again} />
    <div class="two-columns customer">
      <div class="stack">
        <div class="stack"><${Progress} status=${issue.status} /><${Outcome} issue=${issue} onDone=${again} /></div>
        <section class="stack" aria-label="Conversation">
          <${Message} name=${issue.raised_by_customer_name ?? session.user?.full_name} kind="customer" label="you" at=${issue.created_at}
            text=${issue.description} files=${ofIssue(issue)} empty="No description was given." onDone=${again} />
          <${Thread} issue=${id} comments=${issue.comments} onDone=${again} />
        </section>
        <div class="card"><${ReplyBox} id=${id} onSent=${again} area=${area} /></div>
      </div>
      <aside class="stack" aria-label="Details">
        <div class="card"><h2 class="sr">Details</h2><${Facts} issue=${issue} /></div>
        <${History} id=${id} version=${live.etag} />
      </aside>
    </div>`}
  </${Loaded}>`;
}
