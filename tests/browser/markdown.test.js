// The Markdown that people write, as the portal draws it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SLOWDOWN, launch } from './browser.js';
import { workMeter } from './tasks.js';

let browser;
let page;
before(async () => {
  browser = await launch();
  page = await (await browser.context()).newPage();
  await page.goto('/login/');
});
after(() => browser.close());

/** The drawing as HTML, without the attributes that every block or link has. */
const draw = (text) => page.evaluate(async (source) => {
  const { Markdown } = await import('/js/markdown.js');
  const { html, render } = await import('/js/lib.js');
  const box = document.createElement('div');
  render(html`<${Markdown} text=${source} />`, box);
  for (const node of box.querySelectorAll('*')) for (const name of ['rel', 'target', 'dir']) node.removeAttribute(name);
  return box.firstChild.innerHTML;
}, text);

const CASES = [
  ['plain', '<p>plain</p>'],
  ['one\ntwo\n\nthree', '<p>one<br>two</p><p>three</p>'],
  ['**b** __b__ *i* _i_ ~~d~~ `c`', '<p><strong>b</strong> <strong>b</strong> <em>i</em> <em>i</em> <del>d</del> <code>c</code></p>'],
  ['***both***', '<p><em><strong>both</strong></em></p>'],
  ['<u>u</u> <U>*i*</U>', '<p><u>u</u> <u><em>i</em></u></p>'],
  ['<u>never closed *i*', '<p>&lt;u&gt;never closed <em>i</em></p>'],
  ['a</u> *b <u>c* d</u>', '<p>a&lt;/u&gt; <em>b &lt;u&gt;c</em> d&lt;/u&gt;</p>'],
  ['snake_case_name and 2 * 3 * 4', '<p>snake_case_name and 2 * 3 * 4</p>'],
  ['**never closed', '<p>**never closed</p>'],
  ['\\*not\\*', '<p>*not*</p>'],
  ['`a *b*`', '<p><code>a *b*</code></p>'],
  ['``a ` b`` `c', '<p><code>a ` b</code> `c</p>'],
  ['[t](https://a.example/x)', '<p><a href="https://a.example/x">t</a></p>'],
  ['[t](<https://a.example/x>)', '<p><a href="https://a.example/x">t</a></p>'],
  ['[t](javascript:alert(1))', '<p><span>t</span></p>'],
  ['[t](https://a.example/b_(c))', '<p><a href="https://a.example/b_(c)">t</a></p>'],
  ['https://a.example/b_(c).', '<p><a href="https://a.example/b_(c)">https://a.example/b_(c)</a>.</p>'],
  ['(https://a.example/x)', '<p>(<a href="https://a.example/x">https://a.example/x</a>)</p>'],
  ['![pic](https://a.example/x.png)', '<p><a href="https://a.example/x.png">pic</a></p>'],
  ['![](https://a.example/x.png)', '<p><a href="https://a.example/x.png">https://a.example/x.png</a></p>'],
  ['![pic](data:image/png;base64,AA)', '<p><span>pic</span></p>'],
  ['example.com and a@b.example', '<p>example.com and a@b.example</p>'],
  ['[t](javascript:alert)', '<p><span>t</span></p>'],
  ['[t](//a.example)', '<p><span>t</span></p>'],
  ['see https://a.example/x.', '<p>see <a href="https://a.example/x">https://a.example/x</a>.</p>'],
  ['<mailto:a@b.example>', '<p><a href="mailto:a@b.example">a@b.example</a></p>'],
  ['<b>x</b> &amp;', '<p>&lt;b&gt;x&lt;/b&gt; &amp;</p>'],
  ['&lt;img src=x&gt; &#60;b&#62;', '<p>&lt;img src=x&gt; &lt;b&gt;</p>'],
  ['# Big #\ntext', '<p class="md-heading md-h1">Big</p><p>text</p>'],
  ['#nothing', '<p>#nothing</p>'],
  ['- a\n- b\n  more\n- c', '<ul><li>a</li><li>b<br>more</li><li>c</li></ul>'],
  ['* a\n  * b\n* c', '<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>'],
  ['3. a\n4. b', '<ol start="3"><li>a</li><li>b</li></ol>'],
  ['1. a\n   - b\n     1. c', '<ol><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li></ol>'],
  ['+++ More\ntext\n+++\nafter', '<details><summary>More</summary><p>text</p></details><p>after</p>'],
  ['+++ A\n+++ B\n- b\n+++\na\n+++', '<details><summary>A</summary><details><summary>B</summary><ul><li>b</li></ul></details><p>a</p></details>'],
  ['+++ never closed\ntext', '<p>+++ never closed<br>text</p>'],
  ['> +++ In\n> q\n> +++', '<blockquote><details><summary>In</summary><p>q</p></details></blockquote>'],
  ['- a\n1. b', '<ul><li>a</li></ul><ol><li>b</li></ol>'],
  ['> q\n> r', '<blockquote><p>q<br>r</p></blockquote>'],
  ['---', '<hr>'],
  ['', ''],
  ['   \n\n', ''],
];

for (const [source, wanted] of CASES) {
  test(JSON.stringify(source), async () => {
    assert.equal(await draw(source), wanted);
  });
}

test('code blocks keep what is in them', async () => {
  assert.match(await draw('```js\nif (a < b) *x*\n\n- y\n```\nafter'), /<code>if \(a &lt; b\) \*x\*\n\n- y<\/code><\/pre><p>after<\/p>$/);
  assert.match(await draw('```\nnever closed'), /<code>never closed<\/code>/);
});

test('tables scroll in their own box, and keep how their columns are aligned', async () => {
  const html = await draw('| a | b |\n|---|--:|\n| *c* | 2 |');
  assert.match(html, /^<div class="table" tabindex="0" role="region" aria-label="Table"><table>/);
  assert.match(html, /<th>a<\/th><th class="align-right">b<\/th>.*<td><em>c<\/em><\/td><td class="align-right">2<\/td>/);
});

test('code says its language', async () => {
  assert.match(await draw('```js\nx\n```'), /aria-label="Code, js"/);
});

test('every block takes its own direction', async () => {
  const directions = await page.evaluate(async () => {
    const { Markdown } = await import('/js/markdown.js');
    const { html, render } = await import('/js/lib.js');
    const box = document.body.appendChild(document.createElement('div'));
    render(html`<${Markdown} text=${'abc\n\nשלום\n\n- אבג\n- x'} />`, box);
    const found = [...box.querySelectorAll('p, li')].map((node) => getComputedStyle(node).direction);
    box.remove();
    return found;
  });
  assert.deepEqual(directions, ['ltr', 'rtl', 'rtl', 'ltr']);
});

test('tasks say their state', async () => {
  const html = await draw('- [ ] a\n- [x] b');
  assert.match(html, /aria-label="to do"/);
  assert.match(html, /aria-label="done"/);
});

test('no text takes long, however it is made', async (t) => {
  const MAX = 500 * SLOWDOWN; // ms of the processor
  const worked = await workMeter(page);
  let longest = 0;
  const N = 20_000;
  const texts = ['[', '*', '_', '`', '**a ', '~~', '> ', '- ', '#', '```\n', '[](', '<http://', '![', '\\', ' ', '- [ ] ', '1. ', '*a _b ', 'https://a.', '((',
    '+++ a\n', '+++\n', '<u>', '</u>', '<u></u>', '|a|\n|-|\n', '&#', 'https://a.b/c) ', 'https://a.b/).,', '[x]: ', '`a', '[a]\n', '***'];
  for (const unit of texts) {
    const half = unit.repeat(N / unit.length / 2);
    const mirrored = half + [...half].reverse().join('');
    for (const text of [mirrored, half + half, `# ${half}${half}x`, `${half}${half}\n`.replaceAll(/(.{40})/g, '$1\n')]) {
      const before = await worked();
      await draw(text);
      const took = await worked() - before;
      assert.ok(took < MAX, `${JSON.stringify(text.slice(0, 20))}…: ${Math.round(took)} ms`);
      longest = Math.max(longest, took);
    }
  }
  assert.ok(longest > 5, 'it is measured');
  t.diagnostic(`the longest took ${Math.round(longest)} ms of the processor`);
});
