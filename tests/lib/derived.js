'use strict';

const { execFileSync } = require('child_process');
const { query } = require('./database.js');
const { eventually } = require('./waiting.js');

/* What docket-sync derives from changes: the search index, notifications, the trend. */

/** Waits until everything is derived from all changes. */
const derived = () => eventually('search index, notifications and trend', () => (
  query('SELECT COUNT(*) FROM outbox') === '0'));

/** Builds it again, and returns what was wrong. */
const reindex = () => JSON.parse(execFileSync('docketctl', ['reindex', '--json'], { encoding: 'utf8' }));

/** Builds it again, and returns how that differs from what there was: an empty list if everything
 * was there exactly once. `before` is the result of reindex() before the changes. */
function derivedWrongly(before) {
  const words = () => query('CHECKSUM TABLE search_word, directory_word EXTENDED');
  const failed = Number(query('SELECT COUNT(*) FROM outbox_failure'));
  const live = words();
  const found = reindex();
  return [
    failed > 0 && `${failed} consumers have failed`,
    words() !== live && 'the search index is not that of the texts and names',
    found.counters_corrected > 0 && `${found.counters_corrected} counters were wrong`,
    found.trend_corrected > 0 && `${found.trend_corrected} counts of the trend were wrong`,
    ...['missing', 'surplus'].map((what) => {
      const more = found[`notifications_${what}`] - before[`notifications_${what}`];
      return more !== 0 && `${more} more notifications are ${what}`;
    }),
  ].filter(Boolean);
}

module.exports = { derived, derivedWrongly, reindex };
