'use strict';

const attachments = require('./attachments.js');
const comments = require('./comments.js');
const files = require('./files.js');
const issues = require('./issues.js');
const labels = require('./labels.js');
const { HttpError } = require('./http.js');
const { seedTeam } = require('./seed.js');
const { namedUuid } = require('./uuid.js');

/*
 * Things that happen in Linear without Docket: people at work (Ann, unless `as` names somebody
 * else), automations (`"as": "automation"`), bots and people outside (`"bot"`, `"external"`). Each deed is a function of a transaction and of
 * the request's fields, and is told to webhooks as Linear would.
 */

function need(fields, ...names) {
  names.forEach((name) => {
    if (fields[name] === undefined) {
      throw new HttpError(400, `"${fields.do}" needs "${name}"`);
    }
  });
}

function findTeam(tx, name) {
  const team = tx.store.all('teams').find((row) => row.id === name || row.key === name);
  if (!team) {
    throw new HttpError(400, `no such team: ${name}`);
  }
  return team;
}

/** A state of a team by id, name or type; among several of a type, the first in position. */
function findState(tx, teamId, name) {
  const [state] = tx.store.by('states', 'teamId', teamId)
    .filter((row) => [row.id, row.name, row.type].includes(name))
    .sort((a, b) => a.position - b.position);
  if (!state) {
    throw new HttpError(400, `no such state: ${name}`);
  }
  return state;
}

/** A user's id by id or address; null stays null. */
const userId = (tx, name) => (name === null ? null : tx.workspace.user(name).id);

function create(tx, fields) {
  need(fields, 'title');
  const team = findTeam(tx, fields.team || 'TOO');
  const { state, assignee } = fields;
  return issues.create(tx, {
    id: fields.id,
    teamId: team.id,
    title: fields.title,
    description: fields.description,
    priority: fields.priority,
    stateId: state === undefined ? undefined : findState(tx, team.id, state).id,
    assigneeId: assignee === undefined ? undefined : userId(tx, assignee),
  });
}

function edit(tx, fields) {
  need(fields, 'issue');
  const input = {};
  ['title', 'description', 'priority', 'labelIds'].forEach((name) => {
    if (fields[name] !== undefined) {
      input[name] = fields[name];
    }
  });
  if (fields.assignee !== undefined) {
    input.assigneeId = userId(tx, fields.assignee);
  }
  return issues.update(tx, fields.issue, input);
}

function move(tx, fields) {
  need(fields, 'issue', 'state');
  const issue = issues.find(tx, fields.issue);
  const state = findState(tx, issue.teamId, fields.state);
  return issues.update(tx, issue.id, { stateId: state.id });
}

function moveTeam(tx, fields) {
  need(fields, 'issue', 'team');
  return issues.update(tx, fields.issue, { teamId: findTeam(tx, fields.team).id });
}

function markDuplicate(tx, fields) {
  need(fields, 'issue');
  return move(tx, { ...fields, state: 'duplicate' });
}

/** `thread` is any comment of a thread: people click "reply" wherever they are. */
function comment(tx, fields) {
  need(fields, 'issue', 'body');
  const inThread = fields.thread && comments.find(tx, fields.thread);
  return comments.create(tx, {
    id: fields.id,
    issueId: fields.issue,
    body: fields.body,
    parentId: inThread ? inThread.parentId || inThread.id : undefined,
  });
}

function editComment(tx, fields) {
  need(fields, 'comment', 'body');
  return comments.update(tx, fields.comment, { body: fields.body });
}

function deleteComment(tx, fields) {
  need(fields, 'comment');
  return comments.remove(tx, fields.comment);
}

/** What is archived is not listed, but nothing says that it was deleted. */
const archiveComment = (at) => (tx, fields) => {
  need(fields, 'comment');
  const { id } = comments.find(tx, fields.comment);
  return tx.put('comments', id, { archivedAt: at(tx) });
};

/** A deed that needs nothing but an issue. */
const toIssue = (work) => (tx, fields) => {
  need(fields, 'issue');
  return work(tx, fields.issue);
};

function attach(tx, fields) {
  need(fields, 'issue', 'url', 'title');
  return attachments.create(tx, {
    issueId: fields.issue, url: fields.url, title: fields.title, subtitle: fields.subtitle,
  });
}

/** A file of these bytes (base64), or of so many zeros; its URL stands in a text by another deed. */
function upload(tx, fields) {
  need(fields, 'filename', 'content_type');
  return files.upload(tx, {
    filename: fields.filename,
    contentType: fields.content_type,
    bytes: fields.base64 === undefined ? Buffer.alloc(Number(fields.size) || 1)
      : Buffer.from(fields.base64, 'base64'),
  });
}

function addState(tx, fields) {
  need(fields, 'team', 'name', 'type');
  const team = findTeam(tx, fields.team);
  return tx.put('states', namedUuid(`state ${team.key} ${fields.name}`), {
    name: fields.name,
    type: fields.type,
    position: fields.position === undefined ? 2000 : fields.position,
    color: '#4cb782',
    description: null,
    teamId: team.id,
    createdAt: tx.now,
    updatedAt: tx.now,
    archivedAt: null,
  });
}

function renameState(tx, fields) {
  need(fields, 'team', 'state', 'name');
  const state = findState(tx, findTeam(tx, fields.team).id, fields.state);
  return tx.put('states', state.id, { name: fields.name, updatedAt: tx.now });
}

/** Issues in a state that goes away are moved on, to one of its type or to the default. */
function removeState(tx, fields) {
  need(fields, 'team', 'state');
  const team = findTeam(tx, fields.team);
  const state = findState(tx, team.id, fields.state);
  if (state.id === team.defaultIssueStateId) {
    throw new HttpError(400, 'the default state of a team cannot be removed');
  }
  const heir = tx.store.by('states', 'teamId', team.id)
    .find((row) => row.type === state.type && row.id !== state.id);
  tx.store.by('issues', 'stateId', state.id).forEach((issue) => {
    const after = tx.put('issues', issue.id, {
      stateId: heir ? heir.id : team.defaultIssueStateId,
      updatedAt: tx.now,
    });
    tx.emit('Issue', 'update', after, issue);
  });
  tx.remove('states', state.id);
  return state;
}

/** Turns triage on or off; the triage state is made when first needed. */
function triage(tx, fields) {
  need(fields, 'team', 'on');
  const team = findTeam(tx, fields.team);
  const state = addState(tx, {
    do: fields.do, team: team.id, name: 'Triage', type: 'triage', position: -1,
  });
  return tx.put('teams', team.id, {
    triageEnabled: Boolean(fields.on), triageIssueStateId: state.id, updatedAt: tx.now,
  });
}

function addLabel(tx, fields) {
  need(fields, 'name');
  const teamId = fields.team ? findTeam(tx, fields.team).id : undefined;
  return labels.create(tx, { name: fields.name, teamId });
}

/** With the states that a new team has. */
function addTeam(tx, fields) {
  need(fields, 'key', 'name');
  if (tx.store.all('teams').some((row) => row.key === fields.key)) {
    throw new HttpError(400, `there is a team ${fields.key}`);
  }
  const id = namedUuid(`team ${fields.key}`);
  seedTeam({ id, key: fields.key, name: fields.name }, tx.now)
    .forEach(([collection, row, value]) => tx.put(collection, row, value));
  return tx.get('teams', id);
}

/** A team that is retired is not found any more. */
function retireTeam(tx, fields) {
  need(fields, 'team');
  return tx.put('teams', findTeam(tx, fields.team).id, { retiredAt: tx.now, updatedAt: tx.now });
}

const setPrivate = (isPrivate) => (tx, fields) => {
  need(fields, 'team');
  return tx.put('teams', findTeam(tx, fields.team).id, { private: isPrivate, updatedAt: tx.now });
};

const setActive = (active) => (tx, fields) => {
  need(fields, 'user');
  return tx.put('users', userId(tx, fields.user), { active, updatedAt: tx.now });
};

const DEEDS = {
  create,
  edit,
  move,
  move_team: moveTeam,
  duplicate: markDuplicate,
  comment,
  edit_comment: editComment,
  delete_comment: deleteComment,
  archive_comment: archiveComment((tx) => tx.now),
  unarchive_comment: archiveComment(() => null),
  archive: toIssue((tx, id) => issues.archive(tx, id, false)),
  trash: toIssue((tx, id) => issues.archive(tx, id, true)),
  unarchive: toIssue(issues.unarchive),
  delete: toIssue(issues.purge),
  attach,
  upload,
  add_state: addState,
  rename_state: renameState,
  remove_state: removeState,
  triage,
  add_label: addLabel,
  add_team: addTeam,
  retire_team: retireTeam,
  hide_team: setPrivate(true),
  show_team: setPrivate(false),
  deactivate_user: setActive(false),
  activate_user: setActive(true),
};

/** Does one deed in the name of `as`; answers the row that it left, and the deliveries. */
function act(workspace, fields) {
  const deed = DEEDS[fields.do];
  if (!deed) {
    throw new HttpError(400, `"do" must be one of: ${Object.keys(DEEDS).join(', ')}`);
  }
  const session = { actor: workspace.actor(fields.as), deliveries: [] };
  const row = workspace.transact(session, (tx) => deed(tx, fields));
  return { row, deliveries: session.deliveries };
}

module.exports = { act };
