#!/usr/bin/env node
// Copies the modules of npm that the portal serves to nginx/html/vendor/, under
// names that hold a hash of their content, and puts these names where the portal
// loads them. The versions are those of package-lock.json.
//
//   vendor.js          after `npm install` in tools/portal: copy and rename
//   vendor.js --check  fail if anything would change
//
// Only the specifiers of imports are changed, since the browser does not know
// names of packages: "preact" becomes "./preact.<hash>.js". A script without
// exports gets one.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, 'node_modules');
const html = join(here, '../../nginx/html');
const vendor = join(html, 'vendor');

// Each after those that it imports.
const FILES = [
  { name: 'preact.js', imported: 'preact', file: 'preact/dist/preact.module.js' },
  { name: 'preact-hooks.js', imported: 'preact/hooks', file: 'preact/hooks/dist/hooks.module.js' },
  { name: 'signals-core.js', imported: '@preact/signals-core', file: '@preact/signals-core/dist/signals-core.module.js' },
  { name: 'signals.js', file: '@preact/signals/dist/signals.module.js' },
  { name: 'htm.js', file: 'htm/dist/htm.module.js' },
  { name: 'preact-iso-router.js', file: 'preact-iso/src/router.js' },
  { name: 'markdown-it.js', file: 'markdown-it/dist/browser/markdown-it.esm.min.mjs' },
  { name: 'uplot.js', file: 'uplot/dist/uPlot.iife.min.js', exported: 'uPlot' },
  { name: 'uplot.css', file: 'uplot/dist/uPlot.min.css' },
  { name: 'rapidoc.js', file: 'rapidoc/dist/rapidoc-min.js' },
];

// The packages whose code is served; markdown-it's file contains the last ones.
const PACKAGES = ['preact', '@preact/signals', '@preact/signals-core', 'htm', 'preact-iso', 'rapidoc', 'uplot', 'markdown-it',
  'entities', 'linkify-it', 'mdurl', 'punycode.js', 'uc.micro'];

const read = (file) => readFileSync(join(modules, file), 'utf8');

/** The files of the directory: {name: text}. */
function wanted() {
  const files = {};
  const specifiers = new Map();
  for (const { name, imported, file, exported } of FILES) {
    let text = read(file).replace(/\n?\/[/*]# sourceMappingURL=[^\n]*\n?/g, '\n');
    text = text.replace(/\b(from|import)(\s*)(["'])([^"'.]+)\3/g, (whole, word, space, quote, from) => {
      if (!specifiers.has(from)) throw new Error(`${file} imports ${from}, which is not served`);
      return `${word}${space}${quote}./${specifiers.get(from)}${quote}`;
    });
    if (exported) text += `export default ${exported};\n`;
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 10);
    const hashed = name.replace(/\.(js|css)$/, `.${hash}.$1`);
    if (imported) specifiers.set(imported, hashed);
    files[hashed] = text;
  }
  const bundled = read('rapidoc/dist/rapidoc-min.js.LICENSE.txt');
  files['LICENSES.txt'] = [...PACKAGES.map(licenceOf), `Parts of rapidoc:\n\n${bundled}`].join('\n');
  return files;
}

function licenceOf(name) {
  const { version } = JSON.parse(read(`${name}/package.json`));
  const file = readdirSync(join(modules, name)).find((f) => /^licen[cs]e/i.test(f));
  if (!file) throw new Error(`${name} has no licence`);
  return `${'='.repeat(72)}\n${name} ${version}\n${'='.repeat(72)}\n\n${read(`${name}/${file}`).trim()}\n`;
}

// The page of the API's documentation, which the program serves.
const DOCS = join(here, '../../cgi/openapi/docs.html');

/** Those that load something from vendor/. */
function* loaders(dir = html) {
  if (dir === html) yield DOCS;
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (path === vendor) continue;
    if (entry.isDirectory()) yield* loaders(path);
    else if (/\.(js|css|html)$/.test(entry.name)) yield path;
  }
}

/** The text with the present names: vendor/preact.<any>.js → vendor/preact.<hash>.js */
function renamed(text, names, path) {
  return text.replace(/(vendor\/)([\w-]+)\.[0-9a-z]+\.(js|css)\b/g, (whole, dir, stem, type) => {
    const name = names.find((n) => n.startsWith(`${stem}.`) && n.endsWith(`.${type}`));
    if (!name) throw new Error(`${path}: there is no ${whole}`);
    return dir + name;
  });
}

const check = process.argv.includes('--check');
const different = [];

function put(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  different.push(path);
  if (!check) writeFileSync(path, text);
}

const files = wanted();
const names = Object.keys(files);
for (const [name, text] of Object.entries(files)) put(join(vendor, name), text);
for (const name of readdirSync(vendor).filter((n) => !names.includes(n))) {
  different.push(join(vendor, name));
  if (!check) rmSync(join(vendor, name));
}
for (const path of loaders()) put(path, renamed(readFileSync(path, 'utf8'), names, path));

for (const path of different) console.log(`${check ? 'differs from package-lock.json' : 'written'}: ${path}`);
if (check && different.length) process.exit(1);
