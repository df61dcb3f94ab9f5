'use strict';

// The document of /api/schema/, and checks of answers against it.

const Ajv = require('ajv/dist/2020').default;
const addFormats = require('ajv-formats').default;
const { request, successful } = require('../lib/index.js');

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

// Statuses of requests that nginx refuses before it knows the operation.
const NGINX = [408, 414, 431];

async function load() {
  return new Document(successful('/api/schema/', await request('GET', '/api/schema/')));
}

class Document {
  constructor(json) {
    this.json = json;
    this.ajv = new Ajv({
      allErrors: true, strict: true, allowUnionTypes: true,
      strictRequired: false,
    });
    addFormats(this.ajv);
    this.ajv.addVocabulary(Object.keys(json));
    this.ajv.addSchema(json, 'openapi');
    this.operations = Object.entries(json.paths).flatMap(
      ([path, item]) => METHODS.filter((m) => item[m]).map(
        (method) => ({ ...item[method], path, method })));
  }

  // The target of a "$ref".
  resolve(node) {
    while (node && node.$ref)
      node = node.$ref.slice(2).split('/').reduce(
        (at, name) => at[name.replace(/~1/g, '/')
          .replace(/~0/g, '~')], this.json);
    return node;
  }

  operation(id) {
    return this.operations.find((o) => o.operationId === id);
  }

  // The operations of the path by method; undefined for an unknown path.
  at(path) {
    const all = this.operations.filter((o) => new RegExp(`^${
      o.path.replace(/\{c?id\}/g, '\\d{1,18}')}$`).test(path));
    return all.length
      ? Object.fromEntries(all.map((o) => [o.method, o]))
      : undefined;
  }

  // The operation of a request; undefined for one of another path or method.
  operationOf({ method, path }) {
    const plain = path.replace(/^https?:\/\/[^/]*/, '').replace(/\?.*/s, '');
    return this.at(plain)?.[method === 'HEAD' ? 'get' : method.toLowerCase()];
  }

  // What is wrong with the JSON text according to the schema, as a sentence.
  fault(pointer, text) {
    let value;
    try {
      value = JSON.parse(text);
    } catch (error) {
      return `it is not JSON: ${error.message}`;
    }
    const validate = this.ajv.getSchema(`openapi#${pointer}`);
    if (validate(value))
      return undefined;
    return validate.errors.slice(0, 5).map((e) => `${
      e.instancePath || '/'} ${e.message} ${
      JSON.stringify(e.params)}`).join('; ');
  }

  error(body) {
    return this.fault('/components/schemas/Error', body);
  }

  // What is wrong with an answer {method, path, status, type, body}.
  answerFault({ method, path, status, type, body }) {
    const plain = path.replace(/^https?:\/\/[^/]*/, '')
      .replace(/\?.*/s, '');
    if (!plain.startsWith('/api/'))
      return undefined;
    if (NGINX.includes(status))
      return this.error(body);
    if (method === 'OPTIONS')
      return status === 204 ? undefined : 'OPTIONS is 204 whatever the path';
    const known = this.at(plain);
    if (!known)
      return this.strangerFault(status, body, method);
    const operation =
      known[method === 'HEAD' ? 'get' : method.toLowerCase()];
    if (!operation)
      return status === 405 ? this.error(body)
        : 'the path does not know this method: 405';
    return this.knownFault(operation, status, type,
      method === 'HEAD' ? undefined : body);
  }

  // The same for a path that is not in the document.
  strangerFault(status, body, method) {
    if (status === 301)
      return body ? 'a redirect has no body' : undefined;
    if (![400, 404].includes(status))
      return 'the path is not in the document';
    return method === 'HEAD' ? undefined : this.error(body);
  }

  // body: undefined if the answer must not have one.
  knownFault({ path, method, responses }, status, type, body) {
    const response = this.resolve(responses[status]);
    if (!response)
      return `status ${status} is not in the document`;
    if (!response.content || body === undefined)
      return body ? 'it should have no body' : undefined;
    const media = (type || '').replace(/ *;.*/, '');
    const content = response.content[media] || response.content['*/*'];
    if (!content)
      return `the type ${media || '(none)'} is not in the document`;
    if (media !== 'application/json')
      return undefined;
    return this.fault(content.schema.$ref
      ? content.schema.$ref.slice(1)
      : `/paths/${path.replace(/\//g, '~1')}/${method}/responses/${
        status}/content/application~1json/schema`, body);
  }
}

module.exports = { load };
