'use strict';

/*
 * Linear's rate limits: two leaky buckets, of requests and of complexity points, that refill
 * continuously at their limit per hour. The reset that Linear names is always an hour away,
 * although the first drop is back at once; clients that wait for it wait too long.
 */

const HOUR = 3600 * 1000;

/** Requests an hour unless told otherwise: enough that no test meets the limit by chance. */
const DEFAULT_LIMIT = 10 * 1000 * 1000;

/** Linear gives a key 2,500 requests and 3,000,000 points: this many points a request. */
const POINTS_PER_REQUEST = 1200;

class Bucket {
  constructor(limit, period, now) {
    this.limit = limit;
    this.period = period;
    this.remaining = limit;
    this.refilledAt = now;
  }

  refill(now) {
    const gained = ((now - this.refilledAt) * this.limit) / this.period;
    this.remaining = Math.min(this.limit, this.remaining + gained);
    this.refilledAt = now;
  }
}

class Limiter {
  constructor(limit = DEFAULT_LIMIT) {
    this.initial = limit;
    this.set({ requests: limit });
  }

  /**
   * Sets the limits. `remaining` empties the buckets of requests down to that many drops;
   * `period_ms` makes Linear's hour shorter, so that a test sees the bucket refill.
   */
  set({
    requests = this.initial, complexity = requests * POINTS_PER_REQUEST, remaining,
    period_ms: period = HOUR,
  }) {
    const now = Date.now();
    this.requests = new Bucket(requests, period, now);
    this.complexity = new Bucket(complexity, period, now);
    if (remaining !== undefined) {
      this.requests.remaining = remaining;
    }
  }

  reset() {
    this.set({});
  }

  /** Takes one request; answers the bucket that is empty, or null. */
  takeRequest() {
    const now = Date.now();
    this.requests.refill(now);
    this.complexity.refill(now);
    if (this.requests.remaining < 1) {
      return { limit: this.requests.limit, kind: 'requests' };
    }
    if (this.complexity.remaining < 1) {
      return { limit: this.complexity.limit, kind: 'complexity points' };
    }
    this.requests.remaining -= 1;
    return null;
  }

  takeComplexity(points) {
    this.complexity.remaining = Math.max(0, this.complexity.remaining - points);
  }

  /**
   * The headers of an answer; `points` is what the request cost, where it got so far, and
   * `remaining` what a refusal says is left of the requests, where that is not for the bucket to
   * say.
   */
  headers(now, points, remaining = Math.floor(this.requests.remaining)) {
    const reset = String(now + HOUR);
    return {
      'X-RateLimit-Requests-Limit': String(this.requests.limit),
      'X-RateLimit-Requests-Remaining': String(remaining),
      'X-RateLimit-Requests-Reset': reset,
      ...(points === undefined ? {} : { 'X-Complexity': String(points) }),
      'X-RateLimit-Complexity-Limit': String(this.complexity.limit),
      'X-RateLimit-Complexity-Remaining': String(Math.floor(this.complexity.remaining)),
      'X-RateLimit-Complexity-Reset': reset,
    };
  }

  /** What `rateLimitStatus` answers. */
  status(now) {
    const line = (type, bucket) => ({
      type,
      requestedAmount: 1,
      allowedAmount: bucket.limit,
      period: HOUR,
      remainingAmount: Math.floor(bucket.remaining),
      reset: now + HOUR,
    });
    return {
      identifier: null,
      kind: 'apiKey',
      limits: [line('requests', this.requests), line('complexity', this.complexity)],
    };
  }
}

module.exports = { Limiter };
