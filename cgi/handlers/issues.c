/* Handlers that read issues: lists with their filters and pages, one issue,
 * and the statistics. The parameters of filters are made from ISSUE_CRITERIA.
 * Lists are paged by number or by cursor, and those that have not changed are
 * answered without being read (list_state). */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/enum_name.h"
#include "cgi/handlers.h"
#include "cgi/page.h"
#include "cgi/view.h"
#include "desk/issue_count.h"
#include "desk/list_revision.h"
#include "desk/trend.h"
#include "version.h"

#define ME (-2)

static const struct enum_name assignees[] = {
    {"none", ASSIGNEE_NONE}, {"me", ME}, {NULL, 0}};

/* the order, times two, and one for descending */
static const struct enum_name orderings[] = {
    {"created_at", ORDER_CREATED * 2},
    {"-created_at", ORDER_CREATED * 2 + 1},
    {"updated_at", ORDER_UPDATED * 2},
    {"-updated_at", ORDER_UPDATED * 2 + 1},
    {"priority", ORDER_PRIORITY * 2},
    {"-priority", ORDER_PRIORITY * 2 + 1},
    {"status", ORDER_STATUS * 2},
    {"-status", ORDER_STATUS * 2 + 1},
    {NULL, 0}};

/* What read_issue_filter reads: a parameter for each criterion. */
/* clang-format off */
#define QUERY_CHOICE(names) FIELD_CHOICE, F_QUERY, 0, 0, names
#define QUERY_BOOL          FIELD_BOOL, F_QUERY, 0, 0, NULL
#define QUERY_ID            FIELD_ID, F_QUERY, 1, INT64_MAX, NULL
#define QUERY_ASSIGNEE      FIELD_ID, F_QUERY, 1, INT64_MAX, assignees
#define QUERY_TIME          FIELD_TIME, F_QUERY, 0, 0, NULL
#define QUERY(id, name, kind, ...) {name, QUERY_##kind},
#define FILTER                                         \
	ISSUE_CRITERIA(QUERY)                          \
	{"search", FIELD_LINE, F_QUERY, 0, 200, NULL}, \
	{"ordering", FIELD_CHOICE, F_QUERY, 0, 0, orderings}
/* clang-format on */

const struct field in_issue_export[] = {FILTER, FIELDS_END};

const struct field in_issue_list[] = {
    FILTER,
    PAGE_INPUTS(PAGE_SIZE_MAX),
    {"cursor", FIELD_LINE, F_QUERY | F_BLANK, 0, 100, NULL},
    FIELDS_END};

void
read_issue_filter(struct issue_filter *f, const struct req *r)
{
	const int64_t ordering =
	    in_int_or(r, "ordering", ORDER_CREATED * 2 + 1);
	int64_t value;

	*f = (struct issue_filter){.search = in_text(r, "search"),
				   .order = (enum issue_order)(ordering / 2),
				   .descending = ordering % 2};
	for (int k = 0; k < CRITERIA; k++) {
		if (!has_value(r, issue_criteria[k].name))
			continue;
		value = in_int(r, issue_criteria[k].name);
		if (issue_criteria[k].kind == CRITERION_ASSIGNEE && value == ME)
			value = r->actor.profile_id;
		criterion_set(&f->narrow, (enum criterion)k, value);
	}
}

/* The order of a list as a number in cursors, from 1. */
static int64_t
order_number(const struct issue_filter *f)
{
	return (int64_t)f->order * 2 + f->descending + 1;
}

/* Reads a whole number from 1 to max and the character behind it, and moves *s
 * past them. */
static bool
read_part(int64_t *out, const char **s, int64_t max, char behind)
{
	char *end;

	if (**s < '0' || **s > '9')
		return false;
	errno = 0;
	*out = strtoll(*s, &end, 10);
	*s = end + 1;
	return !errno && *out >= 1 && *out <= max && *end == behind;
}

/* The greatest key that a list in that order has: a status, a priority or a
 * time. */
static int64_t
greatest_key(enum issue_order order)
{
	return order == ORDER_STATUS	 ? STATUS_CLOSED
	       : order == ORDER_PRIORITY ? PRIORITY_URGENT
					 : CLOCK_MAX;
}

/* Reads the place where the last page ended: "order.key.created.id". */
static enum err
read_cursor(struct issue_filter *f, struct req *r, const char *text)
{
	struct issue_cursor *k = &f->behind;
	const int64_t order = order_number(f);
	int64_t told;

	if (read_part(&told, &text, order, '.') && told == order &&
	    read_part(&k->key, &text, greatest_key(issue_list_order(f)), '.') &&
	    read_part(&k->created, &text, CLOCK_MAX, '.') &&
	    read_part(&k->id, &text, INT64_MAX, '\0'))
		return OK;
	return fault_add(&r->ctx->faults, "cursor",
			 "This cursor does not belong to this list.");
}

static void
view_results(struct jsonout *j, const struct req *r,
	     const struct issue_page *page)
{
	json_array(j, "results");
	for (size_t i = 0; i < page->n; i++)
		view_issue(j, NULL, r, &page->issues[i], NULL);
	json_end(j);
}

/* A page by cursor: `next` goes on behind its last issue, and costs the same at
 * any depth. */
static void
reply_by_cursor(struct req *r, const struct issue_filter *f,
		const struct issue_page *page)
{
	const struct issue_cursor *k = &page->last;
	struct jsonout *j;
	const char *next = NULL;

	if (page->more)
		next = http_url_with(
		    r, "cursor",
		    arena_printf(r->ctx->arena,
				 "%" PRId64 ".%" PRId64 ".%" PRId64 ".%" PRId64,
				 order_number(f), k->key, k->created, k->id));
	j = reply(r, 200);
	json_integer(j, "count", page->count);
	json_string(j, "next", next);
	json_null(j, "previous");
	view_results(j, r, page);
}

static enum err
list_by_cursor(struct req *r, struct issue_filter *f)
{
	const char *text = in_text(r, "cursor");
	struct issue_page page;
	enum err e = *text ? read_cursor(f, r, text) : OK;

	if (!e)
		e = issue_list(&page, r->ctx, &r->actor, f);
	if (!e)
		reply_by_cursor(r, f, &page);
	return e;
}

/* All that a list depends on: the revision of what it shows, who asks for what,
 * and this program. What is changed directly in the database, which counts no
 * revision, is seen within an hour. */
static const char *
list_state(struct req *r, const struct list_revision *v)
{
	const struct actor *who = &r->actor;
	const usec_t hour = r->ctx->now / (3600 * USEC_PER_SEC);

	return arena_printf(
	    r->ctx->arena,
	    VERSION " %d %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64
		    " %" PRId64 " %" PRId64 " %d %s",
	    r->ctx->conf->linear_api_key != NULL, (int64_t)hour, v->changes,
	    v->renamed, who->organization_id, who->profile_id, who->user_id,
	    (int)who->role, http_url_with(r, "", NULL));
}

/* Answers 304 if the client has this list as it is now. Only clients that ask
 * for that get a tag by which it is known without reading the list. Not for
 * searches: the search index follows the changes later. */
static enum err
answer_unchanged(struct req *r, const struct issue_filter *f)
{
	struct list_revision revision;
	bool known;
	enum err e;

	if (f->search || !http_header(r, "If-None-Match"))
		return OK;
	e = revision_read(&revision, &known, r->ctx, &r->actor);
	if (!e && known)
		(void)reply_unchanged(r, list_state(r, &revision));
	return e;
}

static enum err
reply_list(struct req *r, struct issue_filter *f)
{
	const struct list_page asked = page_asked(r, PAGE_SIZE);
	struct issue_page page;
	struct jsonout *j;
	enum err e = answer_unchanged(r, f);

	if (e || r->status)
		return e;
	f->limit = asked.limit;
	if (has_value(r, "cursor"))
		return list_by_cursor(r, f);
	f->offset = asked.offset;
	e = issue_list(&page, r->ctx, &r->actor, f);
	if (e)
		return e;
	j = page_reply(r, &asked, page.count);
	if (j)
		view_results(j, r, &page);
	return OK;
}

/* GET /api/issues/: what the actor may see, filtered, sorted and paged. A
 * customer's clients name the organization of the profile, and mean the whole
 * own list. */
enum err
do_issue_list(struct req *r)
{
	struct issue_filter f;

	read_issue_filter(&f, r);
	if (r->actor.role == ROLE_CUSTOMER)
		criterion_clear(&f.narrow, BY_ORGANIZATION);
	return reply_list(r, &f);
}

/* GET /api/client/issues/: a customer's own, also of one organization. */
enum err
do_client_issue_list(struct req *r)
{
	struct issue_filter f;

	read_issue_filter(&f, r);
	return reply_list(r, &f);
}

/* GET /api/issues/{id}/ and /api/client/issues/{id}/: one issue with its
 * comments; of a customer's, the public ones. */
enum err
do_issue_show(struct req *r)
{
	struct issue_shown shown;
	struct comments comments;
	enum err e = issue_show(&shown, r->ctx, &r->actor, r->id);

	if (e)
		return e;
	comments = comments_of(&shown);
	r->version = shown.issue->version;
	view_issue_members(reply(r, 200), r, shown.issue, &comments);
	return OK;
}

static void
view_counts(struct jsonout *j, const char *key, const struct enum_name *words,
	    const int64_t *counts)
{
	json_object(j, key);
	for (; words->text; words++)
		json_integer(j, words->text, counts[words->value]);
	json_end(j);
}

static void
view_seconds(struct jsonout *j, const char *key, int64_t seconds)
{
	if (seconds < 0)
		json_null(j, key);
	else
		json_integer(j, key, seconds);
}

static void
view_trend(struct jsonout *j, const struct trend *t)
{
	json_object(j, "trend");
	json_string(j, "time_zone", t->time_zone);
	json_array(j, "days");
	for (size_t i = 0; i < t->n; i++) {
		json_object(j, NULL);
		json_string(j, "date", t->days[i].day);
		json_integer(j, "raised", t->days[i].raised);
		json_integer(j, "resolved", t->days[i].resolved);
		json_end(j);
	}
	json_end(j);
	view_seconds(j, "median_first_answer_s", t->first_answer_s);
	view_seconds(j, "median_resolution_s", t->resolution_s);
	json_end(j);
}

const struct field in_issue_stats[] = {
    {"days", FIELD_INT, F_QUERY, 1, TREND_DAYS_MAX, NULL}, FIELDS_END};

void
write_stats(struct jsonout *j, const struct issue_stats *s)
{
	static const struct enum_name categories[] = {
	    {"general", CATEGORY_GENERAL},
	    {"delivery", CATEGORY_DELIVERY},
	    {"quality", CATEGORY_QUALITY},
	    {"billing", CATEGORY_BILLING},
	    {"payment", CATEGORY_BILLING},
	    {"communication", CATEGORY_COMMUNICATION},
	    {"technical", CATEGORY_TECHNICAL},
	    {"other", CATEGORY_OTHER},
	    {NULL, 0}};

	json_integer(j, "total", s->total);
	view_counts(j, "by_status", status_words, s->by_status);
	view_counts(j, "by_priority", priority_words, s->by_priority);
	view_counts(j, "by_category", categories, s->by_category);
	json_object(j, "by_source");
	json_integer(j, "client_raised", s->client_raised);
	json_integer(j, "internal", s->internal);
	json_end(j);
	json_object(j, "linear_sync");
	json_integer(j, "synced", s->synced);
	json_integer(j, "not_synced", s->not_synced);
	json_end(j);
}

/* GET /api/issues/stats/: of the organization, or of the customer's own. The
 * aliases "critical" and "payment" repeat "urgent" and "billing", as clients
 * know them. With days= staff also get their organization's trend. */
enum err
do_issue_stats(struct req *r)
{
	const bool wants_trend =
	    has_value(r, "days") && actor_is_staff(&r->actor);
	struct issue_stats s;
	struct trend trend;
	struct jsonout *j;
	enum err e = count_stats(&s, r->ctx, &r->actor);

	if (!e && wants_trend)
		e = trend_get(&trend, r->ctx, &r->actor, in_int(r, "days"));
	if (e)
		return e;
	j = reply(r, 200);
	write_stats(j, &s);
	if (wants_trend)
		view_trend(j, &trend);
	return OK;
}
