'use strict';

const { execFile, execFileSync } = require('child_process');
const fs = require('fs');
const http = require('http');

/*
 * What the tests of the synchronization share: the two sides over HTTP, the processes of the
 * instance that they run in (tools/instance exec sets the environment), and patience.
 */

const { BASE_URL, SIMULATOR_URL, STATE } = process.env;

/** Idle connections are closed long before the simulator closes them, after five seconds: a request
 * sent at that moment would be lost. */
const agent = new http.Agent({ keepAlive: true, maxSockets: 32, timeout: 2000 });

const sleep = (ms) => new Promise((resolve) => {
  setTimeout(resolve, ms);
});

/** One HTTP request; resolves to {status, body}, or {status: 0} when the connection broke. */
function request(base, method, path, body, headers = {}) {
  const text = body === undefined ? '' : JSON.stringify(body);
  return new Promise((resolve) => {
    const call = http.request(base + path, {
      method,
      agent,
      timeout: 60000,
      headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text), ...headers },
    }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', () => resolve({ status: 0 }));
      response.on('end', () => {
        const raw = Buffer.concat(parts).toString('utf8');
        try {
          resolve({ status: response.statusCode, body: raw ? JSON.parse(raw) : null });
        } catch {
          resolve({ status: response.statusCode, body: raw });
        }
      });
    });
    call.on('timeout', () => call.destroy(new Error('timeout')));
    call.on('error', (error) => resolve({ status: 0, error: error.message }));
    call.end(text);
  });
}

/** Somebody who is logged in. */
class Person {
  constructor(username, token) {
    Object.assign(this, { username, token });
  }

  static async login(username) {
    const { status, body } = await request(BASE_URL, 'POST', '/api/auth/login/', {
      username, password: 'test123456',
    });
    if (status !== 200) {
      throw new Error(`${username} cannot log in: ${status}`);
    }
    return new Person(username, body.token);
  }

  /** A new customer, who has raised nothing yet. */
  static async signUp(username) {
    const { status, body } = await request(BASE_URL, 'POST', '/api/users/', {
      username, email: `${username}@example.com`, password: 'not a common password',
    });
    if (status !== 201) {
      throw new Error(`${username} cannot sign up: ${status} ${JSON.stringify(body)}`);
    }
    return new Person(username, body.token);
  }

  call(method, path, body, headers = {}) {
    return request(BASE_URL, method, path, body, {
      Authorization: `Token ${this.token}`, ...headers,
    });
  }

  /** The same, for what must succeed. */
  async must(method, path, body) {
    const answer = await this.call(method, path, body);
    if (answer.status < 200 || answer.status > 299) {
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }

  get(path) {
    return this.must('GET', path);
  }

  post(path, body = {}) {
    return this.must('POST', path, body);
  }

  patch(path, body) {
    return this.must('PATCH', path, body);
  }
}

/** The simulator's control endpoints. */
const linear = {
  async call(method, path, body) {
    const answer = await request(SIMULATOR_URL, method, `/control/${path}`, body);
    if (answer.status !== 200) {
      throw new Error(`simulator, ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  },
  get: (path) => linear.call('GET', path),
  post: (path, body = {}) => linear.call('POST', path, body),
  state: () => linear.get('state'),
  issue: (id) => linear.get(`issue/${id}`),
  faults: (...rules) => linear.post('faults', { rules }),
  act: (fields) => linear.post('act', fields),
  /** Requests so far, except those that are sent periodically. */
  async requests() {
    const { total, by_operation: by } = (await linear.state()).requests;
    return ['IssueChanged', 'IssuePresent', 'TeamGet', 'UserFind']
      .reduce((left, name) => left - (by[name] || 0), total);
  },
};

/** Waits until `check` returns a true value, and returns it. */
async function eventually(what, check, ms = 20000) {
  const end = Date.now() + ms;
  let last;
  for (;;) {
    try {
      last = await check();
      if (last) {
        return last;
      }
    } catch (error) {
      last = error.message;
    }
    if (Date.now() > end) {
      throw new Error(`not within ${ms} ms: ${what} (last: ${JSON.stringify(last)})`);
    }
    await sleep(50);
  }
}

/** The result of a statement in the instance's database, one line per row. */
function query(sql) {
  const {
    DB_SOCKET, DB_HOST, DB_USER, DB_PASSWORD, DB_NAME,
  } = process.env;
  return execFileSync('mariadb', [
    '--no-defaults', '--batch', '--skip-column-names', `--user=${DB_USER}`,
    DB_SOCKET ? `--socket=${DB_SOCKET}` : `--host=${DB_HOST}`, DB_NAME, '-e', sql,
  ], { env: { ...process.env, MYSQL_PWD: DB_PASSWORD }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    .trim();
}

/** No job and no delivery is waiting. */
const isIdle = () => query("SELECT (SELECT COUNT(*) FROM sync_job WHERE state = 'ready')"
  + ' + (SELECT COUNT(*) FROM webhook_delivery WHERE done_at IS NULL)') === '0';

/** Has the daemon reconcile now, and waits until it has. A pass that it is in the middle of may have
 * looked already, so it is one that begins from now on. */
async function reconcile() {
  const when = (name) => query(`SELECT updated_at FROM sync_fact WHERE name = '${name}'`);
  await eventually('the database', () => query("DELETE FROM sync_fact WHERE name = 'pass'; SELECT 1"));
  const begun = await eventually('a pass that begins', () => when('pass'), 60000);
  await eventually('its end', () => when('reconcile') >= begun, 60000);
}

/** Whether Docket says so, a minute after the last one came and one was missed. */
async function webhooksArrive(person) {
  query("UPDATE sync_fact SET updated_at = updated_at - INTERVAL 61 SECOND WHERE name IN ('webhook', 'unheard')");
  return (await person.get('/api/linear/status/')).webhooks_arrive;
}

/** The processes of one service of the instance. */
function processesOf(service) {
  const mark = `DOCKET_SERVICE=${fs.realpathSync(STATE)}/${service}`;
  return fs.readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid)
        && fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark);
    } catch {
      return false;
    }
  }).map(Number);
}

const programOf = (pid) => {
  try {
    return fs.readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
};

/** Kills a service with SIGKILL; the instance starts it again. */
function kill(service) {
  const pids = processesOf(service);
  pids.forEach((pid) => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it has just ended by itself
    }
  });
  return pids.length;
}

/** Kills one worker of a pool, the `nth` of them; the pool starts another. */
function killWorker(service, nth) {
  const workers = processesOf(service).filter((pid) => programOf(pid) === 'docket.fcgi');
  if (workers.length > 0) {
    try {
      process.kill(workers[nth % workers.length], 'SIGKILL');
    } catch {
      // it has just ended by itself
    }
  }
}

/** A run of docket-sync that does what is due; with these settings, beside the instance's. */
const once = (settings = {}) => new Promise((resolve, reject) => {
  const env = { ...process.env, ...settings };
  execFile('docket-sync', ['--once'], { env }, (error) => (error ? reject(error) : resolve()));
});

/** Does something while no daemon does anything, nor holds a row that somebody would wait for. */
async function withoutDaemon(what) {
  const pids = processesOf('sync');
  const all = (signal) => pids.forEach((pid) => process.kill(pid, signal));
  await eventually('the daemon is between two transactions', () => {
    all('SIGSTOP');
    try {
      query('SELECT COUNT(*) FROM issue FOR UPDATE NOWAIT');
      return true;
    } catch {
      all('SIGCONT');
      return false;
    }
  });
  try {
    await what();
  } finally {
    all('SIGCONT');
  }
}

module.exports = {
  BASE_URL, SIMULATOR_URL, STATE, Person, linear, eventually, sleep, request, kill, killWorker,
  isIdle, once, processesOf, query, reconcile, webhooksArrive, withoutDaemon,
};
