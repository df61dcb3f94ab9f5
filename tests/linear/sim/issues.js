'use strict';

const errors = require('./errors.js');
const { isUuid, randomUuid } = require('./uuid.js');
const { rewrite } = require('./markdown.js');
const {
  given, requireUuid, requireUuids, requireNewId, requireText, requireRange, requirePast,
  refuseImpersonation,
} = require('./arguments.js');

/*
 * What can be done to issues. Each function takes a transaction first, throws Linear's refusal or
 * writes into the transaction, and answers the row as it will be.
 */

const PRIORITY_LABELS = ['No priority', 'Urgent', 'High', 'Medium', 'Low'];

/** An issue by UUID or identifier; identifiers from before a move of team still find it. */
function find(tx, id) {
  const uuid = isUuid(id) ? id.toLowerCase() : tx.store.identifiers.get(String(id).toUpperCase());
  const issue = uuid && tx.get('issues', uuid);
  if (!issue || !tx.sees('issues', issue)) {
    throw errors.notFound('Issue');
  }
  return issue;
}

function findEditable(tx, id) {
  const issue = find(tx, id);
  if (issue.archivedAt) {
    throw errors.archived('Issue');
  }
  return issue;
}

function findTeam(tx, id) {
  const team = tx.get('teams', id);
  if (!team || team.retiredAt || !tx.sees('teams', team)) {
    throw errors.notFound('Team');
  }
  return team;
}

function findState(tx, team, id) {
  const state = tx.get('states', id);
  if (!state) {
    throw errors.notFound('WorkflowState');
  }
  if (state.teamId !== team.id) {
    throw errors.discrepancy();
  }
  return state;
}

function checkAssignee(tx, id) {
  if (!given(id)) {
    return null;
  }
  const user = tx.get('users', id);
  if (!user) {
    throw errors.notFound('User');
  }
  if (!user.active) {
    throw errors.invalidInput(
      'assignee is not active',
      'The issue cannot be assigned to a deactivated user.',
    );
  }
  return user.id;
}

/** Labels of the workspace and of the issue's own team will do. */
function checkLabels(tx, team, ids) {
  ids.forEach((id) => {
    const label = tx.get('labels', id);
    if (!label) {
      throw errors.notFound('IssueLabel');
    }
    if (label.teamId && label.teamId !== team.id) {
      throw errors.invalidInput(
        'label is not of the team of the issue',
        `The label "${label.name}" belongs to another team.`,
      );
    }
  });
  return [...new Set(ids)];
}

function checkParent(tx, id) {
  return given(id) ? find(tx, id).id : null;
}

/** Empty text is stored as none: a description that was cleared reads back as null. */
const storedDescription = (text) => (given(text) && rewrite(text)) || null;

/** The times that follow from the type of the state which an issue enters. */
function stateTimes(issue, type, now) {
  return {
    startedAt: ['started', 'completed'].includes(type) ? issue.startedAt || now : null,
    completedAt: type === 'completed' ? issue.completedAt || now : null,
    canceledAt: ['canceled', 'duplicate'].includes(type) ? issue.canceledAt || now : null,
  };
}

function initialState(tx, team, stateId) {
  const id = given(stateId)
    ? stateId
    : (team.triageEnabled && team.triageIssueStateId) || team.defaultIssueStateId;
  const state = findState(tx, team, id);
  if (state.type === 'duplicate') {
    throw errors.invalidInput(
      'cannot create an issue in a duplicate state',
      'Issues become duplicates by being marked as such.',
    );
  }
  return state;
}

function checkCreateArguments(tx, input) {
  requireNewId(input.id);
  requireUuid('teamId', input.teamId);
  requireText('title', input.title);
  requireUuid('stateId', input.stateId);
  requireUuid('assigneeId', input.assigneeId);
  requireUuids('labelIds', input.labelIds);
  requireRange('priority', input.priority, 0, 4);
  refuseImpersonation(input);
}

function create(tx, input) {
  checkCreateArguments(tx, input);
  const id = given(input.id) ? input.id.toLowerCase() : randomUuid();
  // The duplicate comes first: a client that repeats a create must learn of it even when the
  // team is gone or the plan is full by now.
  if (tx.get('issues', id)) {
    tx.workspace.noteConflict('Issue', id);
    throw errors.conflict('Issue', id, tx.settings);
  }
  const limit = tx.settings.plan_limit;
  if (limit !== null && tx.store.tables.issues.size >= limit) {
    throw errors.planLimit();
  }
  const team = findTeam(tx, input.teamId);
  const state = initialState(tx, team, input.stateId);
  requirePast('createdAt', input.createdAt, tx.time);
  requirePast('completedAt', input.completedAt, tx.time);
  if (given(input.completedAt) && state.type !== 'completed') {
    throw errors.invalidInput(
      'completedAt needs a completed state',
      'completedAt can only be given with a state of type completed.',
    );
  }

  const createdAt = input.createdAt || tx.now;
  const number = team.lastNumber + 1;
  tx.put('teams', team.id, { lastNumber: number });
  const issue = tx.put('issues', id, {
    teamId: team.id,
    number,
    identifier: `${team.key}-${number}`,
    previousIdentifiers: [],
    title: input.title.trim(),
    description: storedDescription(input.description),
    stateId: state.id,
    priority: input.priority || 0,
    assigneeId: checkAssignee(tx, input.assigneeId),
    creatorId: tx.userId,
    parentId: checkParent(tx, input.parentId),
    labelIds: checkLabels(tx, team, input.labelIds || []),
    dueDate: input.dueDate || null,
    sortOrder: given(input.sortOrder) ? input.sortOrder : -number,
    createdAt,
    updatedAt: tx.now,
    ...stateTimes({}, state.type, input.completedAt || createdAt),
    archivedAt: null,
    trashed: null,
  });
  tx.emit('Issue', 'create', issue);
  return issue;
}

/** The state in which an issue arrives in another team: one of its own type, or the default. */
function counterpartState(tx, team, state) {
  const [same] = tx.store.by('states', 'teamId', team.id)
    .filter((candidate) => candidate.type === state.type)
    .sort((a, b) => a.position - b.position);
  return same || findState(tx, team, team.defaultIssueStateId);
}

/** What changes when an issue moves to another team: new identifier, that team's state. */
function moveFields(tx, issue, team) {
  const number = team.lastNumber + 1;
  tx.put('teams', team.id, { lastNumber: number });
  return {
    teamId: team.id,
    number,
    identifier: `${team.key}-${number}`,
    previousIdentifiers: [...issue.previousIdentifiers, issue.identifier],
    labelIds: issue.labelIds.filter((id) => !tx.get('labels', id).teamId),
  };
}

function changedLabels(issue, input) {
  const base = given(input.labelIds) ? input.labelIds : issue.labelIds;
  return base
    .concat(input.addedLabelIds || [])
    .filter((id) => !(input.removedLabelIds || []).includes(id));
}

function checkUpdateArguments(input) {
  if (given(input.title)) {
    requireText('title', input.title);
  }
  ['teamId', 'stateId', 'assigneeId'].forEach((name) => requireUuid(name, input[name]));
  ['labelIds', 'addedLabelIds', 'removedLabelIds'].forEach(
    (name) => requireUuids(name, input[name]),
  );
  requireRange('priority', input.priority, 0, 4);
}

/** Whether an update does nothing but restore from the trash, the one edit allowed there. */
const isRestore = (input) => 'trashed' in input && !input.trashed
  && Object.keys(input).length === 1;

function update(tx, id, input) {
  checkUpdateArguments(input);
  if (isRestore(input)) {
    return unarchive(tx, id);
  }
  const issue = findEditable(tx, id);
  const fields = {};
  let team = tx.get('teams', issue.teamId);
  let state = tx.get('states', issue.stateId);

  if (given(input.teamId) && input.teamId !== issue.teamId) {
    team = findTeam(tx, input.teamId);
    state = counterpartState(tx, team, state);
    Object.assign(fields, moveFields(tx, issue, team));
  }
  if (given(input.stateId)) {
    state = findState(tx, team, input.stateId);
  }
  if (state.id !== issue.stateId) {
    fields.stateId = state.id;
    Object.assign(fields, stateTimes(issue, state.type, tx.now));
  }
  if (given(input.title)) {
    fields.title = input.title.trim();
  }
  if ('description' in input) {
    fields.description = storedDescription(input.description);
  }
  if (given(input.priority)) {
    fields.priority = input.priority;
  }
  if ('assigneeId' in input) {
    fields.assigneeId = checkAssignee(tx, input.assigneeId);
  }
  if ('parentId' in input) {
    fields.parentId = checkParent(tx, input.parentId);
  }
  if ('dueDate' in input) {
    fields.dueDate = input.dueDate;
  }
  if (given(input.sortOrder)) {
    fields.sortOrder = input.sortOrder;
  }
  if (['labelIds', 'addedLabelIds', 'removedLabelIds'].some((name) => given(input[name]))) {
    fields.labelIds = checkLabels(tx, team, changedLabels(issue, input));
  }
  if (input.trashed) {
    Object.assign(fields, { archivedAt: tx.now, trashed: true });
  }
  return change(tx, issue, fields);
}

/** Writes those fields that differ; when none does, Linear neither stamps nor tells anybody. */
function change(tx, issue, fields) {
  const changed = Object.fromEntries(Object.entries(fields).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(issue[name]),
  ));
  if (Object.keys(changed).length === 0) {
    return issue;
  }
  const after = tx.put('issues', issue.id, { ...changed, updatedAt: tx.now });
  tx.emit('Issue', 'update', after, issue);
  return after;
}

function archive(tx, id, trash) {
  const issue = find(tx, id);
  const fields = { archivedAt: issue.archivedAt || tx.now };
  return change(tx, issue, trash ? { ...fields, trashed: true } : fields);
}

function unarchive(tx, id) {
  return change(tx, find(tx, id), { archivedAt: null, trashed: null });
}

/** Deletion for good, with all that hangs on the issue. The row that was is answered. */
function purge(tx, id) {
  const issue = find(tx, id);
  tx.store.by('comments', 'issueId', issue.id).forEach((row) => tx.remove('comments', row.id));
  tx.store.by('attachments', 'issueId', issue.id)
    .forEach((row) => tx.remove('attachments', row.id));
  tx.emit('Issue', 'remove', issue);
  tx.remove('issues', issue.id);
  return issue;
}

/** The issue's updatedAt follows its comments, though it may stay a little behind the comment's own
 * createdAt. */
function touch(tx, issue) {
  const bumped = new Date(tx.time - tx.settings.comment_lag_ms).toISOString();
  if (bumped > issue.updatedAt) {
    tx.put('issues', issue.id, { updatedAt: bumped });
  }
}

module.exports = {
  PRIORITY_LABELS, find, findEditable, findTeam, create, update, archive, unarchive, purge, touch,
};
