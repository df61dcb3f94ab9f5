'use strict';

const { execFileSync } = require('child_process');

/* Direct access to the database of the instance. */

/** Runs statements; returns their rows, a line for each, with tabs between columns. By default as
 * the user of the instance and in its database. */
function query(sql, {
  user = process.env.DB_USER, password = process.env.DB_PASSWORD, database = process.env.DB_NAME,
} = {}) {
  const { DB_SOCKET, DB_HOST } = process.env;
  return execFileSync('mariadb', [
    '--no-defaults', '--batch', '--skip-column-names', `--user=${user}`,
    DB_SOCKET ? `--socket=${DB_SOCKET}` : `--host=${DB_HOST}`, ...(database ? [database] : []),
  ], {
    input: sql,
    env: { ...process.env, MYSQL_PWD: password },
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  }).trim();
}

module.exports = { query };
