'use strict';

const errors = require('./errors.js');
const { randomUuid } = require('./uuid.js');
const {
  HttpError, readJson, send, sendJson,
} = require('./http.js');

/*
 * POST /graphql: the way of a request through faults, authentication, limits and the engine, in
 * the order in which Linear would stop it.
 */

/** A connection that just ends, as when a proxy dies. */
const drop = (request) => request.socket.destroy();

class Api {
  constructor({
    workspace, engine, faults, limiter, sender, key,
  }) {
    Object.assign(this, {
      workspace, engine, faults, limiter, sender, initialKey: key, key,
    });
    this.resetCounts();
  }

  /** What was asked of us, for tests to look at. */
  resetCounts() {
    this.counts = {
      total: 0, in_flight: 0, max_in_flight: 0, by_operation: {},
    };
  }

  count(names) {
    const { counts } = this;
    counts.total += 1;
    counts.in_flight += 1;
    counts.max_in_flight = Math.max(counts.max_in_flight, counts.in_flight);
    names.forEach((name) => {
      counts.by_operation[name] = (counts.by_operation[name] || 0) + 1;
    });
  }

  async handle(request, response) {
    if (!/^application\/json\b/i.test(request.headers['content-type'])) {
      throw new HttpError(400, 'the Content-Type must be application/json');
    }
    const asked = await readJson(request);
    const names = this.engine.names(asked);
    const { counts } = this;
    this.count(names);
    const session = {
      workspace: this.workspace,
      limiter: this.limiter,
      actor: this.workspace.viewer,
      deliveries: [],
      strike: (kind, place = names) => this.faults.strike(kind, place),
      delay: () => this.faults.delay(names),
    };
    try {
      await this.answer(request, response, asked, session);
    } finally {
      counts.in_flight -= 1;
      this.releaseAfter(response, session);
    }
  }

  /** Webhooks go out once the answer has, or the connection is gone. */
  releaseAfter(response, session) {
    const release = () => this.sender.release(session.deliveries.splice(0));
    if (response.writableFinished || response.destroyed) {
      release();
    } else {
      response.once('close', release);
    }
  }

  async answer(request, response, asked, session) {
    const { strike } = session;
    await session.delay();
    if (strike('drop_before')) {
      drop(request);
      return;
    }
    const broken = strike('http');
    if (broken) {
      // What stands before the API answers in HTML, not in JSON.
      send(response, broken.status, { 'Content-Type': 'text/html' },
        `<html><body><h1>${broken.status}</h1></body></html>`);
      return;
    }

    let points;
    let result;
    let refusals = null;
    try {
      this.authenticate(request, strike);
      this.limit(strike);
      const prepared = this.engine.prepare(asked);
      points = prepared.points;
      this.limiter.takeComplexity(points);
      failInside(strike);
      result = await this.engine.execute(prepared, session);
    } catch (error) {
      refusals = [].concat(error);
    }
    if (!refusals && strike('drop_after')) {
      drop(request);
      return;
    }
    if (session.deliveries.length > 0 && strike('webhook_first')) {
      await this.sender.release(session.deliveries.splice(0));
    }
    const [{ remaining }] = refusals || [{}];
    sendJson(response, this.status(refusals || result.errors), this.body(refusals, result), {
      'X-Request-Id': randomUuid(),
      ...this.limiter.headers(this.workspace.clock.now(), points, remaining),
    });
  }

  authenticate(request, strike) {
    const { authorization = '' } = request.headers;
    if (authorization === `Bearer ${this.key}`) {
      throw errors.keySentAsBearer();
    }
    if (authorization !== this.key || strike('auth')) {
      throw errors.notAuthenticated();
    }
  }

  limit(strike) {
    const empty = this.limiter.takeRequest();
    if (empty) {
      throw errors.rateLimited(empty.limit, empty.kind);
    }
    const struck = strike('ratelimited');
    if (struck) {
      const error = errors.rateLimited(this.limiter.requests.limit, 'requests');
      throw Object.assign(error, { remaining: struck.remaining });
    }
  }

  /** The status of an answer: that of its first error which insists on one. */
  status(list) {
    if (!list || list.length === 0) {
      return 200;
    }
    const [first] = list;
    const { http } = first.originalError || first;
    return http || this.workspace.settings.refusal_status;
  }

  body(refusals, result) {
    if (refusals) {
      return { errors: refusals.map(present), data: null };
    }
    return result.errors
      ? { errors: result.errors.map(present), data: result.data }
      : { data: result.data };
  }
}

/** Faults of Linear's own, met before anything is changed. */
function failInside(strike) {
  if (strike('lock_timeout')) {
    throw errors.lockTimeout();
  }
  if (strike('archived')) {
    throw errors.archived('Issue');
  }
  const failure = strike('internal_error');
  if (failure) {
    throw errors.internal(failure.status);
  }
}

/** An error as it is sent. One without Linear's extensions is a mistake in the simulator. */
function present(error) {
  if (error.extensions && error.extensions.type) {
    return error.toJSON();
  }
  console.error((error.originalError || error).stack);
  return { ...errors.internal().toJSON(), path: error.path };
}

module.exports = { Api };
