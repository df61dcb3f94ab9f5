'use strict';

const assert = require('assert/strict');
const fs = require('fs');
const path = require('path');
const { after, before, describe, it } = require('node:test');
const { request } = require('../lib/index.js');
const { startSimulator } = require('./harness.js');

/* Every curl line of the README does what it says it can. */

const README = fs.readFileSync(path.join(__dirname, 'README.md'), 'utf8');
const LINE = /^curl (?:-X (?<method>\w+) )?"?\$C\/(?<what>[^\s"]+)"?(?: +-d '(?<body>[^']*)')?/gm;

describe('the README', () => {
  let linear;

  before(async () => {
    linear = await startSimulator('--webhook-url', 'http://127.0.0.1:1/', '--webhook-secret', 's');
  });
  after(() => linear.stop());

  const lines = [...README.matchAll(LINE)];

  it('has a line for each endpoint and each action', async () => {
    assert.equal(lines.length, README.match(/^curl .*\$C/gm).length);
    const { text } = await request('GET', `${linear.base}/control/`);
    const routes = [...text.matchAll(/(?:GET|POST) (\w+)/g)].map(([, name]) => name);
    const told = new Set(lines.map(({ groups }) => groups.what.split(/[/?]/)[0]));
    assert.deepEqual([...told].sort(), [...new Set(routes)].sort());
    await assert.rejects(linear.act({ do: '?' }), (error) => {
      const deeds = /must be one of: ([^"]*)"/.exec(error.message)[1].split(', ');
      return deeds.every((deed) => README.includes(`"do":"${deed}"`));
    });
  });

  for (const { 0: line, groups } of lines) {
    it(line, async () => {
      const { method, what, body } = groups;
      await linear.post('reset');
      await linear.post('webhook', { enabled: what.startsWith('webhook') });
      await linear.createIssue();
      const { id } = await linear.createComment({ issueId: 'TOO-1' });
      const { status, text } = await request(method || (body ? 'POST' : 'GET'), `${linear.base}/control/${what}`, {
        type: null, body: body && body.replace('COMMENT-ID', id),
      });
      assert.equal(status, 200, text);
    });
  }
});
