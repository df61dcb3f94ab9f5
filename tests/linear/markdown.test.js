'use strict';

const assert = require('assert/strict');
const { describe, it } = require('node:test');
const { rewrite } = require('./sim/markdown.js');
const { Random } = require('./sim/random.js');

/* Text comes back in Linear's hand, and a second time it comes back the same. */

const CASES = [
  ['bullets', '- a\n+ b\n  - c', '* a\n* b\n  * c'],
  ['check boxes stay', '- [ ] open\n- [x] done', '- [ ] open\n- [x] done'],
  ['a rule is no bullet', 'a\n\n---\n\nb', 'a\n\n---\n\nb'],
  ['numbers', '1) a\n2) b', '1. a\n2. b'],
  ['emphasis', '_a_ and _b c_', '*a* and *b c*'],
  ['strong', '__a__', '**a**'],
  ['snake case is no emphasis', 'a_b_c and __init__x', 'a_b_c and __init__x'],
  ['links', '[a](http://u/_x_)', '[a](<http://u/_x_>)'],
  ['images stay', '![a](http://u/x.png)', '![a](http://u/x.png)'],
  ['bare URLs', 'see https://a.b/c_d_e.', 'see [https://a.b/c_d_e](<https://a.b/c_d_e>).'],
  ['autolinks', '<https://a.b>', '[https://a.b](<https://a.b>)'],
  [
    'URLs of issues',
    'http://127.0.0.1:1/w/issue/TOO-7',
    '[TOO-7](<http://127.0.0.1:1/w/issue/TOO-7>)',
  ],
  ['code is left alone', '`_x_` `` a`b - `` x', '`_x_` `` a`b - `` x'],
  ['fences are left alone', '```\n- _x_\n\n\n- y \n```', '```\n- _x_\n\n\n- y \n```'],
  ['blank lines', '\n\na\n\n\n\nb\n\n\n', 'a\n\nb'],
  ['hard breaks', 'a  \nb', 'a\nb'],
  ['line ends', 'a\r\nb\rc', 'a\nb\nc'],
  ['tables', '|a|b|\n|:--|---|\n|1|2|', '| a | b |\n| -- | -- |\n| 1 | 2 |'],
  ['nothing', ' \n\n', ''],
];

describe('markdown', () => {
  for (const [name, text, expected] of CASES) {
    it(name, () => {
      assert.equal(rewrite(text), expected);
      assert.equal(rewrite(expected), expected);
    });
  }

  it('is the same after a second rewriting, for any text', () => {
    const pieces = [
      '- ', '+ ', '* ', '1) ', '_', '__', '*', '`', '``', '```', '~~~', '\n', '\n\n', '  ', '|',
      ' | ', '---', '[', ']', '(', ')', '<', '>', '![', '](', 'http://a.b/c_d', 'https://x.y',
      '/issue/TOO-1', 'word', 'a_b', ' ', '.', '\\', '#', '\r', 'é', '> ', '[ ] ',
    ];
    const random = new Random(7);
    for (let round = 0; round < 50000; round += 1) {
      const length = random.between(1, 14);
      const text = Array.from(
        { length },
        () => pieces[random.between(0, pieces.length - 1)],
      ).join('');
      const once = rewrite(text);
      assert.equal(rewrite(once), once, JSON.stringify(text));
    }
  });

  it('rewrites long hostile text within a time limit', () => {
    const began = process.cpuUsage();
    ['_', '`', '[', '[](', '|', '<http://', '_a', '- ', '__ ', '`` `'].forEach((piece) => {
      rewrite(piece.repeat(20000 / piece.length));
    });
    const took = process.cpuUsage(began).user / 1000;
    assert.ok(took < 10000, `${took} ms`);
  });
});
