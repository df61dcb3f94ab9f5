/* The queue of mails. */
#include "admin/admin_mail.h"
#include "desk/mail_job.h"
#include "desk/notification.h"
#include "docketctl.h"

static enum err
verb_mail_list(struct call *call)
{
	static const char *const columns[] = {
	    "id",	    "kind",  "to",	 "issue_number",
	    "organization", "state", "attempts", "created_at",
	    "due_at",	    "error", NULL};
	const struct list_page page = given_page(call);
	struct mail_line *m;
	struct table s;
	int64_t total;
	size_t n;
	enum err e = admin_mails(&m, &n, &total, call->c,
				 given_switch(call, "dead"), &page);

	if (e)
		return e;
	table_init(&s, call, columns);
	for (size_t i = 0; i < n; i++) {
		put_int_cell(&s, m[i].id);
		put_text_cell(&s, m[i].kind);
		put_text_cell(&s, m[i].to);
		put_text_cell(&s, m[i].issue_number);
		put_text_cell(&s, m[i].organization);
		put_text_cell(&s, m[i].state);
		put_int_cell(&s, m[i].attempts);
		put_text_cell(&s, m[i].created_at);
		put_text_cell(&s, m[i].due_at);
		put_text_cell(&s, m[i].error);
	}
	table_print_list(&s);
	say_more(call, n, total);
	return OK;
}

static enum err
verb_mail_retry(struct call *call)
{
	int64_t id, n;
	enum err e = given_one_or_all(&id, call, "mail", "a mail");

	if (!e)
		e = mail_job_retry(&n, call->c, id);
	if (e)
		return e;
	if (id && !n)
		return refuse(call, ERR_NOTFOUND, "mail %lld does not wait",
			      (long long)id);
	table_print_count(call, "retried", n);
	return OK;
}

/* Releases the held mails of the arguments, or discards them. */
static enum err
end_hold(struct call *call, const char *column, bool discard)
{
	int64_t id, n, notices = 0;
	enum err e = given_one_or_all(&id, call, "mail", "a mail");

	if (!e)
		e = mail_job_release_held(&n, call->c, id, discard);
	if (!e && !id)
		e = notification_release_held(&notices, call->c, discard);
	if (e)
		return e;
	if (id && !n)
		return refuse(call, ERR_NOTFOUND, "mail %lld is not held",
			      (long long)id);
	table_print_count(call, column, n + notices);
	return OK;
}

static enum err
verb_mail_release(struct call *call)
{
	return end_hold(call, "released", false);
}

static enum err
verb_mail_discard(struct call *call)
{
	return end_hold(call, "discarded", true);
}

static const struct param held_params[] = {
    ARGUMENT_ID("mail", 0, "MAIL", "id, as mail list shows it"),
    PARAM_SWITCH("all", "all that are held"), PARAMS_END};
static const struct param list_params[] = {
    PARAM_SWITCH("dead", "only dead letters"), PARAMS_LIST, PARAMS_END};
static const struct param retry_params[] = {
    ARGUMENT_ID("mail", 0, "MAIL", "id, as mail list shows it"),
    PARAM_SWITCH("all", "all dead letters"), PARAMS_END};

const struct verb mail_verbs[] = {
    {"mail list", "Lists the mails that wait or are held, and dead letters",
     list_params, verb_mail_list},
    {"mail retry", "Retries a mail now, or all dead letters", retry_params,
     verb_mail_retry},
    {"mail release",
     "Sends a mail that is held after a restore, or all of them", held_params,
     verb_mail_release},
    {"mail discard", "Discards a mail that is held after a restore, or all",
     held_params, verb_mail_discard},
    VERBS_END};
