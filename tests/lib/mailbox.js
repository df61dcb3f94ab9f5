'use strict';

const { query } = require('./database.js');
const { request, successful } = require('./http.js');
const { eventually } = require('./waiting.js');

/* The local mailbox (tests/mail/mailbox.py), which receives all mails of the instance. */

/** The mails to an address, the oldest first. */
async function mailsTo(address) {
  const url = `${process.env.MAILBOX_URL}/mails.json?to=${encodeURIComponent(address)}`;
  return successful(`mails to ${address}`, await request('GET', url));
}

/** Waits until the last mail to an address has a link with a token; resolves to the link. */
async function mailedLink(address) {
  const link = await eventually(`a link mailed to ${address}`, async () => (
    (await mailsTo(address)).at(-1)?.text.match(/https?:\/\/\S+#\S+/)?.[0]));
  return new URL(link);
}

/** As if a user had got no mail within the last hour: their next one is no digest. */
const forgetMailsOf = (username) => query(`UPDATE mail_job SET created_at = created_at - INTERVAL 2 HOUR
  WHERE kind = 'notices' AND state <> 'due' AND user_id = (SELECT id FROM user WHERE username = '${username}')`);

module.exports = { forgetMailsOf, mailedLink, mailsTo };
