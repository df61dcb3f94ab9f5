// Files that a person adds to what they write. Each is sent as soon as it is added,
// before the text is; the text then names what was sent. What has arrived is
// remembered with the draft, so that it is still there when the page is loaded again.
import { ApiError, newKey, remove, upload } from '../api.js';
import { signal, useMemo } from '../lib.js';
import { session } from '../session.js';
import { draft } from '../storage.js';
import { sizeText } from '../words.js';

/** @import {Draft} from '../storage.js' */

// What the API takes at most.
export const FILES_MAX = 10;
export const SIZE_MAX = 25 * 1024 * 1024;

/**
 * `id`: of the upload, once it has arrived. `key`: its Idempotency-Key: when it is
 * sent again after a lost answer, nothing arrives twice.
 * @typedef {{key: string, name: string, size: number, state: 'waiting' | 'sending' | 'done' | 'failed',
 *   share: number, id?: number, problem?: string, file?: File, stop?: AbortController}} Upload
 */

const wordsOf = ({ details, message, retryAfter }) => {
  const [detail] = Object.values(details).flat().filter((text) => typeof text === 'string');
  const wait = retryAfter ? ` Please try again in ${retryAfter} seconds.` : '';
  return (detail ?? message) + wait;
};

/** Why a file is not even sent, or null. */
function fault(file) {
  if (file.size > SIZE_MAX) return `This file is too large: it may have ${sizeText(SIZE_MAX)}.`;
  return file.size === 0 ? 'This file is empty, or it is a folder.' : null;
}

export class Uploads {
  /** @param {Draft | null} memory */
  constructor(memory) {
    this.memory = memory;
    /** @type {{value: Upload[]}} */
    this.list = signal(memory?.get() ?? []);
    /** What was refused as a whole, in words. */
    this.notice = signal('');
  }

  /** @param {Partial<Upload>} changes */
  change(key, changes) {
    this.put(this.list.value.map((u) => (u.key === key ? { ...u, ...changes } : u)));
  }

  put(list) {
    this.list.value = list;
    const arrived = list.filter((u) => u.state === 'done')
      .map(({ key, name, size, id }) => ({ key, name, size, id, state: 'done', share: 1 }));
    this.memory?.set(arrived.length ? arrived : null);
  }

  /** @param {Iterable<File>} files */
  add(files) {
    const chosen = [...files];
    const room = FILES_MAX - this.list.value.length;
    this.notice.value = chosen.length > room ? `At most ${FILES_MAX} files can be sent at once.` : '';
    const added = chosen.slice(0, Math.max(0, room)).map((file) => {
      const problem = fault(file);
      return {
        key: newKey(), name: file.name, size: file.size, share: 0, file: problem ? undefined : file,
        state: /** @type {Upload['state']} */ (problem ? 'failed' : 'waiting'), ...(problem && { problem }),
      };
    });
    this.put([...this.list.value, ...added]);
    this.next();
  }

  /** Sends what waits: one after the other, so that they keep their order. */
  next() {
    const { value: list } = this.list;
    const first = list.find((u) => u.state === 'waiting');
    if (first && !list.some((u) => u.state === 'sending')) this.send(first);
  }

  /** @param {Upload} one */
  async send({ key, name, file }) {
    const stop = new AbortController();
    this.change(key, { state: 'sending', share: 0, problem: '', stop });
    try {
      const { attachment } = await upload('/api/attachments/', {
        query: { filename: name }, file: /** @type {File} */ (file), once: key, signal: stop.signal,
        onProgress: (share) => this.change(key, { share }),
      });
      // removed meanwhile
      if (!this.list.value.some((u) => u.key === key)) remove('/api/attachments/{id}/', { path: { id: attachment.id } }).catch(() => {});
      this.change(key, { state: 'done', share: 1, id: attachment.id, name: attachment.filename });
    } catch (error) {
      if (!stop.signal.aborted) {
        this.change(key, { state: 'failed', problem: error instanceof ApiError ? wordsOf(error) : 'This file could not be read.' });
      }
    }
    this.next();
  }

  retry(key) {
    this.change(key, { state: 'waiting', problem: '' });
    this.next();
  }

  /** Takes a file out again, whether it has arrived or not. */
  drop(key) {
    const one = this.list.value.find((u) => u.key === key);
    one?.stop?.abort();
    this.notice.value = '';
    this.put(this.list.value.filter((u) => u.key !== key));
    if (one?.id) remove('/api/attachments/{id}/', { path: { id: one.id } }).catch(() => {}); // else it ends by itself
    this.next();
  }

  get isBusy() {
    return this.list.value.some((u) => u.state === 'waiting' || u.state === 'sending');
  }

  /** The ids, once all have arrived; an ApiError if one has not. */
  async arrived() {
    while (this.isBusy) await new Promise((resolve) => { setTimeout(resolve, 100); });
    if (this.list.value.some((u) => u.state === 'failed')) {
      throw new ApiError(400, { error: 'Not all files have arrived. Try again with those, or remove them.', code: 'incomplete' });
    }
    return this.list.value.map((u) => /** @type {number} */ (u.id));
  }

  /** They belong to what was sent now. */
  clear() {
    this.put([]);
  }
}

/** The uploads of a text that is remembered under that name; null: it is not. */
export const useUploads = (name) => useMemo(() => new Uploads(name && draft(session.user?.id, `${name}.files`)), [name]);

/** What a text of files alone says. */
export const namesOf = (uploads) => `Attached: ${uploads.list.value.map((u) => u.name).join(', ')}`;
