'use strict';

/*
 * Writers and readers of an older version, as SQL: the statements that its workers sent, each
 * writer in an organization of its own, as fast as the database takes them. A transaction that loses
 * a race runs again; any other error ends the writer.
 */

const { spawn } = require('child_process');

const WRITERS = 4;
const ATTEMPTS = 10; // of a transaction: MAX_RUNS in lib/db/db.c
const SESSION = `SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
  time_zone = '+00:00', innodb_lock_wait_timeout = 10;
  SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;\n`;

/** Organizations with a customer each, who has raised `size` issues. */
function seed(size) {
  const now = 'UTC_TIMESTAMP(6)';
  const organizations = Array.from({ length: WRITERS }, (_, n) => n + 1);
  return organizations.map((id) => `
    INSERT INTO organization (id, name, slug, created_at, updated_at) VALUES (${id}, 'Organization ${id}', 'o${id}', ${now}, ${now});
    INSERT INTO user (id, username, email, password_hash, created_at) VALUES
      (${id}, 'customer${id}', 'customer${id}@example.com', 'x', ${now}), (${id + 100}, 'Staff${id}', 'Staff${id}@example.com', 'x', ${now});
    INSERT INTO profile (id, user_id, kind, organization_id, is_primary, created_at) VALUES
      (${id}, ${id}, 'customer', NULL, TRUE, ${now}), (${id + 100}, ${id + 100}, 'vendor', ${id}, TRUE, ${now});
    INSERT INTO customer (id, user_id, organization_id, created_at) VALUES (${id}, ${id}, ${id}, ${now});
    INSERT INTO issue_number VALUES (${id}, 2025, ${size});
    INSERT INTO issue (organization_id, issue_number, title, description, is_client_issue, customer_id, raised_by, created_by, created_at, updated_at)
    SELECT ${id}, CONCAT('ISS-2025-', LPAD(seq, 4, '0')), CONCAT('Title ', seq), REPEAT('words of an issue ', 20), TRUE, ${id}, ${id}, ${id}, ${now}, ${now}
    FROM seq_1_to_${size};`).join('');
}

/** The scopes of counters that a version keeps: with totals, the sums over an organization, too. */
function scopesOf(hasTotals) {
  return [['organization'], ['unassigned'], ['customer'], ...(hasTotals ? [['status', 'low', 0], ['total', 'low', 0]] : [])];
}

/** Adds `by` to the counters of an organization and its customer, for issues of a status. */
function count(id, status, by, hasTotals) {
  const cells = scopesOf(hasTotals).map(([scope, priority = 'medium', client = 1]) => (
    `('${scope}', ${id}, '${scope === 'total' ? 'open' : status}', '${priority}', 'general', ${client}, 0, ${by})`));
  return `INSERT INTO issue_count VALUES ${cells.join(', ')} ON DUPLICATE KEY UPDATE n = n + VALUES(n);`;
}

/** What a writer does in a round: it raises an issue with a comment, resolves an older one, reads
 * lists, and logs in. */
function stepsOf(id, n, hasTotals) {
  const number = `ISS-2026-${String(n).padStart(4, '0')}`;
  const now = 'UTC_TIMESTAMP(6)';
  const raise = `BEGIN;
    INSERT INTO issue_number VALUES (${id}, 2026, 1) ON DUPLICATE KEY UPDATE last = last + 1;
    INSERT INTO issue (organization_id, issue_number, title, description, is_client_issue, customer_id, raised_by, created_by, created_at, updated_at)
      VALUES (${id}, '${number}', 'Raised', 'meanwhile', TRUE, ${id}, ${id}, ${id}, ${now}, ${now});
    SET @id = LAST_INSERT_ID();
    INSERT INTO activity (organization_id, issue_id, actor_id, actor_name, actor_kind, field, new_value, is_public, created_at)
      VALUES (${id}, @id, ${id}, 'Customer', 'customer', 'created', '${number}', TRUE, ${now});
    ${hasTotals ? `INSERT INTO search_word VALUES (${id}, LOWER('${number}'), @id, FALSE, 0)` : `INSERT INTO issue_word VALUES (${id}, '${number}', @id)`};
    INSERT INTO comment (organization_id, issue_id, author_id, author_name, author_kind, content, is_internal, created_at, updated_at)
      VALUES (${id}, @id, ${id}, 'Customer', 'customer', 'A comment', FALSE, ${now}, ${now});
    ${count(id, 'open', 1, hasTotals)}
    COMMIT;`;
  const resolve = `BEGIN;
    SELECT @old := id FROM issue WHERE organization_id = ${id} AND issue_number = 'ISS-2025-${String(n).padStart(4, '0')}' FOR UPDATE;
    UPDATE issue SET status = 'resolved', resolved_at = ${now}, updated_at = ${now}, version = version + 1 WHERE id = @old;
    ${count(id, 'open', -1, hasTotals)}
    ${count(id, 'resolved', 1, hasTotals)}
    COMMIT;`;
  const read = `SELECT id, issue_number, title, status FROM issue WHERE organization_id = ${id} AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 25;
    SELECT SUM(n) FROM issue_count WHERE scope = 'organization' AND scope_id = ${id};
    SELECT u.id FROM user u JOIN profile p ON p.user_id = u.id WHERE u.username = 'Staff${id}' AND u.is_active;`;
  const logIn = `INSERT INTO token (user_id, hash, kind, created_at, expires_at)
      VALUES (${id}, RANDOM_BYTES(32), 'session', ${now}, ${now} + INTERVAL 1 DAY);`;
  return [raise, resolve, read, logIn];
}

/** A client of the database, `words` being its command line. */
class Client {
  constructor(words) {
    this.error = '';
    this.child = spawn(words[0], [...words.slice(1), '--batch', '--skip-column-names', '--unbuffered'], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.ended = new Promise((resolve) => { this.child.on('close', resolve); });
    this.child.stdin.on('error', () => {}); // it has ended, which `ended` tells
    this.child.stderr.on('data', (text) => { this.error += text; });
    this.child.stdin.write(SESSION);
  }

  /** Runs statements; whether all succeeded. */
  run(sql) {
    const over = new Promise((resolve) => {
      const look = (text) => {
        if (!String(text).includes('all have run')) return;
        this.child.stdout.off('data', look);
        resolve(true);
      };
      this.child.stdout.on('data', look);
    });
    this.child.stdin.write(`${sql}\nSELECT 'all have run';\n`);
    return Promise.race([over, this.ended.then(() => false)]);
  }

  close() {
    this.child.stdin.end();
    return this.ended;
  }
}

/** Starts the writers. `rounds` are those that they have done so far, `again` the transactions that
 * lost a race and ran again, as they do in workers, and `errors` all others. */
function startWriters(words, hasTotals) {
  const seen = { rounds: 0, again: 0, errors: [] };
  let stopped = false;
  const write = async (id) => {
    let client = new Client(words);
    const runStep = async (step, attempts = 1) => {
      if (await client.run(step)) return true;
      if (!/ERROR (1213|1205) /.test(client.error) || attempts === ATTEMPTS) {
        seen.errors.push(client.error);
        return false;
      }
      seen.again += 1;
      client = new Client(words);
      return runStep(step, attempts + 1);
    };
    const runAll = async (steps) => steps.length === 0 || (await runStep(steps[0]) && runAll(steps.slice(1)));
    for (let n = 1; !stopped && await runAll(stepsOf(id, n, hasTotals)); n += 1) seen.rounds += 1;
    await client.close();
  };
  const all = Array.from({ length: WRITERS }, (_, n) => write(n + 1));
  return { seen, stop: () => { stopped = true; return Promise.all(all); } };
}

/** Counts what seed() has made. */
function countSeeded(size, hasTotals) {
  return Array.from({ length: WRITERS }, (_, n) => count(n + 1, 'open', size, hasTotals)).join('\n');
}

module.exports = { WRITERS, countSeeded, seed, startWriters };
