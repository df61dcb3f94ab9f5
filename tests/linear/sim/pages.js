'use strict';

const { HttpError } = require('./http.js');

class Pages {
  async handle() {
    throw new HttpError(404, 'no such page');
  }
}
module.exports = { Pages };
