#include "cgi/handlers.h"
#include "desk/user.h"
#include "mail/unsubscribe.h"

const struct field in_mail_unsubscribe[] = {
    {"u", FIELD_ID, F_REQUIRED | F_QUERY, 1, INT64_MAX, NULL},
    {"t", FIELD_LINE, F_REQUIRED | F_QUERY, 1, 100, NULL},
    FIELDS_END};

/* A small page. It shows no input, so nothing has to be escaped. */
static void
reply_page(struct req *r, const char *body)
{
	reply_other(r, 200, "text/html; charset=utf-8");
	r->policy = "default-src 'none'; form-action 'self'";
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

static enum err
check_link(struct req *r)
{
	return unsubscribe_check(r->ctx, in_int(r, "u"), in_text(r, "t"));
}

/* GET /api/mail/unsubscribe/: a person follows the link of a mail. The page
 * only asks, because programs that scan mails follow links, too. */
enum err
do_mail_ask(struct req *r)
{
	enum err e = check_link(r);

	if (e)
		return e;
	reply_page(r, "<p>Stop e-mails about your issues? You can still see "
		      "everything in the portal.</p>\n"
		      "<form method=\"post\"><button>Stop e-mails"
		      "</button></form>");
	return OK;
}

/* POST /api/mail/unsubscribe/: the form of that page, or the button of a mail
 * program (RFC 8058). */
enum err
do_mail_unsubscribe(struct req *r)
{
	static const struct user_change no_mail = {.set_mail = true};
	enum err e = check_link(r);

	if (!e)
		e = user_change(r->ctx, in_int(r, "u"), &no_mail);
	if (e)
		return e;
	reply_page(r, "<p>You get no more e-mails about your issues. You can "
		      "turn them on again in the portal, under your "
		      "account.</p>");
	return OK;
}
