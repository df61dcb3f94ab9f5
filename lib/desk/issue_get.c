/* Reads one issue with its comments, as it is shown. */

#include "base/arena.h"
#include "comment_row.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/user.h"
#include "issue_row.h"

/* At most this many comments come with the issue in one statement, in which
 * each row repeats the issue. If there are more, a second statement gets the
 * latest. Rows are not sorted, since sorting such rows costs more than all the
 * rest. */
#define WITH_ISSUE 10

/* With all names joined, or with those that a cache seldom has, the raiser's
 * and the order's: see is_first_statement. */
enum {
	SHOW_OF_ORGANIZATION,
	SHOW_OF_RAISER,
	SHOW_NAMED,
	NAMED_OF_ORGANIZATION = SHOW_NAMED + SHOW_OF_ORGANIZATION,
	NAMED_OF_RAISER = SHOW_NAMED + SHOW_OF_RAISER,
	STATEMENTS
};

#define SHOW(columns, joins)                                               \
	"SELECT " ISSUE_OWN ", " columns COMMENT_COLUMNS                   \
	" FROM issue i " joins "LEFT JOIN comment m ON m.issue_id = i.id " \
	"AND m.deleted_at IS NULL AND (NOT m.is_internal OR ?) "           \
	"WHERE i.id = ? AND i.deleted_at IS NULL AND "
#define OF_ORGANIZATION(columns, joins)                             \
	SHOW(columns "l.linear_description, l.warning, ",           \
	     joins "LEFT JOIN linear_base l ON l.issue_id = i.id ") \
	"i.organization_id = ? LIMIT ?"
#define OF_RAISER(columns, joins)                                            \
	SHOW(columns ISSUE_ORGANIZATION ", ", joins ISSUE_ORGANIZATION_JOIN) \
	ISSUE_OF_RAISER " LIMIT ?"

static struct stmt sql[] = {
    [SHOW_OF_ORGANIZATION] = {OF_ORGANIZATION(ISSUE_RAISER ", ",
					      ISSUE_RAISER_JOINS)},
    [SHOW_OF_RAISER] = {OF_RAISER(ISSUE_RAISER ", ", ISSUE_RAISER_JOINS)},
    [NAMED_OF_ORGANIZATION] = {OF_ORGANIZATION(ISSUE_NAMES ", ",
					       ISSUE_NAME_JOINS)},
    [NAMED_OF_RAISER] = {OF_RAISER(ISSUE_NAMES ", ", ISSUE_NAME_JOINS)},
};

const struct statements issue_show_statements = {sql, STATEMENTS};

static void
read_issue(struct issue *i, const struct actor *who, bool named,
	   struct rows *rows)
{
	issue_read_own(i, rows);
	if (named)
		issue_read_names(i, rows);
	else
		issue_read_raiser(i, rows);
	if (who->role == ROLE_CUSTOMER) {
		issue_read_organization(i, rows);
		return;
	}
	(void)issue_know_organization(i, who);
	i->linear_description = col_text(rows);
	i->linear_warning = col_text(rows);
}

/* The comments of the rows, oldest first; none is a row of NULLs. */
static void
read_comments(struct issue_shown *out, struct ctx *c, const struct actor *who,
	      bool named, struct rows *rows)
{
	struct comment *list =
	    arena_alloc(c->arena, rows->count * sizeof(*list));
	struct issue again;
	struct comment m;
	bool left = true;
	size_t n = 0, to;

	while (left) {
		comment_read(&m, rows);
		for (to = n; to && list[to - 1].id > m.id; to--)
			list[to] = list[to - 1];
		list[to] = m;
		n += m.id != 0;
		left = rows_next(rows);
		if (left)
			read_issue(&again, who, named, rows);
	}
	out->comments = list;
	out->n_comments = n;
}

/* An issue with few comments costs at most two statements, authentication
 * included. If authentication took one, the other joins all names, which takes
 * a fifth longer. Otherwise one is left for names that are not in the cache. */
static bool
is_first_statement(const struct ctx *c)
{
	return db_statements(c->db) == 0;
}

enum err
issue_show(struct issue_shown *out, struct ctx *c, const struct actor *who,
	   int64_t id)
{
	const bool raiser = who->role == ROLE_CUSTOMER;
	const bool named = !is_first_statement(c);
	struct stmt *s = &sql[(named ? SHOW_NAMED : 0) +
			      (raiser ? SHOW_OF_RAISER : SHOW_OF_ORGANIZATION)];
	struct rows rows;
	enum err e =
	    db_one(&rows, c->db, s,
		   ARGS(arg_int(actor_is_staff(who)), arg_int(id),
			arg_int(raiser ? who->user_id : who->organization_id),
			arg_int(WITH_ISSUE + 1)));

	if (e)
		return e;
	out->issue = arena_alloc(c->arena, sizeof(*out->issue));
	read_issue(out->issue, who, named, &rows);
	if (rows.count > WITH_ISSUE)
		e = comment_list(&out->comments, &out->n_comments, c, who, id,
				 0);
	else
		read_comments(out, c, who, named, &rows);
	if (!e && !named)
		e = issue_name_all(out->issue, 1, c);
	return e ? e
		 : attachment_list(&out->files, &out->n_files, c, who,
				   out->issue);
}
