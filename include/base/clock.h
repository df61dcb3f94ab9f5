#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* A point in time: microseconds since 1970-01-01T00:00:00Z. */
typedef int64_t usec_t;

#define USEC_PER_SEC  INT64_C(1000000)
#define USEC_PER_MSEC INT64_C(1000)

/* The last microsecond of the year 9999: the database stores no later time. */
#define CLOCK_MAX (INT64_C(253402300800) * USEC_PER_SEC - 1)

/* Size of the buffer for each text below, with its NUL. */
#define CLOCK_TEXT 32

usec_t clock_now(void);	      /* wall clock */
usec_t clock_monotonic(void); /* for measuring; never goes back */

/* "2026-11-22T06:24:12.622645Z" (RFC 3339, as the API shows it). */
const char *clock_iso(char out[CLOCK_TEXT], usec_t t);

/* The same, in the arena; NULL for 0, which stands for no time. */
const char *clock_text(struct arena *a, usec_t t);

/* "2026-11-22 06:24:12.622645" (SQL, UTC). */
const char *clock_sql(char out[CLOCK_TEXT], usec_t t);

/* "Sun, 22 Nov 2026 06:24:12 +0000" (RFC 5322, as mails show it). */
const char *clock_mail(char out[CLOCK_TEXT], usec_t t);

/* The year (UTC). */
int clock_year(usec_t t);

/* Reads "2026-11-22" or "2026-11-22T06:24[:12[.622645]]", with 'T' or a space,
 * followed by nothing (UTC), "Z" or "+hh:mm". Returns false, and leaves *out
 * untouched, if the text has another form or names no existing day. */
bool clock_parse(usec_t *out, const char *s);

#endif
