#include "base/conf.h"
#include "cgi/handlers.h"
#include "desk/auth.h"
#include "desk/email_proof.h"

const struct field in_email_change[] = {
    {"email", FIELD_EMAIL, F_REQUIRED, 3, 254, NULL},
    {"password", FIELD_VERBATIM, F_REQUIRED, 0, 1024, NULL},
    FIELDS_END};

/* POST /api/users/me/email/: sends a confirmation link to the address, which is
 * a new one or that of the account. Nothing changes until the link is used. */
enum err
do_email_change(struct req *r)
{
	enum err e = auth_change_email(r->ctx, &r->actor, in_text(r, "email"),
				       in_text(r, "password"));

	if (e)
		return e;
	return reply_message(
	    r, r->ctx->conf->smtp_url
		   ? "A link was sent to the address. Use it to confirm the "
		     "address"
		   : "This site sends no e-mails. Ask its operator for the "
		     "link that confirms the address");
}

const struct field in_email_confirm[] = {
    {"token", FIELD_LINE, F_REQUIRED, 1, 100, NULL}, FIELDS_END};

/* POST /api/auth/confirm-email/: confirms an address with the token of such a
 * link, or of the link that is sent on sign-up. The actor must be the account
 * that the link was made for. */
enum err
do_email_confirm(struct req *r)
{
	enum err e =
	    email_proof_confirm(r->ctx, &r->actor, in_text(r, "token"));

	return e ? e : do_user_me(r);
}
