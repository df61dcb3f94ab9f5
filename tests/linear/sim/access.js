'use strict';

const { VIEWER_ID } = require('./seed.js');

/*
 * Who sees what: the user of the API key is no member of any private team, and to him such a team
 * is not there, nor is anything in it. Everybody else sees everything.
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
