// Shows the document of /api/schema/: every operation with what it takes and
// answers, and a way to try it. Text is always text: nothing here parses HTML.

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

let api;
let token = ''; // typed by the reader; kept nowhere

/** h('a', {href: '/', onclick: f}, 'text', node, [more]) */
function h(tag, attrs, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs ?? {})) {
    if (typeof value === 'function') node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(name, value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== undefined && child !== null && child !== false) node.append(child);
  }
  return node;
}

/** A text of the document, in which `code` stands between backquotes. */
function prose(text) {
  return (text ?? '').split(/\n\n+/).map((paragraph) =>
    h('p', {}, paragraph.split('`').map((part, i) => (i % 2 ? h('code', {}, part) : part))));
}

function resolve(node) {
  let at = node;
  while (at?.$ref) {
    at = at.$ref.slice(2).split('/').reduce((from, name) => from[name], api);
  }
  return at;
}

// --- schemas ------------------------------------------------------------------

const isNull = (schema) => schema.type === 'null';

/** What a value is, in a few words: "integer", "array of Comment or null". */
function typeOf(schema) {
  if (schema.$ref) {
    const plain = resolve(schema);
    const name = schema.$ref.replace(/.*\//, '');
    return plain.properties || plain.allOf || plain.anyOf ? name : typeOf(plain);
  }
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((word) => JSON.stringify(word)).join(' | ');
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.type === 'array') return `array of ${typeOf(schema.items ?? {})}`;
  const type = [schema.type ?? 'any'].flat().join(' or ');
  return schema.format && schema.format !== 'int64' ? `${type} (${schema.format})` : type;
}

/** "1 to 255 characters" */
function limitsOf(schema) {
  const range = (least, most, what) => {
    if (least === undefined && most === undefined) return undefined;
    if (most === undefined) return `at least ${least}${what}`;
    return least === undefined ? `at most ${most}${what}` : `${least} to ${most}${what}`;
  };
  return [
    range(schema.minLength, schema.maxLength, ' characters'),
    range(schema.minimum, schema.maximum, ''),
    range(schema.minItems, schema.maxItems, ' entries'),
    schema.pattern && `like ${schema.pattern}`,
  ].filter(Boolean).join(', ');
}

/** The members of an object, those that it takes over included. */
function membersOf(schema) {
  const own = resolve(schema);
  return Object.assign({}, ...(own.allOf ?? []).map(membersOf), own.properties);
}

/** The objects that a value may be, or be an array of. */
function objectsIn(schema) {
  const plain = resolve(schema);
  if (plain.type === 'array') return objectsIn(plain.items ?? {});
  if (plain.anyOf) return plain.anyOf.filter((s) => !isNull(s)).flatMap(objectsIn);
  return Object.keys(membersOf(plain)).length ? [plain] : [];
}

function requiredOf(schema) {
  const own = resolve(schema);
  return [...(own.allOf ?? []).flatMap(requiredOf), ...(own.required ?? [])];
}

/** A <details> whose inside is made when it is first opened. */
function lazily(attrs, summary, make) {
  const node = h('details', attrs, summary);
  node.addEventListener('toggle', () => {
    if (node.open && node.childElementCount === 1) node.append(h('div', {}, make()));
  });
  return node;
}

function memberRow(name, schema, required) {
  const plain = resolve(schema);
  const inner = objectsIn(schema);
  return h('li', {},
    h('code', { class: 'name' }, name), ' ',
    h('span', { class: 'type' }, typeOf(schema)),
    required === false && h('span', { class: 'optional' }, ' optional'),
    h('span', { class: 'limits' }, ' ', limitsOf(plain)),
    prose(plain.description),
    inner.length > 0 && lazily({}, h('summary', {}, 'members'), () => inner.map(memberList)));
}

function memberList(schema) {
  const required = requiredOf(schema);
  return h('ul', { class: 'members' },
    Object.entries(membersOf(schema)).map(([name, member]) =>
      memberRow(name, member, required.includes(name))));
}

/** A schema as a whole. */
function outline(schema) {
  const plain = resolve(schema);
  const objects = objectsIn(schema);
  return [
    h('p', { class: 'type' }, typeOf(schema), ' ', limitsOf(plain)),
    prose(plain.description),
    objects.map((object, i) => [i > 0 && h('p', { class: 'type' }, 'or'), memberList(object)]),
  ];
}

// --- trying it ----------------------------------------------------------------

/** A value to start from. */
function sample(schema) {
  const plain = resolve(schema);
  if (plain.enum) return plain.enum[0];
  if (plain.anyOf) return sample(plain.anyOf[0]);
  const type = [plain.type].flat()[0];
  if (type === 'integer') return plain.minimum ?? 1;
  if (type === 'boolean') return true;
  if (type === 'array') return [sample(plain.items)];
  return '';
}

function sampleBody(body) {
  const { schema } = body.content['application/json'];
  const names = schema.required ?? Object.keys(schema.properties ?? {});
  const values = names.map((name) => [name, sample(schema.properties[name])]);
  return JSON.stringify(Object.fromEntries(values), null, 2);
}

function requestOf(op, form) {
  const headers = {};
  const query = new URLSearchParams();
  let { path } = op;
  for (const input of form.querySelectorAll('input')) {
    if (input.value === '') continue;
    const { place } = input.dataset;
    if (place === 'path') path = path.replace(`{${input.name}}`, encodeURIComponent(input.value));
    else if (place === 'query') query.set(input.name, input.value);
    else headers[input.name] = input.value;
  }
  if (token && op.security.length) headers.Authorization = `Token ${token}`;
  const body = form.querySelector('textarea')?.value;
  if (body) headers['Content-Type'] = 'application/json';
  return [query.size ? `${path}?${query}` : path,
    { method: op.method.toUpperCase(), headers, body, cache: 'no-store' }];
}

async function send(op, form, out) {
  const [path, request] = requestOf(op, form);
  out.textContent = `${request.method} ${path}\n…`;
  try {
    const answer = await fetch(path, request);
    let text = await answer.text();
    try {
      text = JSON.stringify(JSON.parse(text), null, 2);
    } catch { /* it is something else */ }
    out.textContent = `${request.method} ${path}\n${answer.status} ${answer.statusText}\n\n${text}`;
  } catch (error) {
    out.textContent = `${request.method} ${path}\n${error.message}`;
  }
}

function tryForm(op) {
  const out = h('pre', { tabindex: '0', 'aria-live': 'polite' });
  const inputs = op.parameters.map(resolve).map((p) =>
    h('label', {}, p.name, h('input', { name: p.name, 'data-place': p.in, required: p.required && '' })));
  const body = op.requestBody && h('label', {}, 'Body',
    h('textarea', { rows: '8', spellcheck: 'false' }, sampleBody(op.requestBody)));
  const form = h('form', {
    onsubmit: (event) => {
      event.preventDefault();
      send(op, form, out);
    },
  }, inputs, body, h('button', {}, 'Send'));
  return [form, out];
}

// --- the page -----------------------------------------------------------------

function parameterList(op) {
  return h('ul', { class: 'members' }, op.parameters.map(resolve).map((p) => {
    const row = memberRow(p.name, p.schema, Boolean(p.required));
    row.append(h('span', { class: 'limits' }, `in the ${p.in}`), ...prose(p.description));
    return row;
  }));
}

function answerOf(status, response) {
  const { description, content } = resolve(response);
  const title = h('summary', {}, h('b', { class: `s${status[0]}` }, status), ' ', prose(description));
  return lazily({ class: 'answer' }, title, () => (content
    ? Object.entries(content).map(([type, { schema }]) => [h('p', {}, h('code', {}, type)), outline(schema)])
    : h('p', {}, 'No body.')));
}

function inside(op) {
  const body = op.requestBody?.content['application/json'].schema;
  return h('div', { class: 'inside' },
    prose(op.description),
    op.parameters.length > 0 && [h('h4', {}, 'Parameters'), parameterList(op)],
    body && [h('h4', {}, 'Body'), h('p', {}, h('code', {}, 'application/json')), outline(body)],
    h('h4', {}, 'Answers'),
    Object.entries(op.responses).map(([status, response]) => answerOf(status, response)),
    lazily({ class: 'try' }, h('summary', {}, 'Try it'), () => tryForm(op)));
}

function section(op) {
  return lazily({ class: 'op', id: op.operationId }, h('summary', {},
    h('b', { class: `method ${op.method}` }, op.method.toUpperCase()), ' ',
    h('code', {}, op.path), ' ', h('span', {}, op.summary)), () => inside(op));
}

function operations() {
  return Object.entries(api.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ ...item[method], path, method })));
}

/** Shows what has all the words, and the groups that are not empty. */
function narrow(words) {
  const wanted = words.toLowerCase().split(/\s+/);
  for (const group of document.querySelectorAll('section')) {
    let some = false;
    for (const node of group.querySelectorAll('.op')) {
      const text = `${node.id} ${node.firstChild.textContent}`.toLowerCase();
      node.hidden = !wanted.every((word) => text.includes(word));
      some ||= !node.hidden;
    }
    group.hidden = !some;
  }
}

function openHash() {
  const node = document.getElementById(location.hash.slice(1));
  if (!node) return;
  if (node.tagName === 'DETAILS') node.open = true;
  node.scrollIntoView();
}

function render() {
  const all = operations();
  const main = document.getElementById('main');
  main.replaceChildren(h('div', { class: 'about' }, prose(api.info.description)), ...api.tags.map((tag) =>
    h('section', { id: `tag-${tag.name}` }, h('h2', {}, tag.name), prose(tag.description),
      all.filter((op) => op.tags[0] === tag.name).map(section))));
  document.getElementById('nav').replaceChildren(h('ul', {}, api.tags.map((tag) =>
    h('li', {}, h('a', { href: `#tag-${tag.name}` }, tag.name)))));
  document.getElementById('head').append(
    h('label', {}, 'Find', h('input', { type: 'search', oninput: (e) => narrow(e.target.value) })),
    h('label', {}, 'Token, to try things', h('input', {
      type: 'password', autocomplete: 'off', oninput: (e) => { token = e.target.value.trim(); },
    })),
    h('a', { href: '/api/schema/' }, 'OpenAPI document'));
  addEventListener('hashchange', openHash);
  openHash();
}

async function start() {
  try {
    const answer = await fetch('/api/schema/');
    if (!answer.ok) throw new Error(`it answers ${answer.status}`);
    api = await answer.json();
    render();
  } catch (error) {
    document.getElementById('state').textContent = `/api/schema/ cannot be read: ${error.message}`;
  }
}

start();
