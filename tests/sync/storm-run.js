'use strict';

const { Random } = require('../linear/sim/random.js');

/*
 * One run of the storm: what it was asked for, its luck, and what it knows of itself.
 */

const SEED = Number(process.env.SEED || 1);
const OPS = Number(process.env.OPS || 4500);
const CALM = process.env.CALM === '1';

/** Marks what must never leave: internal notes from here, comments from there that no customer
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

  /** One of the keys, each as likely as its weight says. */
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
  /** What the storm raised or imported; see here.raise and here.fetch. */
  issues: [],
  /** Ids in Linear of what was made there. */
  born: new Set(),
  counts: {},
  kills: {},
  /** What was done that makes some dead letters honest. */
  did: new Set(),
  faults: 0,
  refused: 0,
  /** Requests to simulators that are no more. */
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
