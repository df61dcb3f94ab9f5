#include "base/time_zone.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* banned.h forbids the local time of the server; this is that of a zone. */
#undef localtime_r

#define ZONES	  "/usr/share/zoneinfo/"
#define QUARTER_S 900
#define DAY_S	  86400

/* The names of zones are "Area/City" and the like. Not "right/…", which counts
 * leap seconds, "posix/…", and other files there, which begin in lower case. */
static bool
is_name(const char *s)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_+-/";
	const size_t n = strlen(s);

	return n > 0 && n < TIME_ZONE_MAX && *s >= 'A' && *s <= 'Z' &&
	       strspn(s, allowed) == n && s[n - 1] != '/' && !strstr(s, "//");
}

bool
time_zone_is_known(const char *name)
{
	char path[sizeof(ZONES) + TIME_ZONE_MAX], magic[4];
	ssize_t n;
	int fd;

	if (strcmp(name, "UTC") == 0)
		return true;
	if (!is_name(name))
		return false;
	snprintf(path, sizeof(path), ZONES "%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, magic, sizeof(magic));
	close(fd);
	return n == (ssize_t)sizeof(magic) &&
	       memcmp(magic, "TZif", sizeof(magic)) == 0;
}

static void
set_local_time(const char *tz)
{
	if (tz)
		setenv("TZ", tz, 1);
	else
		unsetenv("TZ");
	tzset();
}

static int64_t
offset_at(int64_t second)
{
	const time_t t = second;
	struct tm tm;

	return localtime_r(&t, &tm) ? tm.tm_gmtoff : 0;
}

static int64_t
floor_to(int64_t n, int64_t unit)
{
	const int64_t rest = n % unit;

	return n - rest - (rest < 0 ? unit : 0);
}

/* The first quarter of an hour behind `since`, and before or at `end`, that has
 * another offset than `since`; `end` has. */
static int64_t
change_between(int64_t since, int64_t end)
{
	const int64_t offset = offset_at(since);

	while (end - since > QUARTER_S) {
		const int64_t middle =
		    since + floor_to((end - since) / 2, QUARTER_S);

		if (offset_at(middle) == offset)
			since = middle;
		else
			end = middle;
	}
	return end;
}

/* No zone changes its offset twice in a day. */
static int64_t
span_end(int64_t since, int64_t to)
{
	const int64_t offset = offset_at(since);

	for (int64_t at = since; at < to; at += DAY_S)
		if (offset_at(at + DAY_S) != offset)
			return change_between(at, at + DAY_S);
	return to;
}

static size_t
read_spans(struct zone_span *out, size_t max, int64_t from, int64_t to)
{
	size_t n = 0;

	for (int64_t at = from; n < max && at < to; n++) {
		const int64_t end = n + 1 < max ? span_end(at, to) : to;

		out[n] = (struct zone_span){.from = at * USEC_PER_SEC,
					    .to = (end < to ? end : to) *
						  USEC_PER_SEC,
					    .offset_s = offset_at(at)};
		at = end;
	}
	return n;
}

size_t
time_zone_spans(struct zone_span *out, size_t max, const char *name,
		usec_t from, usec_t to)
{
	char zone[TIME_ZONE_MAX + 1] = "UTC0";
	const char *now = getenv("TZ");
	char *before = now ? strdup(now) : NULL;
	size_t n;

	if (strcmp(name, "UTC") != 0 && time_zone_is_known(name))
		snprintf(zone, sizeof(zone), ":%s", name);
	set_local_time(zone);
	n = read_spans(out, max, floor_to(from / USEC_PER_SEC, QUARTER_S),
		       (to + USEC_PER_SEC - 1) / USEC_PER_SEC);
	set_local_time(before);
	free(before);
	return n;
}

int64_t
time_zone_day(const struct zone_span *span, usec_t t)
{
	return floor_to(t / USEC_PER_SEC + span->offset_s, DAY_S) / DAY_S;
}
