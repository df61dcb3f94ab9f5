#ifndef BASE_HIGH_WATER_H
#define BASE_HIGH_WATER_H

#include <stdbool.h>
#include <stdint.h>

/* What must outlive a loss of the database, in an append-only file outside of
 * it: which ids and issue numbers were given out, and who was erased. After an
 * older backup was restored, numbers continue behind these
 * (desk/after_restore.h).
 *
 * A mark is written some way ahead, and is on disk before the transaction that
 * gives the number out can commit. So most calls write nothing, and no number
 * above the marks was ever seen by anybody. */

/* Opens the file for this process; `create`: makes it if it is missing. Without
 * one, nothing is recorded. */
void high_water_open(const char *path, bool create);

/* An id of any table; a number of an organization in a year. */
void high_water_id(int64_t id);
void high_water_number(int64_t organization_id, int year, int64_t number);

/* A person is being erased. False: it could not be recorded. */
bool high_water_erased(int64_t user_id);

/* The marks now also cover what was given out before the file was made. False:
 * it could not be recorded. */
bool high_water_whole(void);

enum high_water_kind {
	HIGH_WATER_ID = 1, /* value: no id above was given out */
	HIGH_WATER_NUMBER, /* value: no number above, in that organization and
			      year */
	HIGH_WATER_ERASED, /* value: a user */
	HIGH_WATER_WHOLE   /* see high_water_whole() */
};

struct high_water {
	enum high_water_kind kind;
	int64_t organization_id, value;
	int year;
};

/* Calls take() for each entry, in the order of writing; lines that are cut
 * short are skipped. False: the file cannot be read, or take() returned false.
 */
typedef bool high_water_take(void *arg, const struct high_water *entry);
bool high_water_read(const char *path, high_water_take *take, void *arg);

#endif
