#include "base/high_water.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

/* How far ahead a mark is written. A statement that inserts several rows tells
 * the first id only, so that much is always left. */
#define IDS_AHEAD 20000
#define IDS_LEFT  5000

/* Of numbers: little, since a restore leaves that many out; but twice as far as
 * the last time where that was used up so soon. The disk is waited for while
 * others wait for the next number, and each process writes marks of its own. */
#define NUMBERS_AHEAD	   20
#define NUMBERS_AHEAD_MOST 1280
#define SOON		   (10 * USEC_PER_SEC)

#define WHOLE "whole\n"

#define LINE_MAX_BYTES 96
#define PLACES	       256

static int file = -1; /* stays open as long as the process */

/* The last marks of this process; of numbers, those of some organizations. */
static int64_t id_mark;
static struct number_mark {
	int64_t organization_id, number;
	int year, ahead;
	usec_t written; /* by clock_monotonic() */
} number_marks[PLACES];

void
high_water_open(const char *path, bool create)
{
	if (file < 0)
		file =
		    open(path,
			 O_RDWR | O_APPEND | O_CLOEXEC | (create ? O_CREAT : 0),
			 0600);
}

/* A line is one write, so those of several processes do not mix. */
static bool
append(const char *line, int n)
{
	return file >= 0 && write(file, line, (size_t)n) == n &&
	       fdatasync(file) == 0;
}

void
high_water_id(int64_t id)
{
	char line[LINE_MAX_BYTES];
	const int64_t mark = id + IDS_AHEAD;

	if (id + IDS_LEFT <= id_mark)
		return;
	if (append(line,
		   snprintf(line, sizeof(line), "id %lld\n", (long long)mark)))
		id_mark = mark;
}

void
high_water_number(int64_t organization_id, int year, int64_t number)
{
	struct number_mark *m =
	    &number_marks[(uint64_t)organization_id % PLACES];
	const bool known =
	    m->organization_id == organization_id && m->year == year;
	struct number_mark next = {.organization_id = organization_id,
				   .year = year,
				   .ahead = NUMBERS_AHEAD};
	char line[LINE_MAX_BYTES];

	if (known && number <= m->number)
		return;
	next.written = clock_monotonic();
	if (known && next.written < m->written + SOON)
		next.ahead = m->ahead < NUMBERS_AHEAD_MOST / 2
				 ? 2 * m->ahead
				 : NUMBERS_AHEAD_MOST;
	next.number = number + next.ahead;
	if (append(line, snprintf(line, sizeof(line), "number %lld %d %lld\n",
				  (long long)organization_id, year,
				  (long long)next.number)))
		*m = next;
}

bool
high_water_erased(int64_t user_id)
{
	char line[LINE_MAX_BYTES];

	return file < 0 ||
	       append(line, snprintf(line, sizeof(line), "erased %lld\n",
				     (long long)user_id));
}

bool
high_water_whole(void)
{
	return append(WHOLE, (int)strlen(WHOLE));
}

/* Reads a number that is followed by `end`. Returns what comes after both, or
 * NULL if s is not such a number. */
static const char *
read_number(int64_t *out, const char *s, char end)
{
	char *rest;

	*out = s ? strtoll(s, &rest, 10) : 0;
	return s && *out > 0 && *rest == end ? rest + 1 : NULL;
}

/* What follows the word at the beginning of the line; NULL: it is another. */
static const char *
behind_word(const char *line, const char *word)
{
	const size_t n = strlen(word);

	return strncmp(line, word, n) == 0 ? line + n : NULL;
}

static bool
parse_entry(struct high_water *out, const char *line)
{
	const char *id = behind_word(line, "id ");
	const char *erased = behind_word(line, "erased ");
	const char *s = behind_word(line, "number ");
	int64_t year;

	if (strcmp(line, WHOLE) == 0) {
		*out = (struct high_water){.kind = HIGH_WATER_WHOLE};
		return true;
	}
	*out = (struct high_water){.kind = id	    ? HIGH_WATER_ID
					   : erased ? HIGH_WATER_ERASED
						    : HIGH_WATER_NUMBER};
	if (id || erased)
		return read_number(&out->value, id ? id : erased, '\n');
	s = read_number(&out->organization_id, s, ' ');
	s = read_number(&year, s, ' ');
	out->year = (int)year;
	return read_number(&out->value, s, '\n');
}

bool
high_water_read(const char *path, high_water_take *take, void *arg)
{
	FILE *f = fopen(path, "re");
	char line[LINE_MAX_BYTES];
	struct high_water entry;
	bool ok = f != NULL;

	while (ok && fgets(line, sizeof(line), f))
		if (parse_entry(&entry, line))
			ok = take(arg, &entry);
	ok = ok && !ferror(f);
	if (f)
		fclose(f);
	return ok;
}
