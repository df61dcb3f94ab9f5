'use strict';

const { Random } = require('./random.js');

/*
 * The fault plan: a list of rules, each of which says what goes wrong, where, and how often.
 *
 *   { "kind": "latency", "on": "issueCreate", "next": 3, "min": 200, "max": 400 }
 *
 * `on` is the name of an operation or of a field at its root, for files `file_get` or `file_put`, or, for webhook faults, a type with
 * or without its action ("Comment", "Comment.create"); left out, or "*", it is everything.
 * `after` is how many times the rule lets pass first, `next` how many times it then applies;
 * `probability` is drawn from a generator of the rule's own, so that rules do not disturb each
 * other's luck. With none of them, it always applies.
 *
 * What `latency` or `webhook_delayed` holds up goes on at once when the plan is replaced by one that
 * has no such rule for the same things. So a test can hold it until it is ready, however long that
 * takes; `next: 0` keeps holding what is held, and nothing else.
 */

/** Each kind, with its parameters and what they are when left out. */
const KINDS = {
  // Requests.
  latency: { min: 100, max: 100 },
  drop_before: {},
  drop_after: {},
  http: { status: 503 },
  ratelimited: { remaining: 0 },
  lock_timeout: {},
  internal_error: { status: 200 },
  archived: {},
  broken_field: {},
  auth: {},
  webhook_first: {},
  field_refused: {},
  field_failed: {},
  // Files.
  file_slow: { ms: 1000 },
  file_cut: {},
  file_large: {},
  file_login: {},
  // Webhook deliveries.
  webhook_lost: {},
  webhook_delayed: { ms: 200 },
  webhook_reordered: {},
  webhook_duplicated: { ms: 0 },
  webhook_replayed_old: { ms: 100 },
  webhook_replayed_new: { ms: 100 },
  webhook_stale: { age_ms: 120000 },
  webhook_previous_secret: {},
  webhook_wrong_secret: {},
};

const COMMON = ['kind', 'on', 'after', 'next', 'probability'];

/** Whether a rule that could strike does, or lets this one pass. */
function isDue(rule) {
  if (rule.after > 0) {
    rule.after -= 1;
    return false;
  }
  return rule.probability === undefined || rule.random.next() < rule.probability;
}

function checkRule(rule) {
  const defaults = KINDS[rule.kind];
  if (!defaults) {
    throw new Error(`unknown kind of fault: ${rule.kind} (there are: ${Object.keys(KINDS)
      .join(', ')})`);
  }
  for (const [name, value] of Object.entries(rule)) {
    if (!COMMON.includes(name) && !(name in defaults)) {
      throw new Error(`${rule.kind} has no parameter "${name}"`);
    }
    if (!['kind', 'on'].includes(name) && !(Number.isFinite(value) && value >= 0)) {
      throw new Error(`${rule.kind}.${name} must be a number`);
    }
  }
  return defaults;
}

class FaultPlan {
  constructor(seed = 1) {
    this.seed = seed;
    this.rules = [];
    /** How to let go what a rule holds up, with that rule. */
    this.held = new Map();
  }

  /** Replaces the plan, or with `add` extends it. */
  set({ seed = this.seed, rules = [], add = false }) {
    const parsed = rules.map((rule, index) => ({
      on: '*',
      ...checkRule(rule),
      ...rule,
      hits: 0,
      random: new Random(seed + 7919 * (index + (add ? this.rules.length : 0))),
    }));
    this.seed = seed;
    this.rules = add ? this.rules.concat(parsed) : parsed;
    this.held.forEach(({ kind, on }, letGo) => {
      if (!this.rules.some((rule) => rule.kind === kind && rule.on === on)) {
        letGo();
      }
    });
  }

  /** Resolves after `ms`, or as soon as the plan has no such rule any more. */
  hold(rule, ms) {
    return new Promise((resolve) => {
      let timer = null;
      const letGo = () => {
        clearTimeout(timer);
        this.held.delete(letGo);
        resolve();
      };
      timer = setTimeout(letGo, ms);
      this.held.set(letGo, rule);
    });
  }

  /** Holds up a request if a latency strikes one of these names. */
  async delay(names) {
    const slow = this.strike('latency', names);
    if (slow) {
      await this.hold(slow, slow.random.between(slow.min, slow.max));
    }
  }

  /**
   * The first rule of a kind that strikes one of these names, or null. A strike is counted, so
   * each place asks once for each thing that could go wrong.
   */
  strike(kind, names) {
    const rule = this.rules.find((candidate) => (
      candidate.kind === kind
      && (candidate.on === '*' || names.includes(candidate.on))
      && candidate.next !== 0
      && isDue(candidate)
    ));
    if (!rule) {
      return null;
    }
    rule.hits += 1;
    if (rule.next !== undefined) {
      rule.next -= 1;
    }
    return rule;
  }

  /** The plan for people: what is left of each rule, and how often it struck. */
  describe() {
    return {
      seed: this.seed,
      rules: this.rules.map(({ random, ...rule }) => rule),
    };
  }
}

module.exports = { FaultPlan };
