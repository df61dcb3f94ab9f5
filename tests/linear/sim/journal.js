'use strict';

const fs = require('fs');

/*
 * An append-only file of JSON lines, one committed transaction each. A line is written before
 * anybody is told of the change, so whatever was acknowledged survives `kill -9`. A line that a
 * kill cut short was acknowledged to nobody and is dropped when the file is next read.
 */
class Journal {
  constructor(file, { fsync = false } = {}) {
    this.file = file;
    this.fsync = fsync;
    this.fd = null;
  }

  /** Every whole line of the file, parsed. */
  read() {
    if (!fs.existsSync(this.file)) {
      return [];
    }
    const text = fs.readFileSync(this.file, 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    return whole.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  /** Starts the file afresh with one entry; a kill in the middle leaves the old file in place. */
  restart(entry) {
    this.close();
    const next = `${this.file}.new`;
    this.fd = fs.openSync(next, 'w', 0o600);
    this.append(entry);
    fs.renameSync(next, this.file);
  }

  append(entry) {
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    let written = 0;
    while (written < line.length) {
      written += fs.writeSync(this.fd, line, written);
    }
    if (this.fsync) {
      fs.fsyncSync(this.fd);
    }
  }

  close() {
    if (this.fd !== null) {
      fs.closeSync(this.fd);
      this.fd = null;
    }
  }
}

module.exports = { Journal };
