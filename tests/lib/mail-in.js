'use strict';

const { createHmac, randomUUID } = require('crypto');
const { spawn } = require('child_process');
const { query } = require('./database.js');
const { request } = require('./http.js');
const { eventually } = require('./waiting.js');

/* Mails that come in: writing them, delivering them through either door, and what became of them. */

const domain = () => process.env.MAIL_IN_DOMAIN;
const secret = () => process.env.MAIL_IN_SECRET.split(',')[0];

// --- addresses, made by the rules of include/mail/return_address.h -------------------------------

const base32 = (bytes) => {
  const bits = [...bytes].map((b) => b.toString(2).padStart(8, '0')).join('');
  return bits.match(/.{1,5}/g).map((five) => 'abcdefghijklmnopqrstuvwxyz234567'[parseInt(five.padEnd(5, '0'), 2)]).join('');
};
const numbers = (list) => {
  const bytes = Buffer.alloc(8 * list.length);
  list.forEach((n, i) => bytes.writeBigInt64BE(BigInt(n), 8 * i));
  return bytes;
};
const key = () => query('SELECT SUBSTRING_INDEX(value, \',\', 1) FROM sync_fact WHERE name = \'mail_in_keys\'');
const mac = (kind, list) => createHmac('sha256', key()).update(`${kind}\0`).update(numbers(list)).digest()
  .subarray(0, 10);

const replyAddress = (issue, user) => (
  `reply+${base32(Buffer.concat([numbers([issue, user]), mac('reply+', [issue, user])]))}@${domain()}`);
const bounceAddress = (mail) => (
  `bounce+${base32(Buffer.concat([numbers([mail]), mac('bounce+', [mail])]))}@${domain()}`);
const messageId = (issue, mail) => (
  `<issue-${issue}-${mail}.${base32(mac('issue-', [issue, mail]))}@${domain()}>`);

// --- mails ---------------------------------------------------------------------------------------

/** A mail's bytes, and its Message-ID as `id`. `headers` replace or add to the usual ones; null removes one. */
function writeMail({ from = 'alice@example.com', to = 'desk@in.example.com', subject = 'Re: [ISS]', text = 'Hello.', headers = {} } = {}) {
  const id = `<${randomUUID()}@mail.example.com>`;
  const all = {
    From: from, To: to, Subject: subject, Date: new Date().toUTCString(), 'Message-ID': id,
    'MIME-Version': '1.0', 'Content-Type': 'text/plain; charset=utf-8', 'Content-Transfer-Encoding': '8bit', ...headers,
  };
  const lines = Object.entries(all).filter(([, value]) => value !== null).map(([name, value]) => `${name}: ${value}`);
  return { id: all['Message-ID'], raw: Buffer.from(`${lines.join('\r\n')}\r\n\r\n${text.replace(/\r?\n/g, '\r\n')}\r\n`) };
}

/** The result of MAIL_AUTHSERV, as a header. */
const dmarc = (result) => (result
  ? { 'Authentication-Results': `${process.env.MAIL_AUTHSERV}; dmarc=${result} header.from=example.com` } : {});

// --- the doors -----------------------------------------------------------------------------------

/** Delivers over HTTP; resolves to the response. `sign` may change what is signed and sent. */
function deliverByHttp(recipient, raw, { sender, by = secret(), at = Math.floor(Date.now() / 1000), signature } = {}) {
  const hex = createHmac('sha256', by).update(`${at}\n${recipient}\n${sender ?? ''}\n`).update(raw).digest('hex');
  const params = new URLSearchParams({ recipient, ...(sender !== undefined && { sender }) });
  return request('POST', `/api/mail/inbound/?${params}`, {
    body: raw, type: 'message/rfc822', headers: { 'X-Mail-Timestamp': String(at), 'X-Mail-Signature': signature ?? hex },
  });
}

/** Delivers by docketctl, as a mail server's pipe does; resolves to {code, output}. */
function deliverByPipe(recipient, raw, { sender = 'alice@example.com', env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.env.DOCKETCTL, ['mail', 'deliver', '--recipient', recipient, '--sender', sender], {
      env: { ...process.env, ...env }, timeout: 60000,
    });
    let output = '';
    child.stderr.on('data', (part) => { output += part; });
    child.stdin.on('error', () => {});
    child.on('close', (code) => resolve({ code, output }));
    child.stdin.end(raw);
  });
}

/** What became of the last mail to a recipient, once it is decided: {id, state, deed, reason, issue, comment, user,
 * organization}; ids are 0 where there is none. */
async function outcomeOf(recipient) {
  const row = await eventually(`the last mail to ${recipient} is decided`, () => {
    const last = query(`SELECT state, id, COALESCE(issue_id, 0), COALESCE(comment_id, 0), COALESCE(user_id, 0),
      COALESCE(organization_id, 0), COALESCE(deed, ''), COALESCE(reason, '') FROM mail_in
      WHERE recipient = LOWER('${recipient}') ORDER BY id DESC LIMIT 1`);
    return last && !last.startsWith('new\t') && last;
  });
  const [state, id, issue, comment, user, organization, deed, reason] = row.split('\t');
  return {
    state, id: Number(id), issue: Number(issue), comment: Number(comment), user: Number(user), organization: Number(organization), deed, reason,
  };
}

/** Makes all mails that came in so long ago that they count for no limit. */
const forgetMailsIn = () => query('UPDATE mail_in SET received_at = received_at - INTERVAL 2 HOUR');

module.exports = {
  bounceAddress, deliverByHttp, deliverByPipe, dmarc, forgetMailsIn, messageId, outcomeOf, replyAddress, writeMail,
};
