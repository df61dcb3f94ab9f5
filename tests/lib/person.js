'use strict';

const { query } = require('./database.js');
const { derived } = require('./derived.js');
const { request, successful } = require('./http.js');
const { eventually } = require('./waiting.js');

/* A user who is logged in, and what users do through the API. */

/** The password of the users of the demo data. */
const PASSWORD = 'test123456';

/** Responses with what docket-sync derives from changes. */
const SHOWS_DERIVED = /[?&](search|days)=|\/(notifications|start)\//;

let serial = 0;

/** A text that no other test uses. */
function unique(text) {
  serial += 1;
  return `${text} ${process.pid.toString(36)}${Date.now().toString(36)}${serial}`;
}

/** The token of a new login. */
async function login(username, password = PASSWORD, options = {}) {
  const answer = await request('POST', '/api/auth/login/', { ...options, body: { username, password } });
  return successful(`login of ${username}`, answer).token;
}

const known = new Map();

class Person {
  constructor(username, token) {
    Object.assign(this, { username, token });
  }

  /** Options are those of request(). */
  static async login(username, password = PASSWORD, options = {}) {
    return new Person(username, await login(username, password, options));
  }

  /** The same, with one login in the life of this process. */
  static cached(username) {
    if (!known.has(username)) {
      known.set(username, Person.login(username));
    }
    return known.get(username);
  }

  /** A new customer, who has raised nothing yet. */
  static async signUp(username, fields = {}) {
    const answer = await request('POST', '/api/users/', {
      body: {
        username, email: `${username}@example.com`, password: 'not a common password', ...fields,
      },
    });
    return new Person(username, successful(`sign-up of ${username}`, answer).token);
  }

  /** Sends a request; resolves to its response, whatever that is. */
  call(method, path, body, headers = {}) {
    return request(method, path, { token: this.token, body, headers });
  }

  /** Sends a request that must succeed; resolves to the body of its response. */
  async must(method, path, body) {
    return successful(`${method} ${path}`, await this.call(method, path, body));
  }

  /** Waits for what is derived from changes, if the response shows it. */
  async get(path) {
    if (SHOWS_DERIVED.test(path)) {
      await derived();
    }
    return this.must('GET', path);
  }

  post(path, body = {}) {
    return this.must('POST', path, body);
  }

  patch(path, body) {
    return this.must('PATCH', path, body);
  }

  /** Makes the token act as the profile of this person in that organization. */
  async actFor(organization) {
    const { profiles } = await this.get('/api/auth/role-selection/available_roles/');
    const profile = profiles.find((p) => p.organization?.id === organization && p.profile_type !== 'customer');
    return this.post('/api/auth/role-selection/select_role/', { profile_id: profile.id });
  }

  /** Raises an issue; by default about organization 1, with a unique title. */
  async raise(fields = {}) {
    const { issue } = await this.post('/api/client/issues/raise/', {
      organization: 1, title: unique('Issue'), description: '', ...fields,
    });
    return issue;
  }

  issue(id) {
    return this.get(`/api/issues/${id}/`);
  }

  /** The newest entries of the issue's history, at most 100. */
  async history(id) {
    return (await this.get(`/api/issues/${id}/activity/?page_size=100`)).results;
  }

  /** Waits until `check` is true of the issue; resolves to the issue. */
  becomes(id, what, check, ms) {
    return eventually(`issue ${id} ${what}`, async () => {
      const issue = await this.issue(id);
      return check(issue) && issue;
    }, ms);
  }

  /** Waits until the issue is in Linear with all of its changes; resolves to the issue. What was done
   * to it a moment ago may still have to be queued for Linear: until then it counts as synced. */
  async synced(id, ms) {
    await eventually(`the changes of issue ${id} are queued`, () => query(`SELECT COUNT(*) FROM outbox WHERE issue_id = ${id}`) === '0');
    return this.becomes(id, 'synced', (issue) => issue.sync_state === 'synced', ms);
  }
}

module.exports = {
  PASSWORD, Person, login, unique,
};
