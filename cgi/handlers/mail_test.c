/* Tests of the mail to an organization: a mail of Docket's own that goes out by
 * its mail server, and should come in again. */
#include "base/conf.h"
#include "cgi/handlers.h"
#include "cgi/view.h"
#include "desk/mail_job.h"
#include "desk/organization.h"
#include "desk/outbox.h"

static const struct enum_name test_words[] = {{"none", TEST_NONE},
					      {"waiting", TEST_WAITING},
					      {"sent", TEST_SENT},
					      {"failed", TEST_FAILED},
					      {NULL, 0}};

/* GET /api/mail/test/: the last one. */
enum err
do_mail_test_show(struct req *r)
{
	struct mail_test test;
	struct jsonout *j;
	enum err e =
	    mail_job_last_test(&test, r->ctx, r->actor.organization_id);

	if (e)
		return e;
	j = reply(r, 200);
	json_string(j, "state", enum_name_text(test_words, (int)test.state));
	json_string(j, "address", test.address);
	json_string(j, "error", test.error);
	json_string(j, "created_at", test.created_at);
	return OK;
}

/* POST /api/mail/test/ */
enum err
do_mail_test_send(struct req *r)
{
	struct organization *o;
	enum err e = organization_get(&o, r->ctx, r->actor.organization_id);

	if (e)
		return e;
	if (!r->ctx->conf->smtp_url || !o->mail_address)
		return reply_error(r, 503, "mail_not_configured",
				   "This site does not both send and receive "
				   "e-mail, so it cannot test it.");
	e = mail_job_add_test(r->ctx, o->id, o->mail_address);
	if (e)
		return e;
	outbox_wake(r->ctx);
	return do_mail_test_show(r);
}
