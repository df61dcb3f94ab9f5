'use strict';

const { VIEWER_ID } = require('./seed.js');

/*
 * Access rights: the user of the API key is not a member of any private team, so they see neither
 * such a team nor anything in it. Everybody else sees everything.
 */

/** The team that a row belongs to; undefined where it belongs to none. */
function teamOf(store, table, row) {
  if (table === 'teams') {
    return row;
  }
  const { teamId } = row.issueId ? store.get('issues', row.issueId) || {} : row;
  return teamId && store.get('teams', teamId);
}

class Access {
  constructor(store, actor) {
    this.store = store;
    this.isViewer = Boolean(actor) && actor.id === VIEWER_ID;
  }

  sees(table, row) {
    const team = this.isViewer ? teamOf(this.store, table, row) : undefined;
    return !team || !team.private;
  }
}

module.exports = { Access };
