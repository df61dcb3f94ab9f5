'use strict';

const { ORGANIZATION } = require('./seed.js');

/*
 * The URLs of things: Linear's paths, on the simulator's own address, where they work. They are
 * made when asked for and never stored, for the port may differ after a restart.
 */
class Urls {
  constructor() {
    /** Set once the server listens. */
    this.base = '';
  }

  get workspace() {
    return `${this.base}/${ORGANIZATION.urlKey}`;
  }

  issue(issue) {
    return `${this.workspace}/issue/${issue.identifier}`;
  }

  comment(issue, comment) {
    return `${this.issue(issue)}#comment-${comment.id.slice(0, 8)}`;
  }

  user(user) {
    return `${this.workspace}/profiles/${encodeURIComponent(user.displayName)}`;
  }
}

module.exports = { Urls };
