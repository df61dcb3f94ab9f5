'use strict';

const assert = require('assert/strict');
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { after, before, describe, it } = require('node:test');

/* check-schema.js lets nothing pass that Linear would not. */

const OURS = path.join(__dirname, 'schema.graphql');

describe('check-schema.js', () => {
  let directory;

  before(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'check-schema-'));
  });
  after(() => fs.rmSync(directory, { recursive: true }));

  const check = (...words) => spawnSync(
    process.execPath,
    [path.join(__dirname, 'check-schema.js'), ...words],
    { encoding: 'utf8' },
  );

  function write(name, text) {
    const file = path.join(directory, name);
    fs.writeFileSync(file, text);
    return file;
  }

  /** Checks against a copy of our schema in which something was replaced. */
  function checkAgainst(from, to) {
    const ours = fs.readFileSync(OURS, 'utf8');
    assert.ok(ours.includes(from));
    return check('--official', write('official.graphql', ours.replace(from, to)));
  }

  it('finds that our schema is a part of Linear\'s, or says that there is no copy of Linear\'s', () => {
    const { status, stdout, stderr } = check();
    assert.equal(status, 0, stderr);
    assert.match(stdout, /the same|skipped/);
  });

  it('skips the comparison without a copy of Linear\'s schema', () => {
    const { status, stdout } = check('--official', path.join(directory, 'none'));
    assert.equal(status, 0);
    assert.match(stdout, /skipped/);
  });

  it('accepts a schema that has more than ours', () => {
    assert.equal(checkAgainst('type Issue implements Node {', '$&\n  extra: Int').status, 0);
  });

  for (const [what, from, to, message] of [
    ['a missing field', '  branchName: String!\n', '', /Issue\.branchName: Linear has none/],
    ['another nullability', '  assignee: User\n', '  assignee: User!\n', /Issue\.assignee: User,/],
    ['another type', '  number: Float!', '  number: Int!', /Issue\.number: Float!, at Linear Int!/],
    ['a missing argument', 'issueArchive(id: String!, trash: Boolean)', 'issueArchive(id: String!)',
      /issueArchive\.trash: Linear has none/],
    ['a missing input field', '  createAsUser: String\n', '', /createAsUser: Linear has none/],
    ['a required input field that we lack', 'input CommentUpdateInput {',
      '$&\n  why: String!', /CommentUpdateInput\.why: missing here/],
    ['a missing enum value', '  createdAt\n', '', /PaginationOrderBy\.createdAt/],
    ['another default', 'enabled: Boolean = true', 'enabled: Boolean = false', /enabled: default/],
    ['another kind of type', 'type PageInfo {', 'interface PageInfo {', /another kind/],
  ]) {
    it(`finds ${what}`, () => {
      const { status, stderr } = checkAgainst(from, to);
      assert.equal(status, 1);
      assert.match(stderr, message);
    });
  }

  it('reports wrong documents', () => {
    const good = write('good.graphql', 'query Q($id: String!) { issue(id: $id) { id } }');
    const bad = write('bad.graphql', 'query Q($id: ID!) { issue(id: $id) { id nose } }');
    const none = path.join(directory, 'none');
    const valid = check('--official', none, good);
    assert.equal(valid.status, 0, valid.stderr);
    assert.match(valid.stdout, /documents checked: 1/);
    const { status, stderr } = check('--official', none, good, bad);
    assert.equal(status, 1);
    assert.match(stderr, /bad\.graphql.*nose/);
    assert.match(stderr, /"\$id" of type "ID!"/);
    assert.ok(!stderr.includes('good.graphql'));
    assert.equal(check(path.join(directory, 'missing.graphql')).status, 1);
  });
});
