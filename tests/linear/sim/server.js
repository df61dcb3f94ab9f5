'use strict';

const http = require('http');
const { Api } = require('./api.js');
const { Clock } = require('./clock.js');
const { Control } = require('./control.js');
const { Engine } = require('./engine.js');
const { FaultPlan } = require('./faults.js');
const { FileBytes } = require('./files.js');
const { FileHosts } = require('./file-hosts.js');
const { HttpError, sendJson } = require('./http.js');
const { Journal } = require('./journal.js');
const { Limiter } = require('./limiter.js');
const { Pages } = require('./pages.js');
const { Sender } = require('./sender.js');
const { Store } = require('./store.js');
const { Urls } = require('./urls.js');
const { Workspace } = require('./workspace.js');

/*
 * Puts the simulator together and serves it: the API, the control endpoints, the pages; and at the
 * same port of two further addresses of this machine the hosts of files, since a key that may go to
 * one host may not go to another.
 */

const FILES = '127.0.0.2';
const STORAGE = '127.0.0.3';
const FILE_HOSTS = { [FILES]: 'files', [STORAGE]: 'storage' };
const EVERYWHERE = '0.0.0.0';

const LOOPBACK = /^(::ffff:)?127\.|^::1$/;

class Simulator {
  constructor(options) {
    const clock = new Clock();
    const journal = options.state ? new Journal(options.state, { fsync: options.fsync }) : null;
    this.log = options.quiet ? () => {} : console.error;
    this.urls = new Urls();
    this.workspace = new Workspace({
      store: new Store(journal),
      bytes: new FileBytes(options.state ? `${options.state}.files` : null),
      clock,
      urls: this.urls,
      webhook: options.webhookUrl
        ? { url: options.webhookUrl, secret: options.webhookSecret, enabled: true }
        : null,
    });
    this.faults = new FaultPlan(options.seed);
    this.limiter = new Limiter(options.rate);
    this.sender = new Sender(this.workspace, this.faults);
    this.api = new Api({ ...this, engine: new Engine(clock), key: options.key });
    this.fileHosts = new FileHosts(this);
    this.control = new Control(this);
    this.pages = new Pages(this);
    this.servers = [];
  }

  /** Starts to serve; resolves to the base URL. */
  async start(port, host) {
    const bound = await this.listen(port, host);
    if (host !== EVERYWHERE) {
      await this.listen(bound, FILES);
      await this.listen(bound, STORAGE);
    }
    this.urls.base = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
    this.urls.files = `http://${FILES}:${bound}`;
    this.urls.storage = `http://${STORAGE}:${bound}`;
    this.workspace.open();
    this.sender.resume();
    return this.urls.base;
  }

  /** Listens at one more address; resolves to the port. */
  async listen(port, host) {
    const server = http.createServer((request, response) => this.serve(request, response));
    await new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    this.servers.push(server);
    return server.address().port;
  }

  stop() {
    this.sender.reset();
    this.servers.forEach((server) => {
      server.close();
      server.closeAllConnections();
    });
  }

  async serve(request, response) {
    const began = Date.now();
    response.on('close', () => this.log(
      `${request.method} ${request.url} ${response.statusCode} ${Date.now() - began} ms`,
    ));
    try {
      await this.route(request, response);
    } catch (error) {
      if (!(error instanceof HttpError)) {
        console.error(error.stack);
      }
      if (!response.headersSent) {
        sendJson(response, error.status || 500, { error: error.message });
      }
    }
  }

  async route(request, response) {
    const url = new URL(request.url, this.urls.base);
    const fileHost = FILE_HOSTS[request.socket.localAddress];
    if (fileHost) {
      await this.fileHosts.handle(fileHost, request, response, url);
    } else if (url.pathname === '/graphql') {
      if (request.method !== 'POST') {
        throw new HttpError(405, 'POST only');
      }
      await this.api.handle(request, response);
    } else if (url.pathname.startsWith('/control/')) {
      if (!LOOPBACK.test(request.socket.remoteAddress)) {
        throw new HttpError(403, 'the control endpoints answer to this machine alone');
      }
      await this.control.handle(request, response, url);
    } else {
      await this.pages.handle(request, response, url);
    }
  }
}

module.exports = { Simulator };
