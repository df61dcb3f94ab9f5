'use strict';

const crypto = require('crypto');

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

const isUuid = (text) => typeof text === 'string' && UUID.test(text);
const isUuidV4 = (text) => typeof text === 'string' && UUID_V4.test(text);
const randomUuid = () => crypto.randomUUID();

/** The same name gives the same UUID for ever: seeded rows keep their ids across resets. */
function namedUuid(name) {
  const hex = crypto.createHash('sha256').update(`docket simulator: ${name}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

module.exports = { isUuid, isUuidV4, randomUuid, namedUuid };
