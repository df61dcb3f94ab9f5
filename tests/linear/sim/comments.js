'use strict';

const errors = require('./errors.js');
const issues = require('./issues.js');
const { BOT, EXTERNAL } = require('./seed.js');
const { isUuid, randomUuid } = require('./uuid.js');
const { rewrite } = require('./markdown.js');
const {
  given, requireUuid, requireNewId, requireText, requirePast, refuseImpersonation,
} = require('./arguments.js');

/* What can be done to comments; as in issues.js, each function takes a transaction first. */

function find(tx, id) {
  const comment = isUuid(id) ? tx.get('comments', id.toLowerCase()) : undefined;
  if (!comment || !tx.sees('comments', comment)) {
    throw errors.notFound('Comment');
  }
  return comment;
}

/** Threads are one level deep: the parent is a comment of the same issue with no parent itself. */
function checkParent(tx, issue, parentId) {
  if (!given(parentId)) {
    return null;
  }
  const parent = find(tx, parentId);
  if (parent.issueId !== issue.id) {
    throw errors.invalidInput(
      'parent comment is of another issue',
      'The parent comment does not belong to the issue.',
    );
  }
  if (parent.parentId) {
    throw errors.invalidInput(
      'parent comment is a reply',
      'Replies can only be made to a comment at the top of its thread.',
    );
  }
  return parent.id;
}

/** A comment's author is a user, somebody from outside, a bot, or, of an automation, nobody. */
const authorOf = ({ actor, userId }) => ({
  userId,
  externalUserId: actor === EXTERNAL ? actor.id : null,
  botActor: actor === BOT ? actor : null,
});

function create(tx, input) {
  requireNewId(input.id);
  requireUuid('parentId', input.parentId);
  requireText('body', input.body);
  refuseImpersonation(input);
  const id = given(input.id) ? input.id.toLowerCase() : randomUuid();
  if (tx.get('comments', id)) {
    tx.workspace.noteConflict('Comment', id);
    throw errors.conflict('Comment', id, tx.settings);
  }
  if (!given(input.issueId)) {
    throw errors.invalidArgument('issueId should not be empty');
  }
  const issue = issues.findEditable(tx, input.issueId);
  const parentId = checkParent(tx, issue, input.parentId);
  requirePast('createdAt', input.createdAt, tx.time);

  const comment = tx.put('comments', id, {
    issueId: issue.id,
    parentId,
    body: rewrite(input.body),
    ...authorOf(tx),
    quotedText: input.quotedText || null,
    createdAt: input.createdAt || tx.now,
    updatedAt: tx.now,
    editedAt: null,
    resolvedAt: null,
    archivedAt: null,
  });
  issues.touch(tx, issue);
  tx.emit('Comment', 'create', comment);
  return comment;
}

/** Whether anything but a new comment moves the issue's updatedAt, Linear does not promise. */
function touchLater(tx, issue) {
  if (!tx.settings.silent_comments) {
    issues.touch(tx, issue);
  }
}

function update(tx, id, input) {
  if (given(input.body)) {
    requireText('body', input.body);
  }
  const comment = find(tx, id);
  const issue = issues.findEditable(tx, comment.issueId);
  const body = given(input.body) ? rewrite(input.body) : comment.body;
  if (body === comment.body) {
    return comment;
  }
  const after = tx.put('comments', comment.id, { body, editedAt: tx.now, updatedAt: tx.now });
  touchLater(tx, issue);
  tx.emit('Comment', 'update', after, comment);
  return after;
}

/** A thread goes with its root. */
function remove(tx, id) {
  const comment = find(tx, id);
  const issue = issues.findEditable(tx, comment.issueId);
  [...tx.store.by('comments', 'parentId', comment.id), comment].forEach((row) => {
    tx.emit('Comment', 'remove', row);
    tx.remove('comments', row.id);
  });
  touchLater(tx, issue);
  return comment;
}

module.exports = { find, create, update, remove };
