'use strict';

const errors = require('./errors.js');
const { randomUuid } = require('./uuid.js');
const { given, requireNewId, requireText, requireUuid } = require('./arguments.js');

/* Labels, of one team or (without teamId) of the whole workspace. */

/** A name is taken once it exists in the team or in the workspace, whatever its case. */
function create(tx, input) {
  requireNewId(input.id);
  requireText('name', input.name);
  requireUuid('teamId', input.teamId);
  if (given(input.teamId) && !tx.get('teams', input.teamId)) {
    throw errors.notFound('Team');
  }
  const teamId = given(input.teamId) ? input.teamId : null;
  const name = input.name.trim();
  const taken = tx.store.all('labels').some((label) => (
    label.name.toLowerCase() === name.toLowerCase()
    && (!teamId || !label.teamId || label.teamId === teamId)
  ));
  if (taken) {
    throw errors.duplicateLabel(name);
  }
  return tx.put('labels', given(input.id) ? input.id.toLowerCase() : randomUuid(), {
    name,
    teamId,
    color: input.color || '#bec2c8',
    description: input.description || null,
    isGroup: false,
    createdAt: tx.now,
    updatedAt: tx.now,
    archivedAt: null,
  });
}

module.exports = { create };
