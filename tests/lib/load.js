'use strict';

/*
 * Full load from several clients that list, export and raise: for tests of what
 * happens to requests meanwhile. Each client has one request at a time; those that raise pause
 * after each.
 */

const { request } = require('./http.js');
const { sleep } = require('./waiting.js');

/** Linear takes what is raised more slowly than Docket. */
const RAISE_PAUSE_MS = 50;

/**
 * Starts the clients. `agent`: false for a new connection each time. `seen` counts their answers,
 * keeps the slowest time, the numbers of the issues that they raised, and each answer that is not
 * what it should be.
 */
function startLoad({ customer, staff, clients, agent }) {
  const seen = { answers: 0, raised: [], slowest: 0, wrong: [] };
  let stopped = false;
  const client = async (n) => {
    for (let i = 0; !stopped; i += 1) {
      const raises = n % 8 === 0;
      const answer = raises
        ? await request('POST', '/api/client/issues/raise/', { token: customer, agent, body: { organization: 1, title: `${n} ${i}`, description: '' } })
        : await request('GET', `/api/issues/${n % 4 === 1 ? 'export/' : ''}`, { token: staff, agent });
      seen.answers += 1;
      seen.slowest = Math.max(seen.slowest, answer.ms);
      if (answer.status !== (raises ? 201 : 200)) seen.wrong.push(`${answer.status} ${answer.error || answer.text.slice(0, 200)}`);
      else if (raises) seen.raised.push(answer.body.issue.issue_number);
      if (raises) await sleep(RAISE_PAUSE_MS);
    }
  };
  const all = Array.from({ length: clients }, (_, n) => client(n));
  return { seen, stop: () => { stopped = true; return Promise.all(all); } };
}

/** Whether everything that was raised is stored, each under a number of its own. */
async function findLost(staff, raised) {
  const stored = new Set();
  for (let next = '/api/issues/?is_client_issue=true&page_size=100&cursor='; next;) {
    const { body } = await request('GET', next, { token: staff });
    for (const issue of body.results) stored.add(issue.issue_number);
    next = body.next && body.next.replace(/^https?:\/\/[^/]+/, '');
  }
  return { lost: raised.filter((number) => !stored.has(number)), twice: raised.length - new Set(raised).size };
}

module.exports = { findLost, startLoad };
