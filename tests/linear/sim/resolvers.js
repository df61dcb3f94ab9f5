'use strict';

const attachments = require('./attachments.js');
const comments = require('./comments.js');
const customers = require('./customers.js');
const errors = require('./errors.js');
const files = require('./files.js');
const issues = require('./issues.js');
const labels = require('./labels.js');
const webhookAdmin = require('./webhook-admin.js');
const { Access } = require('./access.js');
const { Filter } = require('./filter.js');
const { EXTERNAL, ORGANIZATION } = require('./seed.js');
const { given } = require('./arguments.js');
const { page } = require('./paging.js');

/*
 * Where the fields of the schema get their values. A resolver takes (parent, arguments, session);
 * the session carries the workspace, the limiter, who asks, and the deliveries that follow.
 * Fields that are properties of their row need no resolver.
 */

/** A connection over some of a table's rows, filtered and paged. */
function connection(table, rows) {
  return (parent, args, session) => {
    const { store, viewer } = session.workspace;
    const filter = new Filter(store, viewer.id);
    const access = new Access(store, session.actor);
    return page(
      rows(store, parent, args).filter((row) => access.sees(table, row)
        && filter.matches(table, row, args.filter || {})),
      args,
    );
  };
}

const all = (table) => connection(table, (store) => store.all(table));

/** Deactivated users are shown only on request. */
const visibleUsers = (store, parent, { includeDisabled }) => store.all('users')
  .filter((user) => user.active || includeDisabled);

/** The row that a column points to. */
const related = (table, column) => (parent, args, { workspace }) => (
  workspace.store.get(table, parent[column]) || null
);

/** A row by its id, or Linear's refusal. */
const byId = (table, entity) => (parent, { id }, { workspace, actor }) => {
  const row = given(id) && workspace.store.get(table, id.toLowerCase());
  if (!row || !new Access(workspace.store, actor).sees(table, row)) {
    throw errors.notFound(entity);
  }
  return row;
};

function findTeam(parent, { id }, { workspace, actor }) {
  const team = workspace.store.all('teams').find((row) => row.id === id || row.key === id);
  if (!team || !new Access(workspace.store, actor).sees('teams', team)) {
    throw errors.notFound('Team');
  }
  return team;
}

/** Faults of one field of a document: what comes before it is done. */
function failField({ strike }, { fieldName }) {
  if (strike('field_refused', [fieldName])) {
    throw errors.invalidInput(`${fieldName} refused`, `${fieldName} is refused on request.`);
  }
  if (strike('field_failed', [fieldName])) {
    throw errors.internal();
  }
}

/** One mutation of a document: a transaction of its own. */
function transact(session, info, work) {
  failField(session, info);
  return session.workspace.transact(session, work);
}

/** A mutation: does the work in a transaction and answers the payload with the row under `key`. */
const mutation = (key, work) => (parent, args, session, info) => ({
  success: true,
  [key]: transact(session, info, (tx) => work(tx, args)),
  lastSyncId: session.workspace.store.sequence,
});

/** A deletion, which answers the id of what was deleted. */
const deletion = (work) => (parent, args, session, info) => ({
  success: true,
  entityId: transact(session, info, (tx) => work(tx, args.id)).id,
  lastSyncId: session.workspace.store.sequence,
});

/**
 * What a relation leads to, or a fault of Linear's own: the field may be null, so the rest of the
 * answer is there all the same.
 */
const fragile = (resolve) => (parent, args, session) => {
  if (session.strike('broken_field')) {
    throw errors.internal();
  }
  return resolve(parent, args, session);
};

function deleteIssue(tx, { id, permanentlyDelete }) {
  return permanentlyDelete ? issues.purge(tx, id) : issues.archive(tx, id, true);
}

const resolvers = {
  Query: {
    viewer: (parent, args, { workspace }) => workspace.viewer,
    organization: () => ORGANIZATION,
    rateLimitStatus: (parent, args, { limiter, workspace }) => (
      limiter.status(workspace.clock.now())
    ),
    team: findTeam,
    teams: all('teams'),
    workflowState: byId('states', 'WorkflowState'),
    workflowStates: all('states'),
    user: byId('users', 'User'),
    users: connection('users', visibleUsers),
    issueLabels: all('labels'),
    issue: (parent, { id }, { workspace, actor }) => issues.find(workspace.reader(actor), id),
    issues: all('issues'),
    comment: byId('comments', 'Comment'),
    comments: all('comments'),
    attachment: byId('attachments', 'Attachment'),
    attachmentsForURL: connection('attachments', (store, parent, { url }) => (
      store.by('attachments', 'url', url)
    )),
    webhooks: all('webhooks'),
  },

  Mutation: {
    issueCreate: mutation('issue', (tx, { input }) => issues.create(tx, input)),
    issueUpdate: mutation('issue', (tx, { id, input }) => issues.update(tx, id, input)),
    issueArchive: mutation('entity', (tx, { id, trash }) => issues.archive(tx, id, trash)),
    issueUnarchive: mutation('entity', (tx, { id }) => issues.unarchive(tx, id)),
    issueDelete: mutation('entity', deleteIssue),
    issueLabelCreate: mutation('issueLabel', (tx, { input }) => labels.create(tx, input)),
    commentCreate: mutation('comment', (tx, { input }) => comments.create(tx, input)),
    commentUpdate: mutation('comment', (tx, { id, input }) => comments.update(tx, id, input)),
    commentDelete: deletion(comments.remove),
    attachmentCreate: mutation('attachment', (tx, { input }) => attachments.create(tx, input)),
    attachmentDelete: deletion(attachments.remove),
    fileUpload: mutation('uploadFile', files.ask),
    customerUpsert: mutation('customer', (tx, { input }) => customers.upsert(tx, input)),
    customerNeedCreate: mutation('need', (tx, { input }) => customers.createNeed(tx, input)),
    webhookCreate: mutation('webhook', (tx, { input }) => webhookAdmin.create(tx, input)),
    webhookUpdate: mutation('webhook', (tx, { id, input }) => webhookAdmin.update(tx, id, input)),
    webhookDelete: deletion(webhookAdmin.remove),
  },

  User: {
    isMe: (user, args, { workspace }) => user.id === workspace.viewer.id,
    url: (user, args, { workspace }) => workspace.urls.user(user),
    organization: () => ORGANIZATION,
  },

  Team: {
    organization: () => ORGANIZATION,
    triageIssueState: related('states', 'triageIssueStateId'),
    defaultIssueState: related('states', 'defaultIssueStateId'),
    states: connection('states', (store, team) => store.by('states', 'teamId', team.id)),
    labels: connection('labels', (store, team) => store.by('labels', 'teamId', team.id)),
    members: connection('users', visibleUsers),
    issues: connection('issues', (store, team) => store.by('issues', 'teamId', team.id)),
    issueCount: (team, { includeArchived }, { workspace }) => (
      workspace.store.by('issues', 'teamId', team.id)
        .filter((issue) => includeArchived || !issue.archivedAt).length
    ),
  },

  WorkflowState: { team: related('teams', 'teamId') },

  IssueLabel: { team: related('teams', 'teamId') },

  Issue: {
    url: (issue, args, { workspace }) => workspace.urls.issue(issue),
    branchName: (issue) => issue.identifier.toLowerCase(),
    priorityLabel: (issue) => issues.PRIORITY_LABELS[issue.priority],
    team: related('teams', 'teamId'),
    state: related('states', 'stateId'),
    creator: related('users', 'creatorId'),
    assignee: fragile(related('users', 'assigneeId')),
    parent: related('issues', 'parentId'),
    labels: connection('labels', (store, issue) => (
      issue.labelIds.map((id) => store.get('labels', id))
    )),
    comments: connection('comments', (store, issue) => store.by('comments', 'issueId', issue.id)),
    attachments: connection('attachments', (store, issue) => (
      store.by('attachments', 'issueId', issue.id)
    )),
    customerTicketCount: (issue, args, { workspace }) => (
      workspace.store.by('needs', 'issueId', issue.id).length
    ),
  },

  Comment: {
    issue: related('issues', 'issueId'),
    parent: related('comments', 'parentId'),
    children: connection('comments', (store, comment) => (
      store.by('comments', 'parentId', comment.id)
    )),
    user: related('users', 'userId'),
    externalUser: (comment) => (comment.externalUserId ? EXTERNAL : null),
    url: (comment, args, { workspace }) => (
      workspace.urls.comment(workspace.store.get('issues', comment.issueId), comment)
    ),
  },

  Attachment: {
    issue: related('issues', 'issueId'),
    creator: related('users', 'creatorId'),
  },

  CustomerNeed: {
    customer: related('customers', 'customerId'),
    issue: related('issues', 'issueId'),
  },

  Webhook: {
    team: related('teams', 'teamId'),
    creator: related('users', 'creatorId'),
    failures: (webhook) => webhook.failures.map((failure) => ({ ...failure, webhook })),
  },
};

/** Attaches the resolvers; a name that the schema does not know is a mistake of ours. */
function attachResolvers(schema) {
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const known = schema.getType(typeName).getFields();
    for (const [name, resolve] of Object.entries(fields)) {
      if (!known[name]) {
        throw new Error(`the schema has no ${typeName}.${name}`);
      }
      known[name].resolve = resolve;
    }
  }
}

module.exports = { attachResolvers };
