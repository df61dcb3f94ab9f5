/* Adopts issues that Docket sent to Linear and has forgotten since, because an
 * older backup was restored. Docket's link on an issue in Linear names its id,
 * number, category and customer here (request.c). An issue with such a link
 * that no row is linked to is created again (import_issue.c), one transaction
 * each; its comments are left to the job that reads the issue. */

#include "sync/adopt.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/enum_name.h"
#include "call.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/issue_link.h"
#include "desk/sync_job.h"
#include "import_issue.h"
#include "ingest.h"
#include "thread.h"

/* As far as reconcile.c looks back. */
#define OVERLAP (300 * USEC_PER_SEC)

enum { LINKED_TEAMS, TAKEN, STATEMENTS };

static struct stmt sql[] = {
    [LINKED_TEAMS] = {"SELECT id, linear_team_id, linear_watermark "
		      "FROM organization WHERE linear_team_id IS NOT NULL"},
    /* what of the origin is still free, and who is still known */
    [TAKEN] = {"SELECT EXISTS (SELECT 1 FROM issue WHERE id = ?), "
	       "EXISTS (SELECT 1 FROM issue WHERE organization_id = ? "
	       "AND issue_number = ?), "
	       "(SELECT id FROM user WHERE id = ?)"},
};

const struct statements sync_adopt_statements = {sql, STATEMENTS};

/* One team being looked through. */
struct adopting {
	struct ctx *c;
	struct adoption *out;
	int64_t organization_id;
	const char *team_id;
	usec_t since, asked_at;
	struct linear_issue theirs;
	struct linear_link link;
	const char *thread_id;
};

/* --- the link ------------------------------------------------------------- */

/* The year and the count of "ISS-2026-0042"; false: it is no number. */
static bool
parse_number(int *year, int64_t *count, const char *number)
{
	static const char start[] = "ISS-";
	char *end;

	if (!number || strncmp(number, start, strlen(start)) != 0)
		return false;
	*year = (int)strtol(number + strlen(start), &end, 10);
	if (*end != '-' || *year < 1970 || *year > 9999)
		return false;
	*count = strtoll(end + 1, &end, 10);
	return *end == '\0' && *count > 0 && *count < INT32_MAX;
}

static int64_t
parse_id(const char *text)
{
	char *end;
	const long long id = text ? strtoll(text, &end, 10) : 0;

	return id > 0 && (*end == '\0' || *end == '/') ? id : 0;
}

static enum category
category_of_label(const char *label)
{
	const struct enum_name *n =
	    label ? enum_name_find(category_labels, label) : NULL;

	return n ? (enum category)n->value : 0;
}

/* Reads Docket's link; what is taken by another issue, or unknown, is left out.
 * The number counts as given out. */
static enum err
read_origin(struct origin *was, struct adopting *a)
{
	const struct linear_link *link = &a->link;
	const char *path = link->url + strlen(a->c->conf->public_url);
	bool id_taken, number_taken;
	int64_t count = 0;
	int year = 0;
	struct rows rows;
	enum err e;

	*was = (struct origin){.id = parse_id(path + strlen("/issues/")),
			       .category = category_of_label(link->category),
			       .thread_id = a->thread_id};
	if (parse_number(&year, &count, link->number)) {
		was->number = link->number;
		e = issue_skip_numbers(a->c, a->organization_id, year, count);
		if (e)
			return e;
	}
	e = db_one(&rows, a->c->db, &sql[TAKEN],
		   ARGS(arg_int(was->id), arg_int(a->organization_id),
			arg_text(was->number ? was->number : ""),
			arg_int(parse_id(link->customer))));
	if (e)
		return e;
	id_taken = col_bool(&rows);
	number_taken = col_bool(&rows);
	was->user_id = col_int(&rows);
	if (id_taken)
		was->id = 0;
	if (number_taken)
		was->number = NULL;
	return OK;
}

/* --- one issue ------------------------------------------------------------ */

static enum err
adopt_within(void *arg)
{
	struct adopting *a = arg;
	struct ctx *c = a->c;
	struct origin was;
	int64_t id = 0, owner = 0;
	bool deleted;
	enum err e = issue_by_linear_id(&id, &owner, &deleted, c, a->theirs.id);

	if (e != ERR_NOTFOUND)
		return e;
	e = read_origin(&was, a);
	if (!e)
		e = import_issue(&id, c, a->organization_id, &a->theirs, &was);
	if (!e)
		e = ingest_issue(c, a->organization_id, id, NULL, &a->theirs,
				 a->asked_at, 0);
	if (!e)
		e = job_request_refetch(c, id, a->organization_id, true);
	if (e)
		return e;
	a->out->adopted++;
	if (a->link.customer && !was.user_id)
		a->out->customerless++;
	return OK;
}

static const char *
find_thread(const struct json *node)
{
	const struct json *m =
	    json_first(json_path(node, "comments", "nodes", NULL));

	return m ? linear_read_id(json_get(m, "id")) : NULL;
}

static enum err
adopt_node(struct adopting *a, const struct json *node)
{
	struct ctx *c = a->c;
	const struct adoption was = *a->out;
	enum err e;

	if (!linear_read_issue(&a->theirs, c->arena, node))
		return OK;
	a->out->seen++;
	if (!linear_read_link(
		&a->link, node,
		arena_printf(c->arena, "%s/issues/", c->conf->public_url)) ||
	    a->theirs.trashed)
		return OK;
	/* all comments are read later, in their order */
	a->theirs.comment_count = 0;
	a->theirs.has_comments = false;
	a->thread_id = find_thread(node);
	e = db_transaction(c->db, adopt_within, a);
	if (e)
		*a->out = was;
	return e == ERR_CONFLICT ? OK : e; /* just adopted by another process */
}

/* --- all of them ---------------------------------------------------------- */

static enum err
adopt_page(struct linear_page *page, struct adopting *a, const char *after)
{
	struct linear_answer answer;
	struct linear_request r = linear_issue_linked(
	    a->c->arena, a->team_id, thread_start, a->since, after);
	enum err e;

	a->asked_at = clock_now();
	e = sync_ask(&answer, a->c, &r);
	if (e)
		return e;
	if (!linear_read_page(page, &answer, after))
		return sync_upstream_fault(a->c, NULL);
	for (const struct json *j = json_first(page->nodes); !e && j;
	     j = json_next(j))
		e = adopt_node(a, j);
	return e;
}

enum err
sync_adopt(struct adoption *out, struct ctx *c)
{
	struct adopting a = {.c = c, .out = out};
	struct linear_page page;
	struct rows teams;
	enum err e = db_query(&teams, c->db, &sql[LINKED_TEAMS], NO_ARGS);

	*out = (struct adoption){0};
	while (!e && rows_next(&teams)) {
		a.organization_id = col_int(&teams);
		a.team_id = col_text(&teams);
		a.since = col_time(&teams);
		a.since = a.since > OVERLAP ? a.since - OVERLAP : 0;
		page.next = NULL;
		do
			e = adopt_page(&page, &a, page.next);
		while (!e && page.next);
	}
	return e;
}
