#include "base/enum_name.h"
#include "cgi/handlers.h"
#include "cgi/page.h"
#include "cgi/view.h"
#include "desk/security_log.h"

const struct field in_security_log[] = {
    {"mine", FIELD_BOOL, F_QUERY, 0, 0, NULL},
    PAGE_INPUTS(PAGE_SIZE_MAX),
    FIELDS_END};

static void
view_entry(struct jsonout *j, const struct security_entry *s)
{
	json_object(j, NULL);
	json_integer(j, "id", s->id);
	json_string(j, "event",
		    enum_name_text(security_event_words, (int)s->event));
	json_id(j, "actor", s->actor_id);
	json_string(j, "actor_name", s->actor_name);
	json_id(j, "user", s->user_id);
	json_string(j, "user_name", s->user_name);
	json_string(j, "address", s->address);
	json_string(j, "details", s->details);
	json_string(j, "created_at", s->created_at);
	json_end(j);
}

/* GET /api/security-log/: the events of the organization, for its owners. With
 * mine=true those of the caller's own account, for everybody. */
enum err
do_security_log(struct req *r)
{
	const struct list_page asked = page_asked(r, PAGE_SIZE);
	const bool mine = in_int(r, "mine");
	struct security_entry *list;
	struct jsonout *j;
	int64_t total;
	size_t n;
	enum err e = ERR_FORBIDDEN;

	if (mine || r->actor.role == ROLE_VENDOR)
		e = security_log_list(&list, &n, &total, r->ctx, &r->actor,
				      mine, asked.limit, asked.offset);
	if (e)
		return e;
	j = page_reply(r, &asked, total);
	if (!j)
		return OK;
	json_array(j, "results");
	for (size_t i = 0; i < n; i++)
		view_entry(j, &list[i]);
	json_end(j);
	return OK;
}
