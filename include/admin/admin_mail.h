#ifndef ADMIN_ADMIN_MAIL_H
#define ADMIN_ADMIN_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "admin/admin.h"

/* The mails of everybody, for an operator. */

struct mail_line {
	int64_t id;
	const char *kind, *state; /* as in schema.sql */
	const char *to;
	const char *issue_number, *organization; /* NULL: of no issue */
	int64_t attempts;
	const char *created_at, *due_at;
	const char *error; /* the mail server's words */
};

/* Those that wait, and those that were given up; these alone, if `dead`. */
enum err admin_mails(struct mail_line **out, size_t *n, int64_t *total,
		     struct ctx *c, bool dead,
		     const struct admin_page *page) MUST_CHECK;

#endif
