'use strict';

const comments = require('./comments.js');
const errors = require('./errors.js');
const issues = require('./issues.js');
const { isUuid, randomUuid } = require('./uuid.js');
const { given, requireNewId, requireText, refuseImpersonation } = require('./arguments.js');

/* Links from an issue to elsewhere; as in issues.js, each function takes a transaction first. */

function find(tx, id) {
  const attachment = isUuid(id) ? tx.get('attachments', id.toLowerCase()) : undefined;
  if (!attachment || !tx.sees('attachments', attachment)) {
    throw errors.notFound('Attachment');
  }
  return attachment;
}

/** An issue has one attachment per URL: attaching it again changes the one that is there. */
function create(tx, input) {
  requireNewId(input.id);
  requireText('title', input.title);
  requireText('url', input.url);
  refuseImpersonation(input);
  const issue = issues.findEditable(tx, input.issueId);
  const before = tx.store.by('attachments', 'url', input.url)
    .find((row) => row.issueId === issue.id);
  if (!before && given(input.id) && tx.get('attachments', input.id.toLowerCase())) {
    tx.workspace.noteConflict('Attachment', input.id);
    throw errors.conflict('Attachment', input.id, tx.settings);
  }
  const id = before ? before.id : (given(input.id) && input.id.toLowerCase()) || randomUuid();
  const fields = {
    title: input.title,
    subtitle: given(input.subtitle) ? input.subtitle : null,
    metadata: given(input.metadata) ? input.metadata : {},
    groupBySource: input.groupBySource || false,
    updatedAt: tx.now,
  };
  const attachment = tx.put('attachments', id, before ? fields : {
    ...fields,
    issueId: issue.id,
    url: input.url,
    sourceType: 'api',
    creatorId: tx.userId,
    createdAt: tx.now,
    archivedAt: null,
  });
  tx.emit('Attachment', before ? 'update' : 'create', attachment, before);
  if (given(input.commentBody)) {
    comments.create(tx, { issueId: issue.id, body: input.commentBody });
  }
  return attachment;
}

function remove(tx, id) {
  const attachment = find(tx, id);
  tx.emit('Attachment', 'remove', attachment);
  tx.remove('attachments', attachment.id);
  return attachment;
}

module.exports = { find, create, remove };
