/* The security log. */
#include "admin/admin_security.h"
#include "base/enum_name.h"
#include "docketctl.h"

static void
put_security_entry(struct table *s, const struct security_entry *l)
{
	put_int_cell(s, l->id);
	put_text_cell(s, l->created_at);
	put_text_cell(s, enum_name_text(security_event_words, (int)l->event));
	put_id_cell(s, l->actor_id);
	put_text_cell(s, l->actor_name);
	put_id_cell(s, l->user_id);
	put_text_cell(s, l->user_name);
	put_id_cell(s, l->organization_id);
	put_text_cell(s, l->address);
	put_text_cell(s, l->details);
}

static enum err
verb_security_log(struct call *call)
{
	static const char *const columns[] = {
	    "id",	  "created_at", "event", "actor_id",
	    "actor_name", "user_id",	"user",	 "organization_id",
	    "address",	  "details",	NULL};
	const struct list_page page = given_page(call);
	struct organization *o = NULL;
	struct user *u = NULL;
	struct security_entry *l;
	struct table s;
	size_t n;
	enum err e = OK;

	if (given_text(call, "user"))
		e = find_user_argument(&u, call, given_text(call, "user"));
	if (!e && given_text(call, "organization"))
		e = find_organization_argument(
		    &o, call, given_text(call, "organization"));
	if (!e)
		e = admin_security_log(&l, &n, call->c, u ? u->id : 0,
				       o ? o->id : 0, &page);
	if (e)
		return e;
	table_init(&s, call, columns);
	for (size_t i = 0; i < n; i++)
		put_security_entry(&s, &l[i]);
	table_print_list(&s);
	return OK;
}

static const struct param list_params[] = {
    PARAM_LINE("user", 0, 254, "USER", "only entries about this account"),
    PARAM_LINE("organization", 0, 80, "ORGANIZATION",
	       "only what its owners can see"),
    PARAMS_LIST, PARAMS_END};

const struct verb security_verbs[] = {
    {"security-log", "Shows logins, changes of access, and from where",
     list_params, verb_security_log},
    VERBS_END};
