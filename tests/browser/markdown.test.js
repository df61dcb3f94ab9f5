// The Markdown that people write, as the portal draws it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from './browser.js';

let browser;
let page;
before(async () => {
  browser = await launch();
  page = await (await browser.context()).newPage();
  await page.goto('/login/');
});
after(() => browser.close());

/** The drawing as HTML, links without their safety attributes. */
const draw = (text) => page.evaluate(async (source) => {
  const { renderMarkdown } = await import('/js/markdown.js');
  const box = document.createElement('div');
  box.append(...renderMarkdown(source));
  for (const a of box.querySelectorAll('a')) for (const name of ['rel', 'target']) a.removeAttribute(name);
  return box.innerHTML;
}, text);

const CASES = [
  ['plain', '<p>plain</p>'],
  ['one\ntwo\n\nthree', '<p>one<br>two</p><p>three</p>'],
  ['**b** __b__ *i* _i_ ~~d~~ `c`', '<p><strong>b</strong> <strong>b</strong> <em>i</em> <em>i</em> <del>d</del> <code>c</code></p>'],
  ['***both***', '<p><strong><em>both</em></strong></p>'],
  ['snake_case_name and 2 * 3 * 4', '<p>snake_case_name and 2 * 3 * 4</p>'],
  ['**never closed', '<p>**never closed</p>'],
  ['\\*not\\*', '<p>*not*</p>'],
  ['`a *b*`', '<p><code>a *b*</code></p>'],
  ['``a ` b`` `c', '<p><code>a ` b</code> `c</p>'],
  ['[t](https://a.example/x)', '<p><a href="https://a.example/x">t</a></p>'],
  ['[t](<https://a.example/x>)', '<p><a href="https://a.example/x">t</a></p>'],
  ['[t](javascript:alert(1))', '<p>[t](javascript:alert(1))</p>'],
  ['[t](javascript:alert)', '<p><span>t</span></p>'],
  ['[t](//a.example)', '<p><span>t</span></p>'],
  ['see https://a.example/x.', '<p>see <a href="https://a.example/x">https://a.example/x</a>.</p>'],
  ['<mailto:a@b.example>', '<p><a href="mailto:a@b.example">a@b.example</a></p>'],
  ['<b>x</b> &amp;', '<p>&lt;b&gt;x&lt;/b&gt; &amp;amp;</p>'],
  ['# Big #\ntext', '<p class="md-heading md-h1">Big</p><p>text</p>'],
  ['#nothing', '<p>#nothing</p>'],
  ['- a\n- b\n  more\n- c', '<ul><li>a</li><li>b<br>more</li><li>c</li></ul>'],
  ['* a\n  * b\n* c', '<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>'],
  ['3. a\n4. b', '<ol start="3"><li>a</li><li>b</li></ol>'],
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

test('tasks say their state', async () => {
  const html = await draw('- [ ] a\n- [x] b');
  assert.match(html, /aria-label="to do"/);
  assert.match(html, /aria-label="done"/);
});

test('no text takes long, however it is made', async () => {
  const N = 20_000;
  const texts = ['[', '*', '_', '`', '**a ', '~~', '> ', '- ', '#', '```\n', '[](', '<http://', '![', '\\', ' ', '- [ ] ', '1. ', '*a _b ', 'https://a.', '(('];
  for (const unit of texts) {
    for (const text of [unit.repeat(N / unit.length), `# ${unit.repeat(N / unit.length)}x`, `${unit.repeat(N / unit.length)}\n`.replaceAll(/(.{40})/g, '$1\n')]) {
      const took = await page.evaluate(async (source) => {
        const { renderMarkdown } = await import('/js/markdown.js');
        const begin = performance.now();
        renderMarkdown(source);
        return performance.now() - begin;
      }, text);
      assert.ok(took < 500, `${JSON.stringify(text.slice(0, 20))}…: ${Math.round(took)} ms`);
    }
  }
});
