'use strict';

const { query } = require('./database.js');
const { derived } = require('./derived.js');
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

/** Waits until a user has their mails about what was done before, and makes that so long ago that
 * the next mails about single issues are no digest. */
async function forgetMailsOf(username) {
  const id = query(`SELECT id FROM user WHERE username = '${username}'`);
  await derived();
  await eventually(`the mails to ${username} are sent`, () => query(`SELECT
    (SELECT COUNT(*) FROM notification WHERE mail_state = 'due' AND (user_id = ${id} OR organization_id IN
      (SELECT organization_id FROM profile WHERE user_id = ${id})))
    + (SELECT COUNT(*) FROM mail_job WHERE user_id = ${id} AND kind = 'notices' AND state = 'due')`) === '0', 120000);
  query(`UPDATE mail_job SET created_at = created_at - INTERVAL 2 HOUR WHERE user_id = ${id} AND kind = 'notices'`);
}

module.exports = { forgetMailsOf, mailedLink, mailsTo };
