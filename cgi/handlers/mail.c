#include "cgi/handlers.h"
#include "desk/user.h"
#include "mail/unsubscribe.h"

const struct field in_mail_unsubscribe[] = {
    {"u", FIELD_ID, F_REQUIRED | F_QUERY, 1, INT64_MAX, NULL},
    {"t", FIELD_LINE, F_REQUIRED | F_QUERY, 1, 100, NULL},
    FIELDS_END};

/* A small page; every word of it is ours. */
static void
reply_page(struct req *r, const char *body)
{
	reply_other(r, 200, "text/html; charset=utf-8");
	r->is_personal = true;
	buf_printf(&r->out,
		   "<!DOCTYPE html>\n<html lang=\"en\"><head>"
		   "<meta charset=\"utf-8\"><meta name=\"viewport\" "
		   "content=\"width=device-width\"><meta name=\"color-scheme\" "
		   "content=\"light dark\"><title>E-mails from Docket</title>"
		   "</head>\n<body><main><h1>E-mails from Docket</h1>\n%s\n"
		   "</main></body></html>\n",
		   body);
}

/* True when the link is valid; else the answer is there. */
static bool
link_is_valid(struct req *r)
{
	enum err e = optout_check(r->ctx, in_int(r, "u"), in_text(r, "t"));

	if (e)
		(void)reply_err(r, e);
	return !e;
}

/* GET /api/mail/unsubscribe/: a person follows the link of a mail. It only
 * asks: programs that look into mails follow links, too. */
void
do_mail_ask(struct req *r)
{
	if (link_is_valid(r))
		reply_page(
		    r, "<p>Stop e-mails about your issues? You can still see "
		       "everything in the portal.</p>\n"
		       "<form method=\"post\"><button>Stop e-mails"
		       "</button></form>");
}

/* POST /api/mail/unsubscribe/: the answer, or a mail program's own button (RFC
 * 8058). */
void
do_mail_unsubscribe(struct req *r)
{
	static const struct user_change no_mail = {.set_mail = true};
	enum err e;

	if (!link_is_valid(r))
		return;
	e = user_change(r->ctx, in_int(r, "u"), &no_mail);
	if (e)
		(void)reply_err(r, e);
	else
		reply_page(r, "<p>You get no more e-mails about your issues. "
			      "You can turn them on again in the portal, under "
			      "your account.</p>");
}
