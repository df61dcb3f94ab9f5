'use strict';

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const errors = require('./errors.js');
const { ORGANIZATION } = require('./seed.js');
const { randomUuid } = require('./uuid.js');
const { requireText } = require('./arguments.js');

/*
 * Uploaded files: fileUpload and the bytes. As in issues.js, a function that changes something takes
 * a transaction first. What the hosts of the files do is in file-hosts.js.
 *
 * A row of the table `files` is made by fileUpload, or by a person's deed. The bytes are kept beside
 * the state file, or in memory if there is none; they are whole before the row says `storedAt`.
 */

/** How long a signed URL is valid. */
const SIGNED_MS = 60 * 1000;

/** Bytes by the id of their file. */
class FileBytes {
  constructor(directory = null) {
    this.directory = directory;
    this.memory = new Map();
  }

  write(id, bytes) {
    if (!this.directory) {
      this.memory.set(id, bytes);
      return;
    }
    fs.mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    const next = path.join(this.directory, `${id}.new`);
    fs.writeFileSync(next, bytes, { mode: 0o600 });
    fs.renameSync(next, path.join(this.directory, id));
  }

  read(id) {
    return this.directory
      ? fs.readFileSync(path.join(this.directory, id))
      : this.memory.get(id);
  }

  clear() {
    this.memory.clear();
    if (this.directory) {
      fs.rmSync(this.directory, { recursive: true, force: true });
    }
  }
}

function requireFile({ filename, contentType, size }, { file_limit: limit }) {
  requireText('filename', filename);
  requireText('contentType', contentType);
  if (size < 1) {
    throw errors.invalidArgument('size must not be less than 1');
  }
  if (limit !== null && size > limit) {
    throw errors.invalidInput('file too large', `Files may have at most ${limit} bytes.`);
  }
}

/** What a browser would show instead of saving is an inline disposition at Linear, too. */
function dispositionOf(contentType, filename) {
  const kind = contentType.startsWith('image/') ? 'inline' : 'attachment';
  return `${kind}; filename="${filename.replace(/[^\x20-\x7e]|["\\]/g, '_')}"`;
}

function putRow(tx, { filename, contentType, size }, more) {
  return tx.put('files', randomUuid(), {
    path: `/${ORGANIZATION.id}/${randomUuid()}/${randomUuid()}`,
    filename,
    contentType,
    size,
    signature: crypto.randomBytes(16).toString('hex'),
    createdAt: tx.now,
    storedAt: null,
    sha256: null,
    puts: 0,
    ...more,
  });
}

/** The headers that the PUT has to carry; the signature covers the content type as well. */
const headersOf = ({ filename, contentType, size }) => [
  { key: 'x-goog-content-length-range', value: `${size},${size}` },
  { key: 'Content-Disposition', value: dispositionOf(contentType, filename) },
];

/** The answer to fileUpload. */
function ask(tx, args) {
  requireFile(args, tx.settings);
  const row = putRow(tx, args, { expiresAt: tx.time + SIGNED_MS });
  const { urls } = tx.workspace;
  return {
    assetUrl: `${urls.files}${row.path}`,
    uploadUrl: `${urls.storage}${row.path}?X-Goog-Expires=60&X-Goog-Signature=${row.signature}`,
    contentType: row.contentType,
    filename: row.filename,
    size: row.size,
    metaData: args.metaData || null,
    headers: headersOf(row),
  };
}

/** The bytes have arrived. */
function store(tx, row, bytes) {
  tx.workspace.bytes.write(row.id, bytes);
  return tx.put('files', row.id, {
    storedAt: tx.now,
    sha256: crypto.createHash('sha256').update(bytes).digest('hex'),
    puts: row.puts + 1,
  });
}

/** A person puts a file into a comment or a description: {filename, contentType, bytes}. */
function upload(tx, { filename, contentType, bytes }) {
  const file = { filename, contentType, size: bytes.length };
  requireFile(file, tx.settings);
  const row = store(tx, putRow(tx, file, { expiresAt: tx.time }), bytes);
  return { ...row, assetUrl: `${tx.workspace.urls.files}${row.path}` };
}

const find = (workspace, pathname) => workspace.store.by('files', 'path', pathname)[0];

/** For tests: each file, and in how many comments and descriptions it stands how often. */
function list(workspace) {
  const { store: rows, urls } = workspace;
  const texts = [
    ...rows.all('comments').map(({ body }) => body),
    ...rows.all('issues').map(({ description }) => description || ''),
  ];
  return rows.all('files').map((row) => {
    const assetUrl = `${urls.files}${row.path}`;
    const references = texts.reduce((n, text) => n + text.split(assetUrl).length - 1, 0);
    return { ...row, assetUrl, references };
  });
}

module.exports = {
  FileBytes, SIGNED_MS, ask, store, upload, find, headersOf, list,
};
