#ifndef DESK_ORDER_H
#define DESK_ORDER_H

#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "desk/list_page.h"

/* A purchase that a user made from an organization, which issues may name. The
 * API calls it an order, the table `purchase`: ORDER is a word of SQL. */
struct order {
	int64_t id, organization_id;
	int64_t user_id; /* the buyer */
	const char *user_name;
	int64_t supplier_id; /* 0: none */
	const char *supplier_name;
	const char *number, *title;
	const char *created_at;
};

/* Newest first; what staff search, by the word that was found. Staff get the
 * orders of their organization, customers their own, of one organization or (0)
 * of all. *total, of all pages, stops at COUNT_CAP (issue.h). */
enum err order_list(struct order **out, size_t *n, int64_t *total,
		    struct ctx *c, const struct actor *who,
		    int64_t organization_id,
		    const struct list_page *page) MUST_CHECK;

struct order_new {
	int64_t user_id, supplier_id; /* supplier 0: none */
	const char *number, *title;   /* title may be NULL */
};

/* Creates one in the actor's organization. ERR_INVALID (order_number, vendor,
 * user). */
enum err order_create(int64_t *id, struct ctx *c, const struct actor *who,
		      const struct order_new *new) MUST_CHECK;

#endif
