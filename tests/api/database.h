#ifndef DATABASE_TESTS_H
#define DATABASE_TESTS_H

#include <stdint.h>

#include "base/conf.h"
#include "db/db.h"

extern struct conf scratch_conf;

/* The connection that is tested, and one to look at it and to break it. A
 * statement belongs to one connection. */
extern struct db *scratch_db, *other_db;

void database_set_up(void);
void database_tear_down(void);

/* Inserts an organization with that slug. */
enum err insert_organization(const char *slug);

/* How many organizations have the slug: 0 or 1. */
int64_t count_slug(const char *slug);

#endif
