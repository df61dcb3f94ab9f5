'use strict';

const { BOT, EXTERNAL, ORGANIZATION } = require('./seed.js');
const { PRIORITY_LABELS } = require('./issues.js');

/*
 * What webhooks carry: the envelope and, for each type of thing, its data. Rows are read through
 * the transaction that changed them, so that a payload shows the moment of its event.
 */

const pick = (row, names) => Object.fromEntries(names.map((name) => [name, row[name]]));

class PayloadBuilder {
  constructor(tx, urls) {
    this.tx = tx;
    this.urls = urls;
  }

  user(id) {
    const user = id && this.tx.get('users', id);
    return user
      ? { ...pick(user, ['id', 'name', 'email', 'avatarUrl']), url: this.urls.user(user) }
      : null;
  }

  team(id) {
    return pick(this.tx.get('teams', id), ['id', 'key', 'name']);
  }

  state(id) {
    return pick(this.tx.get('states', id), ['id', 'name', 'type', 'color']);
  }

  issueRef(id) {
    const issue = this.tx.get('issues', id);
    return {
      ...pick(issue, ['id', 'identifier', 'title', 'teamId']),
      team: this.team(issue.teamId),
      url: this.urls.issue(issue),
    };
  }

  Issue(row) {
    return {
      ...row,
      url: this.urls.issue(row),
      priorityLabel: PRIORITY_LABELS[row.priority],
      prioritySortOrder: row.sortOrder,
      team: this.team(row.teamId),
      state: this.state(row.stateId),
      assignee: this.user(row.assigneeId),
      creator: this.user(row.creatorId),
      labels: row.labelIds.map((id) => ({
        ...pick(this.tx.get('labels', id), ['id', 'name', 'color']),
        parentId: null,
      })),
      subscriberIds: row.creatorId ? [row.creatorId] : [],
      reactionData: [],
      botActor: null,
    };
  }

  Comment(row) {
    return {
      ...row,
      issue: this.issueRef(row.issueId),
      user: this.user(row.userId),
      externalUser: row.externalUserId ? pick(EXTERNAL, ['id', 'name', 'email']) : null,
      reactionData: [],
      // text here, an object in the API
      botActor: row.botActor && JSON.stringify(row.botActor),
    };
  }

  Attachment(row) {
    return { ...row, source: null, externalUserCreatorId: null };
  }

  url(type, row) {
    switch (type) {
      case 'Issue': return this.urls.issue(row);
      case 'Comment': return this.urls.comment(this.tx.get('issues', row.issueId), row);
      default: return this.urls.issue(this.tx.get('issues', row.issueId));
    }
  }

  actor() {
    const { actor } = this.tx;
    switch (actor) {
      case null: return null;
      case BOT: return { ...pick(actor, ['id', 'service']), type: 'integration' };
      case EXTERNAL: return { ...pick(actor, ['id', 'name', 'email']), type: 'externalUser' };
      default: return { ...this.user(actor.id), type: 'user' };
    }
  }

  /** The previous values of all that an update changed. */
  static updatedFrom(before, after) {
    return Object.fromEntries(Object.entries(before).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(after[name]),
    ));
  }

  /** The body of a delivery but for `webhookTimestamp`, which is set when it is sent. */
  build(event, webhookId) {
    const { type, action, row, before } = event;
    const minimal = action === 'remove' && this.tx.settings.remove_payload === 'minimal';
    return {
      action,
      actor: this.actor(),
      createdAt: this.tx.now,
      data: minimal ? { id: row.id } : this[type](row),
      ...(before ? { updatedFrom: PayloadBuilder.updatedFrom(before, row) } : {}),
      url: minimal ? null : this.url(type, row),
      type,
      organizationId: ORGANIZATION.id,
      webhookId,
    };
  }
}

module.exports = { PayloadBuilder };
