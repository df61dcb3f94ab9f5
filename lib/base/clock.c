/* Points in time and their text forms. A time is a number of microseconds since
 * 1970 in UTC; this file converts it to and from the forms of the API, of SQL
 * and of mails, between the years 1 and 9999, which are those of the database.
 * Local time is never used. */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"

/* 0001-01-01T00:00:00Z */
#define YEAR_1 (INT64_C(-62135596800) * USEC_PER_SEC)

static usec_t
read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (usec_t)ts.tv_sec * USEC_PER_SEC + ts.tv_nsec / 1000;
}

usec_t
clock_now(void)
{
	return read_clock(CLOCK_REALTIME);
}

usec_t
clock_monotonic(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

static struct tm
broken_down(usec_t t, int *micros)
{
	time_t secs = (time_t)(t / USEC_PER_SEC);
	struct tm tm;

	*micros = (int)(t % USEC_PER_SEC);
	if (*micros < 0) {
		*micros += (int)USEC_PER_SEC;
		secs--;
	}
	gmtime_r(&secs, &tm);
	return tm;
}

/* Not strftime: its %Y has fewer than four digits before the year 1000. */
static const char *
format_time(char out[CLOCK_TEXT], usec_t t, char between, const char *end)
{
	int micros;
	struct tm tm = broken_down(t, &micros);

	snprintf(out, CLOCK_TEXT, "%04d-%02d-%02d%c%02d:%02d:%02d.%06d%s",
		 tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, between,
		 tm.tm_hour, tm.tm_min, tm.tm_sec, micros, end);
	return out;
}

const char *
clock_iso(char out[CLOCK_TEXT], usec_t t)
{
	return format_time(out, t, 'T', "Z");
}

const char *
clock_text(struct arena *a, usec_t t)
{
	char text[CLOCK_TEXT];

	return t ? arena_strdup(a, clock_iso(text, t)) : NULL;
}

const char *
clock_sql(char out[CLOCK_TEXT], usec_t t)
{
	return format_time(out, t, ' ', "");
}

/* Not strftime: it uses the language of the locale. */
const char *
clock_mail(char out[CLOCK_TEXT], usec_t t)
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed",
				       "Thu", "Fri", "Sat"};
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr",
					 "May", "Jun", "Jul", "Aug",
					 "Sep", "Oct", "Nov", "Dec"};
	int micros;
	struct tm tm = broken_down(t, &micros);

	snprintf(out, CLOCK_TEXT, "%s, %d %s %04d %02d:%02d:%02d +0000",
		 days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
		 tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
	return out;
}

int
clock_year(usec_t t)
{
	int micros;

	return broken_down(t, &micros).tm_year + 1900;
}

/* Reads exactly n digits at *s, within [min, max], and moves *s past them. */
static bool
digits(const char **s, int n, int min, int max, int *out)
{
	int v = 0;

	for (int i = 0; i < n; i++) {
		if ((*s)[i] < '0' || (*s)[i] > '9')
			return false;
		v = v * 10 + ((*s)[i] - '0');
	}
	*s += n;
	*out = v;
	return v >= min && v <= max;
}

static bool
literal(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

static bool
parse_day(const char **s, struct tm *tm)
{
	static const int days[] = {31, 28, 31, 30, 31, 30,
				   31, 31, 30, 31, 30, 31};
	int y, m, d, last;

	if (!digits(s, 4, 1, 9999, &y) || !literal(s, '-') ||
	    !digits(s, 2, 1, 12, &m) || !literal(s, '-') ||
	    !digits(s, 2, 1, 31, &d))
		return false;
	last = days[m - 1];
	if (m == 2 && (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)))
		last = 29;
	tm->tm_year = y - 1900;
	tm->tm_mon = m - 1;
	tm->tm_mday = d;
	return d <= last;
}

static bool
parse_hour(const char **s, struct tm *tm, int *micros)
{
	int unit = 100000;

	if (!digits(s, 2, 0, 23, &tm->tm_hour) || !literal(s, ':') ||
	    !digits(s, 2, 0, 59, &tm->tm_min))
		return false;
	if (!literal(s, ':'))
		return true;
	if (!digits(s, 2, 0, 59, &tm->tm_sec))
		return false;
	if (!literal(s, '.'))
		return true;
	if (**s < '0' || **s > '9')
		return false;
	for (; **s >= '0' && **s <= '9'; (*s)++, unit /= 10)
		*micros += unit * (**s - '0');
	return true;
}

/* Reads the offset from UTC, in seconds: local time minus UTC. */
static bool
parse_zone(const char **s, int *offset)
{
	int sign, h, m;

	if (**s == '\0' || literal(s, 'Z'))
		return true;
	sign = **s == '+' ? 1 : **s == '-' ? -1 : 0;
	if (!sign)
		return false;
	(*s)++;
	if (!digits(s, 2, 0, 14, &h) || !literal(s, ':') ||
	    !digits(s, 2, 0, 59, &m))
		return false;
	*offset = sign * (h * 3600 + m * 60);
	return true;
}

bool
clock_parse(usec_t *out, const char *s)
{
	struct tm tm = {0};
	int micros = 0, offset = 0;
	usec_t t;

	if (!parse_day(&s, &tm))
		return false;
	if (*s == 'T' || *s == ' ') {
		s++;
		if (!parse_hour(&s, &tm, &micros) || !parse_zone(&s, &offset))
			return false;
	}
	if (*s)
		return false;
	t = ((usec_t)timegm(&tm) - offset) * USEC_PER_SEC + micros;
	/* an offset may lead out of the range that the database has */
	if (t < YEAR_1 || t > CLOCK_MAX)
		return false;
	*out = t;
	return true;
}
