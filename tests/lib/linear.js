'use strict';

const { request, successful } = require('./http.js');

/* The simulated Linear, through its control endpoints (tests/linear/README.md). */

class Linear {
  constructor(base, options = {}) {
    Object.assign(this, { base, options });
  }

  /** Sends a request to a control endpoint, which must accept it. */
  async call(method, path, body) {
    const answer = await request(method, `${this.base}/control/${path}`, { ...this.options, body });
    return successful(`simulator, ${path}`, answer);
  }

  get(path) {
    return this.call('GET', path);
  }

  post(path, body = {}) {
    return this.call('POST', path, body);
  }

  state() {
    return this.get('state');
  }

  issue(id) {
    return this.get(`issue/${id}`);
  }

  /** Replaces all faults; without arguments there are none. */
  faults(...rules) {
    return this.post('faults', { rules });
  }

  /** What a person does in Linear: {do: 'move', issue, state}. */
  act(deed) {
    return this.post('act', deed);
  }

  /** How often an operation was requested so far. */
  async asked(operation) {
    return (await this.get('requests')).by_operation[operation] || 0;
  }

  /** The number of requests so far, except those that are sent periodically. */
  async requests() {
    const { total, by_operation: by } = await this.get('requests');
    return ['IssueChanged', 'IssuePresent', 'TeamGet', 'UserFind']
      .reduce((left, name) => left - (by[name] || 0), total);
  }
}

/** The simulator of the instance. */
const linear = new Linear(process.env.SIMULATOR_URL);

module.exports = { Linear, linear };
