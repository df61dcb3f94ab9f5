'use strict';

const fs = require('fs');
const path = require('path');
const issues = require('./issues.js');
const { DEFAULT_HUMAN, EXTERNAL, ORGANIZATION } = require('./seed.js');
const { HttpError, readBody, send } = require('./http.js');
const { act } = require('./act.js');
const { html } = require('./html.js');
const { issuePath } = require('./urls.js');

/*
 * The pages that stand in for Linear's own: a board for each team and a page for each issue,
 * where a person can move the issue and comment on it. Plain forms; no script.
 */

const STYLE = fs.readFileSync(path.join(__dirname, 'style.css'), 'utf8');
const ISSUE_PATH = new RegExp(`^/${ORGANIZATION.urlKey}/issue/([A-Z0-9]+-\\d+)(?:/([^/]*))?$`);
const SECURITY = {
  'Content-Security-Policy': "default-src 'none'; style-src 'self'; form-action 'self'",
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'same-origin',
};

/** The types of states from left to right; those that nobody knows come first. */
const COLUMNS = [
  'triage', 'backlog', 'unstarted', 'started', 'completed', 'canceled', 'duplicate',
];

/** What the forms of an issue's page do: the deed, from the fields of the form. */
const FORMS = {
  move: ({ state }) => ({ do: 'move', state }),
  comment: ({ body, thread }) => ({ do: 'comment', body, thread: thread || undefined }),
};

class Pages {
  constructor({ workspace, sender }) {
    Object.assign(this, { workspace, sender });
  }

  get store() {
    return this.workspace.store;
  }

  async handle(request, response, url) {
    const [, identifier, deed] = ISSUE_PATH.exec(url.pathname) || [];
    if (identifier && request.method === 'POST' && FORMS[deed]) {
      await this.submit(request, response, this.find(identifier), FORMS[deed]);
    } else if (!['GET', 'HEAD'].includes(request.method)) {
      throw new HttpError(405, 'nothing to post here');
    } else if (url.pathname === '/style.css') {
      send(response, 200, { ...SECURITY, 'Content-Type': 'text/css; charset=utf-8' }, STYLE);
    } else if (url.pathname === '/') {
      show(response, 'Board', this.boards());
    } else if (identifier) {
      const issue = this.find(identifier);
      show(response, `${issue.identifier} ${issue.title}`, this.issue(issue));
    } else {
      throw new HttpError(404, 'no such page');
    }
  }

  find(identifier) {
    try {
      return issues.find(this.workspace.reader(), identifier);
    } catch {
      throw new HttpError(404, `no such issue: ${identifier}`);
    }
  }

  /** Does what a form says, then shows the page again. */
  async submit(request, response, issue, toDeed) {
    const { origin, host } = request.headers;
    if (origin && origin !== `http://${host}`) {
      throw new HttpError(403, 'forms are taken from our own pages only');
    }
    const fields = Object.fromEntries(new URLSearchParams(await readBody(request)));
    let deliveries;
    try {
      ({ deliveries } = act(this.workspace, {
        ...toDeed(fields), issue: issue.id, as: fields.as || undefined,
      }));
    } catch (error) {
      const reason = error.extensions ? error.extensions.userPresentableMessage : error.message;
      throw new HttpError(400, reason);
    }
    this.sender.release(deliveries);
    send(response, 303, { Location: issuePath(issue) }, '');
  }

  /** A team's states from left to right; a position counts among those of the same type. */
  states(teamId) {
    return this.store.by('states', 'teamId', teamId).sort(
      (a, b) => COLUMNS.indexOf(a.type) - COLUMNS.indexOf(b.type) || a.position - b.position,
    );
  }

  userName(id) {
    return id ? this.store.get('users', id).name : 'Automation';
  }

  authorName({ userId, externalUserId, botActor }) {
    if (botActor) {
      return botActor.name;
    }
    return externalUserId ? EXTERNAL.name : this.userName(userId);
  }

  boards() {
    return this.store.all('teams').map((team) => html`
<h1>${team.name} <span class="quiet">${team.key}</span></h1>
<div class="board">${this.states(team.id).map((state) => this.column(state))}</div>`);
  }

  column(state) {
    const cards = this.store.by('issues', 'stateId', state.id)
      .filter((issue) => !issue.archivedAt)
      .sort((a, b) => b.number - a.number);
    return html`
<section class="${state.type}">
  <h3>${state.name} <span class="quiet">${cards.length}</span></h3>
  ${cards.map((issue) => html`
  <a class="card" href="${issuePath(issue)}">
    <span class="quiet">${issue.identifier}</span><br>${issue.title}
  </a>`)}
</section>`;
  }

  issue(issue) {
    const comments = this.store.by('comments', 'issueId', issue.id)
      .filter((comment) => !comment.parentId);
    return html`
<p><a href="/">Board</a></p>
<h1><span class="quiet">${issue.identifier}</span> ${issue.title}</h1>
<p class="quiet">${this.facts(issue)}</p>
<pre class="text">${issue.description}</pre>
${issue.archivedAt ? '' : this.moveForm(issue)}
${this.links(issue)}
<h2>Comments</h2>
${comments.map((comment) => this.thread(issue, comment))}
${issue.archivedAt ? '' : this.commentForm(issue, null)}`;
  }

  facts(issue) {
    const facts = [
      this.store.get('states', issue.stateId).name,
      issues.PRIORITY_LABELS[issue.priority],
      issue.assigneeId ? `assigned to ${this.userName(issue.assigneeId)}` : 'unassigned',
      `created by ${this.userName(issue.creatorId)}`,
    ];
    if (issue.archivedAt) {
      facts.push(issue.trashed ? 'in the trash' : 'archived');
    }
    return facts.join(' · ');
  }

  links(issue) {
    const attachments = this.store.by('attachments', 'issueId', issue.id);
    return attachments.length === 0 ? '' : html`
<h2>Links</h2>
<ul>${attachments.map(({ url, title, subtitle }) => html`
  <li>${link(url, title)} <span class="quiet">${subtitle}</span></li>`)}
</ul>`;
  }

  thread(issue, comment) {
    return html`
<article class="comment" id="comment-${comment.id.slice(0, 8)}">
  <strong>${this.authorName(comment)}</strong> <time>${comment.createdAt}</time>
  <pre class="text">${comment.body}</pre>
  ${this.store.by('comments', 'parentId', comment.id).map((reply) => this.thread(issue, reply))}
  ${comment.parentId || issue.archivedAt ? '' : this.commentForm(issue, comment)}
</article>`;
  }

  moveForm(issue) {
    return html`
<form method="post" action="${issuePath(issue)}/move">
  <label>State <select name="state">${this.states(issue.teamId).map((state) => html`
    <option value="${state.id}"${state.id === issue.stateId ? html` selected` : ''}>
      ${state.name}
    </option>`)}
  </select></label>
  ${this.actorField()}
  <button>Move</button>
</form>`;
  }

  /** A form for a reply to that thread, or for a new comment without one. */
  commentForm(issue, thread) {
    return html`
<form method="post" action="${issuePath(issue)}/comment" class="${thread && 'reply'}">
  ${thread ? html`<input type="hidden" name="thread" value="${thread.id}">` : ''}
  <textarea name="body" required aria-label="${thread ? 'Reply' : 'Comment'}"></textarea>
  ${this.actorField()}
  <button>${thread ? 'Reply' : 'Comment'}</button>
</form>`;
  }

  actorField() {
    return html`
  <label>as <select name="as">${this.store.all('users').map(({ email, name }) => html`
    <option value="${email}"${email === DEFAULT_HUMAN ? html` selected` : ''}>${name}</option>`)}
    <option value="automation">Automation</option>
  </select></label>`;
  }
}

/** Attachments may have any URL; only those of the web become links. */
function link(url, title) {
  return /^https?:\/\//i.test(url) ? html`<a href="${url}">${title}</a>` : html`${title}: ${url}`;
}

function show(response, title, content) {
  send(response, 200, { ...SECURITY, 'Content-Type': 'text/html; charset=utf-8' }, html`
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<link rel="stylesheet" href="/style.css">
<header>Linear, simulated</header>
<main>${content}</main>
</html>
`.text.trimStart());
}

module.exports = { Pages };
