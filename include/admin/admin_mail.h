#ifndef ADMIN_ADMIN_MAIL_H
#define ADMIN_ADMIN_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "admin/admin.h"

/* The queue of mails of all tenants, for docketctl. */

struct mail_line {
	int64_t id;
	const char *kind, *state; /* as in schema.sql */
	const char *to;
	const char *issue_number, *organization; /* NULL: none */
	int64_t attempts;
	const char *created_at, *due_at;
	const char *error; /* the mail server's message */
};

/* Mails that wait, and dead letters; with `dead`, only dead letters. */
enum err admin_mails(struct mail_line **out, size_t *n, int64_t *total,
		     struct ctx *c, bool dead,
		     const struct list_page *page) MUST_CHECK;

#endif
