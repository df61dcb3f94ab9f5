#include "admin/verify.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/issue_count.h"
#include "desk/notification.h"

#define MISCOUNTS_MAX 1000000

enum {
	NUMBERS_AHEAD,
	CUSTOMERLESS,
	FOREIGN_CUSTOMERS,
	FOREIGN_COMMENTS,
	WITHOUT_HISTORY,
	WITHOUT_SNAPSHOT,
	WITHOUT_LINEAR_ID,
	JOBS_WITHOUT_ISSUE,
	MAILS_WITHOUT_BYTES,
	MAILS_WITHOUT_DEED,
	STATEMENTS
};

static struct stmt sql[] = {
    [NUMBERS_AHEAD] = {"SELECT COUNT(*) FROM issue i "
		       "LEFT JOIN issue_number n "
		       "ON n.organization_id = i.organization_id "
		       "AND n.year = CAST(SUBSTRING(i.issue_number, 5, 4) "
		       "AS UNSIGNED) WHERE n.last IS NULL OR n.last < "
		       "CAST(SUBSTRING(i.issue_number, 10) AS UNSIGNED)"},
    [CUSTOMERLESS] = {"SELECT COUNT(*) FROM issue WHERE is_client_issue "
		      "AND customer_id IS NULL"},
    [FOREIGN_CUSTOMERS] = {"SELECT COUNT(*) FROM issue i JOIN customer k "
			   "ON k.id = i.customer_id WHERE "
			   "k.organization_id <> i.organization_id "
			   "OR NOT k.user_id <=> i.raised_by"},
    [FOREIGN_COMMENTS] = {"SELECT COUNT(*) FROM comment m JOIN issue i "
			  "ON i.id = m.issue_id "
			  "WHERE i.organization_id <> m.organization_id"},
    [WITHOUT_HISTORY] = {"SELECT COUNT(*) FROM issue i WHERE NOT EXISTS "
			 "(SELECT 1 FROM activity a WHERE a.issue_id = i.id)"},
    [WITHOUT_SNAPSHOT] = {"SELECT COUNT(*) FROM issue i "
			  "LEFT JOIN linear_base b ON b.issue_id = i.id "
			  "WHERE i.synced_to_linear AND b.issue_id IS NULL"},
    [WITHOUT_LINEAR_ID] = {"SELECT COUNT(*) FROM issue WHERE synced_to_linear "
			   "AND linear_id IS NULL"},
    [JOBS_WITHOUT_ISSUE] = {"SELECT COUNT(*) FROM sync_job j "
			    "LEFT JOIN issue i ON i.id = j.issue_id "
			    "WHERE i.id IS NULL"},
    /* of the others the bytes are not needed any more, and may be many */
    [MAILS_WITHOUT_BYTES] = {"SELECT COUNT(*) FROM mail_in m "
			     "WHERE m.state IN ('new', 'held') "
			     "AND NOT m.size <=> (SELECT SUM(LENGTH(p.data)) "
			     "FROM mail_in_part p WHERE p.mail_id = m.id)"},
    [MAILS_WITHOUT_DEED] = {"SELECT COUNT(*) FROM mail_in m "
			    "LEFT JOIN issue i ON i.id = m.issue_id "
			    "LEFT JOIN comment k ON k.id = m.comment_id "
			    "WHERE (m.deed IN ('comment', 'reopening') "
			    "AND NOT k.issue_id <=> m.issue_id) "
			    "OR (m.deed IN ('comment', 'reopening', 'issue') "
			    "AND NOT i.organization_id <=> "
			    "m.organization_id)"},
};

const struct statements admin_verify_statements = {sql, STATEMENTS};

static const char *const texts[STATEMENTS] = {
    [NUMBERS_AHEAD] = "issue numbers that could be given out again",
    [CUSTOMERLESS] = "customers' issues without a customer",
    [FOREIGN_CUSTOMERS] = "issues with a customer record of somebody else",
    [FOREIGN_COMMENTS] = "comments of another organization than their issue",
    [WITHOUT_HISTORY] = "issues without a history",
    [WITHOUT_SNAPSHOT] = "issues in Linear without a snapshot",
    [WITHOUT_LINEAR_ID] = "issues in Linear without their id there",
    [JOBS_WITHOUT_ISSUE] = "jobs without an issue",
    [MAILS_WITHOUT_BYTES] = "mails that wait without all their bytes",
    [MAILS_WITHOUT_DEED] = "mails whose comment or issue is not there",
};

enum err
verify_database(struct verification **out, size_t *n, struct ctx *c)
{
	struct verification *v =
	    arena_alloc(c->arena, (STATEMENTS + 1) * sizeof(*v));
	struct unread_miscount *unread;
	struct miscount *miscounts;
	struct rows rows;
	size_t wrong, more = 0;
	enum err e;

	db_be_patient(c->db, true);
	e = count_find_wrong(&miscounts, &wrong, c, MISCOUNTS_MAX);
	if (!e)
		e = unread_find_wrong(&unread, &more, c, MISCOUNTS_MAX);
	*out = v;
	if (!e)
		*v++ =
		    (struct verification){"counters", (int64_t)(wrong + more)};
	for (int i = 0; !e && i < STATEMENTS; i++) {
		e = db_one(&rows, c->db, &sql[i], NO_ARGS);
		if (!e)
			*v++ = (struct verification){texts[i], col_int(&rows)};
	}
	*n = (size_t)(v - *out);
	return e;
}
