/* Handlers for what has happened: the history of an issue, and the
 * notifications of a person. */
#include "base/arena.h"
#include "base/enum_name.h"
#include "cgi/handlers.h"
#include "cgi/page.h"
#include "cgi/view.h"
#include "desk/activity.h"
#include "desk/notification.h"

#define ACTIVITY_MAX 200

enum { OLDEST_FIRST = 1, NEWEST_FIRST };

static const struct enum_name activity_orders[] = {
    {"created_at", OLDEST_FIRST}, {"-created_at", NEWEST_FIRST}, {NULL, 0}};

const struct field in_activity_list[] = {
    {"after", FIELD_ID, F_QUERY, 1, INT64_MAX, NULL},
    {"before", FIELD_ID, F_QUERY, 1, INT64_MAX, NULL},
    {"ordering", FIELD_CHOICE, F_QUERY, 0, 0, activity_orders},
    {"page_size", FIELD_INT, F_QUERY, 1, ACTIVITY_MAX, NULL},
    FIELDS_END};

static void
view_activity(struct jsonout *j, const struct req *r, const struct activity *a)
{
	json_object(j, NULL);
	json_integer(j, "id", a->id);
	json_id(j, "actor", a->actor_id);
	json_string(j, "actor_name", a->actor_name);
	json_string(j, "actor_kind",
		    enum_name_text(author_words, (int)a->actor_kind));
	json_string(j, "field", a->field);
	json_string(j, "from", view_text(r, a->old_value, r->id, 0, NULL, 0));
	json_string(j, "to", view_text(r, a->new_value, r->id, 0, NULL, 0));
	json_bool(j, "is_public", a->is_public);
	json_bool(j, "by_mail", a->by_mail);
	json_string(j, "created_at", a->created_at);
	json_end(j);
}

/* The address of the entries behind the last one, which is shown. */
static const char *
further_entries(struct req *r, const struct activity *last, bool newest_first)
{
	return http_url_with(
	    r, newest_first ? "before" : "after",
	    arena_printf(r->ctx->arena, "%lld", (long long)last->id));
}

/* GET /api/issues/{id}/activity/: `next` leads on. */
enum err
do_activity_list(struct req *r)
{
	const struct activity_range range = {
	    .after = in_int(r, "after"),
	    .before = in_int_or(r, "before", INT64_MAX),
	    .limit = in_int_or(r, "page_size", ACTIVITY_MAX),
	    .newest_first =
		in_int_or(r, "ordering", OLDEST_FIRST) == NEWEST_FIRST};
	struct issue *issue;
	struct activity *list;
	struct jsonout *j;
	bool more;
	size_t n;
	enum err e = issue_get(&issue, r->ctx, &r->actor, r->id);

	if (!e)
		e = activity_list(&list, &n, &more, r->ctx, &r->actor, r->id,
				  &range);
	if (e)
		return e;
	j = reply(r, 200);
	json_integer(j, "count", (int64_t)n);
	json_string(j, "next",
		    more ? further_entries(r, &list[n - 1], range.newest_first)
			 : NULL);
	json_null(j, "previous");
	json_array(j, "results");
	for (size_t i = 0; i < n; i++)
		view_activity(j, r, &list[i]);
	json_end(j);
	return OK;
}

/* What happened, as a sentence. */
static const char *
sentence(struct req *r, const struct notification *n)
{
	static const struct enum_name texts[] = {
	    {"raised", NOTICE_RAISED},
	    {"replied to", NOTICE_REPLIED},
	    {"changed the status of", NOTICE_STATUS},
	    {"resolved", NOTICE_RESOLVED},
	    {"reopened", NOTICE_REOPENED},
	    {"assigned you", NOTICE_ASSIGNED},
	    {"attached files to", NOTICE_ATTACHED},
	    {"found malware in a file of", NOTICE_INFECTED},
	    {NULL, 0}};

	return arena_printf(r->ctx->arena, "%s %s %s: %s", n->actor_name,
			    enum_name_text(texts, (int)n->kind),
			    n->issue_number, n->issue_title);
}

const struct field in_notification_list[] = {
    {"unread", FIELD_BOOL, F_QUERY, 0, 0, NULL},
    PAGE_INPUTS(PAGE_SIZE_MAX),
    FIELDS_END};

/* GET /api/notifications/: newest first, with how many are unread. */
enum err
do_notification_list(struct req *r)
{
	const struct list_page asked = page_asked(r, PAGE_SIZE);
	const bool unread = in_int(r, "unread");
	struct notification_page page;
	struct jsonout *j;
	enum err e = notification_list(&page, r->ctx, &r->actor, unread,
				       asked.limit, asked.offset);

	if (e)
		return e;
	j = page_reply(r, &asked, page.count);
	if (!j)
		return OK;
	json_integer(j, "unread_count", page.unread);
	json_array(j, "results");
	for (size_t i = 0; i < page.n; i++) {
		const struct notification *n = &page.list[i];

		json_object(j, NULL);
		json_integer(j, "id", n->id);
		json_integer(j, "issue", n->issue_id);
		json_string(j, "issue_number", n->issue_number);
		json_string(j, "issue_title", n->issue_title);
		json_string(j, "kind",
			    enum_name_text(notice_words, (int)n->kind));
		json_string(j, "status",
			    enum_name_text(status_words, (int)n->status));
		json_string(j, "actor_name", n->actor_name);
		json_string(j, "message", sentence(r, n));
		json_bool(j, "is_read", n->is_read);
		json_string(j, "created_at", n->created_at);
		json_end(j);
	}
	json_end(j);
	return OK;
}

/* POST /api/notifications/{id}/read/ */
enum err
do_notification_read(struct req *r)
{
	enum err e = notification_read(r->ctx, &r->actor, r->id);

	return e ? e : reply_message(r, "Marked as read");
}

/* POST /api/notifications/read_all/ */
enum err
do_notification_read_all(struct req *r)
{
	enum err e = notification_read_all(r->ctx, &r->actor);

	return e ? e : reply_message(r, "All marked as read");
}
