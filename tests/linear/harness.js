'use strict';

const { spawn } = require('child_process');
const http = require('http');
const path = require('path');
const { Linear, eventually, request } = require('../lib/index.js');

/* What the tests share: a simulator as a child process, and a receiver of webhooks. */

const KEY = 'lin_api_test';
const TOO = 'b95250db-8430-4dbc-88f8-9fc109369df0';
const OTH = '5d1f6a8e-2c47-4b0f-9a3e-6e8b7c1d2f40';
const SECRET = 'webhook secret';

/** A running simulator, with the ways in which tests talk to it. */
class Simulator extends Linear {
  constructor(child, base) {
    super(base, { agent: false });
    this.child = child;
  }

  /** A GraphQL request: {status, headers, text, data, errors}. Throws if the connection breaks. */
  async graphql(query, variables, { key = KEY, ...options } = {}) {
    const { status, headers, text, body, error } = await request('POST', `${this.base}/graphql`, {
      ...this.options,
      headers: { Authorization: key },
      body: { query, variables, ...options },
    });
    if (error) {
      throw error;
    }
    const answer = headers['content-type'].includes('json') ? body : {};
    return { status, headers, text, ...answer };
  }

  /** The data of a request that has to succeed. */
  async data(query, variables) {
    const { data, errors } = await this.graphql(query, variables);
    if (errors) {
      throw new Error(JSON.stringify(errors));
    }
    return data;
  }

  async createIssue(input = {}) {
    const { issueCreate } = await this.data(
      `mutation($input: IssueCreateInput!) {
        issueCreate(input: $input) {
          success lastSyncId
          issue {
            id identifier url title description updatedAt createdAt completedAt
            state { id name type }
          }
        }
      }`,
      { input: { teamId: TOO, title: 'An issue', ...input } },
    );
    return issueCreate.issue;
  }

  async createComment(input) {
    const { commentCreate } = await this.data(
      `mutation($input: CommentCreateInput!) {
        commentCreate(input: $input) {
          comment { id body createdAt parentId user { email } issue { id updatedAt } }
        }
      }`,
      { input: { body: 'A comment', ...input } },
    );
    return commentCreate.comment;
  }

  /** The states of a team by name. */
  async states(team = TOO) {
    const { team: { states } } = await this.data(
      'query($id: String!) { team(id: $id) { states { nodes { id name type } } } }',
      { id: team },
    );
    return Object.fromEntries(states.nodes.map((state) => [state.name, state]));
  }

  /** Ends the process by a signal and waits until it is gone: {code, signal}. */
  stop(signal = 'SIGTERM') {
    return new Promise((resolve) => {
      this.child.once('exit', (code, by) => resolve({ code, signal: by }));
      this.child.kill(signal);
    });
  }
}

/** Starts a simulator on a free port. */
function startSimulator(...options) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [
      path.join(__dirname, 'simulator.js'), '--port', '0', '--key', KEY, '--quiet', ...options,
    ], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.once('exit', (code) => reject(new Error(`the simulator ended with ${code}`)));
    child.stdout.on('data', (line) => {
      const [, base] = /^linear simulator on (\S+)/.exec(line) || [];
      resolve(new Simulator(child, base));
    });
  });
}

/** Something that webhooks can be sent to; it keeps all that arrives. */
class Receiver {
  constructor() {
    this.received = [];
    /** Answers a status, or null to leave the sender waiting. */
    this.answer = () => 200;
    this.server = http.createServer((request, response) => {
      const parts = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => {
        const raw = Buffer.concat(parts);
        const delivery = {
          headers: request.headers, raw, body: JSON.parse(raw), at: Date.now(),
        };
        this.received.push(delivery);
        const status = this.answer(delivery);
        if (status !== null) {
          response.writeHead(status).end();
        }
      });
    });
  }

  start() {
    return new Promise((resolve) => {
      this.server.listen(0, '127.0.0.1', () => {
        this.url = `http://127.0.0.1:${this.server.address().port}/hook`;
        resolve(this);
      });
    });
  }

  /** Waits until something has arrived. */
  async next() {
    await eventually('a webhook arrives', () => this.received.length > 0);
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }

  clear() {
    this.received = [];
    this.answer = () => 200;
  }
}

module.exports = {
  startSimulator, Receiver, KEY, TOO, OTH, SECRET,
};
