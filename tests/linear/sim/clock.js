'use strict';

/*
 * The simulator's idea of now. An offset lets a test move Linear's clock against its own, and
 * with it every timestamp that the simulator stores or signs.
 */
class Clock {
  constructor() {
    this.offset = 0;
  }

  /** Milliseconds since the epoch. */
  now() {
    return Date.now() + this.offset;
  }

  /** Now, as Linear writes times. */
  iso() {
    return new Date(this.now()).toISOString();
  }
}

module.exports = { Clock };
