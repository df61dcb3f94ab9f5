/* The comments of an issue as Linear should have them: which of ours to send
 * next, with which text, and whether Linear's list agrees with ours. How
 * Linear's comments come in is in thread_ingest.c. */

#include "thread.h"

#include <string.h>

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/comment_link.h"
#include "hash.h"
#include "linear/text.h"

enum { NEXT, GET, OWNER, KNOWN, STATEMENTS };

/* What read_sent() reads. */
#define SENT_COLUMNS                                         \
	"id, issue_id, author_name, author_kind + 0, "       \
	"IF(deleted_at IS NULL, content, NULL), linear_id, " \
	"synced_to_linear "

static struct stmt sql[] = {
    [NEXT] = {"SELECT " SENT_COLUMNS "FROM comment WHERE issue_id = ? "
	      "AND NOT is_internal AND linear_id IS NOT NULL "
	      "AND (linear_dirty OR NOT synced_to_linear) "
	      "AND (linear_dirty OR deleted_at IS NULL) ORDER BY id LIMIT 1"},
    [GET] = {"SELECT " SENT_COLUMNS "FROM comment WHERE id = ?"},
    [OWNER] = {"SELECT issue_id, organization_id FROM comment "
	       "WHERE linear_id = ?"},
    [KNOWN] =
	{"SELECT linear_id, linear_updated_at, "
	 "author_kind = 'linear' AND deleted_at IS NULL, "
	 "deleted_at IS NOT NULL, deleted_at IS NOT NULL AND "
	 "EXISTS (SELECT 1 FROM webhook_delivery WHERE entity_id = linear_id "
	 "AND action = 'remove') FROM comment "
	 "WHERE issue_id = ? AND linear_id IS NOT NULL "
	 "UNION ALL SELECT thread_id, NULL, FALSE, FALSE, FALSE "
	 "FROM linear_base WHERE issue_id = ? AND thread_id IS NOT NULL "
	 "UNION ALL SELECT files_id, NULL, FALSE, FALSE, FALSE "
	 "FROM linear_base WHERE issue_id = ? AND files_id IS NOT NULL"},
};

const struct statements sync_thread_statements = {sql, STATEMENTS};

#define THREAD_START "**Conversation with the customer**"

const char thread_start[] = THREAD_START;

const char thread_text[] = THREAD_START
    "\n\nReplies in this thread are shown "
    "to the customer by Docket. All other comments on this issue stay "
    "internal.";

const char *
thread_reply(struct arena *a, const struct comment *m)
{
	return arena_printf(
	    a, "**%s**%s wrote:\n\n%s", linear_name(a, m->author_name),
	    m->author_kind == AUTHOR_CUSTOMER ? " (customer)" : "",
	    linear_quote(a, m->content));
}

static struct comment *
read_sent(struct ctx *c, struct rows *rows)
{
	struct comment *m = arena_alloc(c->arena, sizeof(*m));

	m->id = col_int(rows);
	m->issue_id = col_int(rows);
	m->author_name = col_text(rows);
	m->author_kind = (enum author_kind)col_int(rows);
	m->content = col_text(rows);
	m->linear_id = col_text(rows);
	m->synced_to_linear = col_bool(rows);
	return m;
}

enum err
thread_next(struct comment **out, struct ctx *c, int64_t issue_id)
{
	struct rows rows;
	enum err e =
	    db_query(&rows, c->db, &sql[NEXT], ARGS(arg_int(issue_id)));

	if (!e)
		*out = rows_next(&rows) ? read_sent(c, &rows) : NULL;
	return e;
}

enum err
thread_get(struct comment **out, struct ctx *c, int64_t id)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[GET], ARGS(arg_int(id)));

	if (!e)
		*out = read_sent(c, &rows);
	return e;
}

enum err
thread_mark_sent(struct ctx *c, const struct comment *m,
		 const struct linear_comment *got)
{
	struct hash h;

	if (got)
		h = hash_of(got->body);
	return comment_link_sent(c, m, got ? h.bytes : NULL,
				 got ? got->updated_at : 0);
}

enum err
thread_mark_current(struct ctx *c, const struct comment *m)
{
	return comment_link_set_dirty(c, m->id, false);
}

enum err
thread_owner(struct issue_owner *out, struct ctx *c, const char *linear_id)
{
	struct rows rows;
	enum err e =
	    db_one(&rows, c->db, &sql[OWNER], ARGS(arg_text(linear_id)));

	if (e)
		return e;
	out->issue_id = col_int(&rows);
	out->organization_id = col_int(&rows);
	return OK;
}

/* When a listed comment last changed; 0: it is not listed. */
static usec_t
listed_update_time(const struct json *theirs, const char *id)
{
	const struct json *e;
	const char *other, *at;
	usec_t t = 0;

	for (e = json_first(json_get(theirs, "nodes")); e; e = json_next(e)) {
		other = json_text(json_get(e, "id"));
		at = json_text(json_get(e, "updatedAt"));
		if (other && at && strcmp(other, id) == 0)
			(void)clock_parse(&t, at);
	}
	return t;
}

static size_t
count_nodes(const struct json *theirs)
{
	const struct json *e;
	size_t n = 0;

	for (e = json_first(json_get(theirs, "nodes")); e; e = json_next(e))
		n++;
	return n;
}

enum err
thread_is_current(bool *out, struct ctx *c, int64_t issue_id,
		  const struct json *theirs)
{
	bool all =
	    !json_true(json_path(theirs, "pageInfo", "hasNextPage", NULL));
	size_t known = 0;
	struct rows rows;
	const char *id, *at;
	usec_t mine, told;
	bool is_theirs, deleted, removed, current = true;
	enum err e = db_query(
	    &rows, c->db, &sql[KNOWN],
	    ARGS(arg_int(issue_id), arg_int(issue_id), arg_int(issue_id)));

	if (e)
		return e;
	while (rows_next(&rows)) {
		id = col_text(&rows);
		at = col_text(&rows);
		is_theirs = col_bool(&rows);
		deleted = col_bool(&rows);
		removed = col_bool(&rows);
		mine = 0;
		if (at)
			(void)clock_parse(&mine, at);
		told = listed_update_time(theirs, id);
		known += told != 0;
		/* a removal counts, even if it is listed by mistake */
		if (removed)
			continue;
		/* the thread's first comment has no known time */
		if (told && mine && told != mine)
			current = false;
		if (told ? deleted : is_theirs && all)
			current = false;
	}
	*out = current && known == count_nodes(theirs);
	return OK;
}
