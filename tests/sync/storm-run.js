'use strict';

const { Random } = require('../linear/sim/random.js');

/*
 * One run of the storm: its options, its random numbers, and its records.
 */

const SEED = Number(process.env.SEED || 1);
const OPS = Number(process.env.OPS || 4500);
const CALM = process.env.CALM === '1';

/** Marks texts that must never leave: internal notes from here, comments from there that no customer
 * shares. Notes of a resolution stay here as well, but the customer reads them. */
const INTERNAL_HERE = 'HUSHHERE';
const INTERNAL_THERE = 'HUSHTHERE';
const RESOLUTION = 'RESOLUTION';

/** The simulator's random numbers, and what people choose by them. */
class Dice extends Random {
  below(n) {
    return Math.floor(this.next() * n);
  }

  of(list) {
    return list[this.below(list.length)];
  }

  /** One of the keys, by weight. */
  weighted(weights) {
    let left = this.next() * Object.values(weights).reduce((a, b) => a + b, 0);
    return Object.keys(weights).find((key) => {
      left -= weights[key];
      return left < 0;
    });
  }
}

const run = {
  /** Who is logged in, by login. */
  people: {},
  /** The issues that the storm raised or imported; see here.raise and here.fetch. */
  issues: [],
  /** Ids of issues created in Linear. */
  born: new Set(),
  counts: {},
  kills: {},
  /** Troubles that may cause dead letters. */
  did: new Set(),
  faults: 0,
  refused: 0,
  /** Requests to simulators that have been killed. */
  asked: 0,
  serial: 0,
};

const count = (what) => {
  run.counts[what] = (run.counts[what] || 0) + 1;
};

const unique = (what) => {
  run.serial += 1;
  return `${what} ${SEED}/${process.pid}/${run.serial}`;
};

module.exports = {
  SEED, OPS, CALM, INTERNAL_HERE, INTERNAL_THERE, RESOLUTION, Dice, run, count, unique,
};
