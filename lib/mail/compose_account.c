/* The texts of mails about an account. Strangers can cause these mails, to any
 * address. So they have fixed texts, with nothing that a user chose, except the
 * cleaned name of an inviting organization. */
#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "composing.h"
#include "name.h"
#include "page.h"

struct account_text {
	const char *name; /* in the Message-ID */
	const char *subject;
	const char *happened; /* the portal's host completes the sentence */
	const char *link;     /* the text of the link; NULL: no link */
	const char *advice;
};

static const struct account_text account_texts[] = {
    [MAIL_PASSWORD_RESET] =
	{"password", "Set a new password",
	 "Someone asked for a new password for your account at",
	 "Set a new password",
	 "The link works once, within 24 hours. If you did not ask for it, "
	 "ignore this e-mail. Your password stays as it is."},
    [MAIL_CONFIRM_ADDRESS] =
	{"confirm", "Confirm your e-mail address",
	 "Someone entered this e-mail address for an account at",
	 "Confirm this address",
	 "Log in to that account first. The link works once, within 24 hours. "
	 "If it was not you, ignore this e-mail: the address is not used until "
	 "it is confirmed."},
    [MAIL_INVITATION] = {"invitation", "You are invited to a team",
			 "invites you to work on its issues at",
			 "See the invitation",
			 "If you do not expect this invitation, ignore this "
			 "e-mail."},
    [MAIL_ADDRESS_CHANGED] =
	{"address", "Your e-mail address was changed",
	 "There is a new e-mail address for your account at", NULL,
	 "E-mails about the account no longer go to this address. If it was "
	 "not you, someone else can use your account: ask the people who run "
	 "the site for help."},
    [MAIL_PASSWORD_CHANGED] =
	{"changed", "Your password was changed",
	 "There is a new password for your account at", NULL,
	 "You are logged out everywhere else. If it was not you, set a new "
	 "password at once: choose \"Forgot your password?\" where you log "
	 "in."},
    [MAIL_RAISED_BY_MAIL] =
	{"raised", "Your e-mail was received",
	 "An e-mail from this address has raised an issue at", "Set a password",
	 "With a password you can see the issue and get the answers. The link "
	 "works once, within 24 hours. If you sent no such e-mail, ignore this "
	 "one."},
    [MAIL_TEST] = {"test", "Test of the e-mail to your organization",
		   "An owner of the organization asked for a test at", NULL,
		   "If this e-mail is among those that came in, e-mail to this "
		   "address gets to Docket. It does nothing else."},
};

const char *
mail_account_subject(enum mail_kind kind)
{
	return account_texts[kind].subject;
}

const char *
mail_account_name(enum mail_kind kind)
{
	return account_texts[kind].name;
}

/* The host (and port) of the portal. */
static const char *
host_of(const char *url)
{
	const char *scheme = strstr(url, "://");

	return scheme ? scheme + 3 : url;
}

static const char *
inviter(struct arena *a, const struct mail_content *m)
{
	const char *name = mail_plain_name(a, m->organization);

	return *name ? arena_printf(a, "The organization \"%s\" ", name)
		     : "An organization ";
}

void
mail_account_page(struct page *p, struct arena *a, const struct conf *conf,
		  const struct mail_content *m)
{
	const struct account_text *t = &account_texts[m->kind];
	const char *host = host_of(conf->public_url);

	page_add_paragraph(p, "Hello,");
	page_add_paragraph(
	    p, arena_printf(a, "%s%s %s.",
			    m->kind == MAIL_INVITATION ? inviter(a, m) : "",
			    t->happened, host));
	if (t->link)
		page_add_link(p, t->link, m->link);
	page_add_paragraph(p, t->advice);
	page_add_footer(p, arena_printf(a, "Docket at %s", host), NULL);
}
