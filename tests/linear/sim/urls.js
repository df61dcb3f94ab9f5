'use strict';

const { ORGANIZATION } = require('./seed.js');

/** What the pages link by, under whatever name the browser knows this host. */
const issuePath = ({ identifier }) => `/${ORGANIZATION.urlKey}/issue/${identifier}`;

/*
 * The URLs of things: Linear's paths, on the simulator's own address, where they work. They are
 * made when asked for and never stored, for the port may differ after a restart.
 */
class Urls {
  constructor() {
    /** Set once the server listens; `files` and `storage` are the hosts of uploaded files. */
    this.base = '';
    this.files = '';
    this.storage = '';
  }

  issue(issue) {
    return `${this.base}${issuePath(issue)}`;
  }

  comment(issue, comment) {
    return `${this.issue(issue)}#comment-${comment.id.slice(0, 8)}`;
  }

  user(user) {
    const name = encodeURIComponent(user.displayName);
    return `${this.base}/${ORGANIZATION.urlKey}/profiles/${name}`;
  }
}

module.exports = { Urls, issuePath };
