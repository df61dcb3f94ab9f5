'use strict';

const crypto = require('crypto');
const { linear, query, request } = require('../lib/index.js');
const { INTERNAL_HERE, run, unique } = require('./storm-run.js');

/*
 * Files in the storm: what people attach here and put into texts in Linear, and what must be so in
 * the end. Each file has bytes of its own, so that it is known by its hash wherever it is.
 */

/** A picture, and bytes behind its end. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');
const picture = () => Buffer.concat([PNG, crypto.randomBytes(16)]);
const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');

/** Names are unique, and are not escaped in Markdown. */
const nameOf = (what) => unique(what).replace(/[^A-Za-z0-9]/g, '');

const upload = (who, path, filename, bytes) => request('POST', `${path}filename=${filename}`, {
  token: who.token, body: bytes, type: 'application/octet-stream',
});

const people = (dice, issue) => run.people[dice.of(['sahel', 'erin', ...(issue.customer ? [issue.customer] : [])])];

/** A file whose upload was acknowledged. */
const record = (issue, file) => issue.files.push({ deleted: 'no', ...file });

const here = {
  async attach(dice, issue) {
    const who = people(dice, issue);
    const internal = who !== run.people[issue.customer] && dice.next() < 0.3;
    const name = nameOf(internal ? INTERNAL_HERE : 'File');
    const bytes = picture();
    const { status, body } = await upload(
      who, `/api/issues/${issue.id}/attachments/?${internal ? 'internal=true&' : ''}`, name, bytes);
    if (status === 201) {
      record(issue, { id: body.attachment.id, who, internal, sha: sha256(bytes) });
    }
    return status;
  },
  async attach_comment(dice, issue) {
    const who = people(dice, issue);
    const bytes = picture();
    const { status, body } = await upload(who, '/api/attachments/?', nameOf('Said'), bytes);
    if (status !== 201) {
      return status;
    }
    const { id } = body.attachment;
    const content = unique('Public');
    const answer = await who.call('POST', `/api/issues/${issue.id}/add_comment/`, { content, attachments: [id] });
    if (answer.status === 201) {
      const comment = answer.body.comment.id;
      issue.comments.push({
        id: comment, who, contents: [content], internal: false, withdrawn: 'no',
      });
      record(issue, { id, who, internal: false, sha: sha256(bytes), comment });
    }
    return answer.status;
  },
  async detach(dice, issue) {
    const left = issue.files.filter(({ deleted }) => deleted === 'no');
    if (left.length === 0) {
      return 0;
    }
    const one = dice.of(left);
    const { status } = await one.who.call('DELETE', `/api/attachments/${one.id}/`);
    if (status === 204 || !status || status >= 500) {
      one.deleted = status === 204 ? 'yes' : 'maybe';
    }
    return status;
  },
};

/** A text with a picture that a person in Linear has uploaded. */
async function withPicture(what) {
  const { row } = await linear.act({
    do: 'upload', filename: 'shot.png', content_type: 'image/png', base64: picture().toString('base64'),
  });
  return `${unique(what)} ![${nameOf(what)}](${row.assetUrl})`;
}

/* --- in the end -------------------------------------------------------------------------- */

/** The reply with the files of an issue itself. */
const isFiles = (c) => c.body.startsWith('**Files of this issue**');

/** A reply's body without the references to files, which are the lines that are not quoted. */
const withoutFiles = (body) => body.split('\n').filter((line) => !/^!?\[.*\]\(.*\)$/.test(line)).join('\n');

class Files {
  constructor({ files, seen, base }) {
    Object.assign(this, { files, seen, base });
    this.byHash = new Map();
    files.forEach((f) => this.byHash.set(f.sha256, [...(this.byHash.get(f.sha256) || []), f]));
  }

  /** How a text of Linear's is shown here, to people who see these attachments. */
  shown(body, attachments) {
    return this.files.reduce((text, { assetUrl, sha256: sha }) => {
      const mine = text.includes(assetUrl)
        && query(`SELECT MAX(id) FROM attachment WHERE sha256 = '${sha}' AND id IN (${attachments.map(({ id }) => id).join() || 0})`);
      return mine ? text.replaceAll(assetUrl, `/api/attachments/${mine}/`) : text;
    }, body);
  }

  /** How often texts in Linear refer to a file of an issue here, there or by a link to it here. */
  references(issue, { id, sha }) {
    const links = [...issue.there.comments.values()].filter((c) => c.issue.id === issue.linear)
      .reduce((n, { body }) => n + body.split(`#attachment-${id}>`).length - 1, 0);
    return (this.byHash.get(sha) || []).reduce((n, f) => n + f.references, links);
  }

  /** Answers what is wrong with the files of an issue that is on both sides. */
  async faultsOf(issue, mine, there) {
    const faults = [];
    const all = [...mine.attachments, ...mine.comments.flatMap((c) => c.attachments)];
    const listed = new Map(all.map((a) => [a.id, a]));
    const seen = { linear: issue.linear, there };
    const withdrawn = new Set(issue.comments.filter((c) => c.withdrawn !== 'no').map(({ id }) => id));
    for (const file of issue.files) {
      const isHere = listed.has(file.id);
      const gone = file.deleted !== 'no' || withdrawn.has(file.comment);
      if (!isHere && !gone) {
        faults.push(`file ${file.id} is lost`);
      }
      if (isHere && file.deleted === 'yes') {
        faults.push(`file ${file.id} is back`);
      }
      const n = this.references(seen, file);
      const should = isHere && !file.internal ? 1 : 0;
      if (n > should || (n < should && !issue.blurred)) {
        faults.push(`file ${file.id} is referred to ${n} times, should be ${should}`);
      }
      if (file.internal && this.byHash.has(file.sha)) {
        faults.push(`file ${file.id} is internal, but in Linear`);
      }
    }
    const unready = all.filter(({ state }) => state !== 'ready');
    unready.forEach(({ id, state }) => faults.push(`file ${id} is ${state}`));
    if (issue.customer) {
      for (const { id } of all.filter((a) => a.is_internal)) {
        const { status } = await run.people[issue.customer].call('GET', `/api/attachments/${id}/`);
        if (status !== 404) {
          faults.push(`the customer gets ${status} for the internal file ${id}`);
        }
      }
    }
    return faults;
  }
}

module.exports = {
  Files, here, isFiles, withPicture, withoutFiles,
};
