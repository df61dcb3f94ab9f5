'use strict';

/*
 * The one place that knows where graphql-js lives. Debian's node-graphql puts it into
 * /usr/share/nodejs, which Debian's own node searches and other builds of node do not.
 */
function load(name) {
  try {
    return require(name);
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') {
      throw error;
    }
    return require(`/usr/share/nodejs/${name}`);
  }
}

module.exports = load('graphql');
