#ifndef SYNC_DIRECTORY_H
#define SYNC_DIRECTORY_H

#include <stdbool.h>

#include "clock.h"
#include "linear.h"

/* What changes seldom in Linear, remembered for some minutes: the workflow
 * states of teams, and who has which e-mail address. */
struct directory;

struct directory *directory_new(void);
void directory_free(struct directory *d);

/* Forgets everything: Linear said that something of it is outdated. */
void directory_forget(struct directory *d);

/* The team; NULL: it has to be asked for. */
const struct linear_team *directory_team(struct directory *d, const char *id,
					 usec_t now);
void directory_put_team(struct directory *d, const struct linear_team *team,
			usec_t now);

/* True when it is known who has that address: *id, or nobody (NULL). */
bool directory_user(const char **id, struct directory *d, const char *email,
		    usec_t now);
void directory_put_user(struct directory *d, const char *email,
			const char *id, usec_t now);

#endif
