#ifndef BASE_CONF_KEY_H
#define BASE_CONF_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/conf.h"

/* The parts of conf_load(); for conf*.c only. */

enum setting_kind {
	TEXT,
	READABLE, /* a file that the program can read */
	URL,
	SMTP,
	ADDRESS,
	DOMAIN,
	ORIGINS,
	IDS,
	HEADER,
	NUMBER,
	RATE,
	SWITCH,
	LEVEL
};

/* A setting. */
struct key {
	const char *name;
	enum setting_kind kind;
	size_t offset;	      /* of the member of struct conf */
	const char *fallback; /* see also fallback_of() */
	long min, max;	      /* of a number */
};

/* Stores the value, or NULL for none, in its member. False: it is wrong, and
 * the n bytes at `why` have a line that says why. */
bool conf_set(struct conf *c, const struct key *k, const char *v, char *why,
	      size_t n);

/* The same for a list; *out is NULL if it is empty. */
bool conf_set_origins(const char **out, const struct key *k, const char *v,
		      char *why, size_t n);
bool conf_set_ids(const char **out, const struct key *k, const char *v,
		  char *why, size_t n);

#endif
