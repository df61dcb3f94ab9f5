#ifndef DB_AUTO_INCREMENT_H
#define DB_AUTO_INCREMENT_H

#include <stdint.h>

#include "base/ctx.h"

/* The ids that the database gives out next. */

/* The highest id in any table. */
enum err auto_increment_highest(int64_t *id, struct ctx *c) MUST_CHECK;

/* Makes every table continue behind `last`; one that is further stays. Only
 * while nobody else writes. */
enum err auto_increment_skip(struct ctx *c, int64_t last) MUST_CHECK;

#endif
