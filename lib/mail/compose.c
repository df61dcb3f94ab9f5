/* Composes a mail from what content.c has read; no database here. The pages of
 * mails about issues and of digests are written here, those of mails about an
 * account by compose_account.c, and the headers by compose_header.c. */
#include "compose.h"

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/enum_name.h"
#include "composing.h"
#include "mail/marker.h"
#include "name.h"
#include "page.h"

#define EVENTS_MAX  50
#define ADDRESS_MAX 254 /* RFC 5321, 4.5.3.1.3 */

/* --- issues -------------------------------------------------------------- */

static const char *
event_sentence(struct arena *a, const struct mail_event *e)
{
	const char *actor = mail_line(a, e->actor);

	switch (e->kind) {
	case NOTICE_RAISED:
		return arena_printf(a, "%s raised this issue:", actor);
	case NOTICE_REPLIED:
		return arena_printf(a, "%s replied:", actor);
	case NOTICE_STATUS:
		return arena_printf(
		    a, "%s set the status to %s.", actor,
		    enum_name_text(status_labels, (int)e->status));
	case NOTICE_RESOLVED:
		return arena_printf(a, "%s resolved the issue.", actor);
	case NOTICE_REOPENED:
		return arena_printf(a, "%s reopened the issue.", actor);
	case NOTICE_ASSIGNED:
		return arena_printf(a, "%s assigned the issue to you.", actor);
	case NOTICE_ATTACHED:
		return arena_printf(a, "%s attached files.", actor);
	case NOTICE_INFECTED:
		return "A file of this issue contains malware, and cannot be "
		       "opened.";
	}
	return "There is an update.";
}

static void
add_greeting(struct page *p, struct arena *a, const struct mail_content *m)
{
	page_add_paragraph(
	    p, arena_printf(a, "Hello %s,", mail_line(a, m->to_name)));
}

static void
add_events(struct page *p, struct arena *a, const struct mail_content *m)
{
	page_add_paragraph(
	    p, arena_printf(a, "%s: %s", m->number, mail_line(a, m->title)));
	for (size_t i = 0; i < m->n && i < EVENTS_MAX; i++) {
		page_add_paragraph(p, event_sentence(a, &m->events[i]));
		if (m->events[i].text && *m->events[i].text)
			page_add_quote(p, m->events[i].text);
	}
	if (m->n > EVENTS_MAX)
		page_add_paragraph(p,
				   "There are more updates. Open the issue to "
				   "see them all.");
}

/* Anybody can raise issues with another person's address. Until it is
 * confirmed, a mail has no text by the customer. */
static void
add_number_only(struct page *p, struct arena *a, const struct mail_content *m)
{
	page_add_paragraph(
	    p, arena_printf(a, "There are updates on issue %s.", m->number));
	page_add_paragraph(
	    p, "The e-mail address of the customer is not confirmed, "
	       "so this e-mail shows nothing that they wrote.");
}

static void
add_notices(struct page *p, struct arena *a, const struct conf *conf,
	    const struct mail_content *m)
{
	if (m->reply_to)
		page_add_paragraph(p, MAIL_MARKER);
	add_greeting(p, a, m);
	if (m->is_proved)
		add_events(p, a, m);
	else
		add_number_only(p, a, m);
	if (m->reply_to)
		page_add_paragraph(
		    p, m->to_staff ? "Reply to this e-mail to add a public "
				     "comment."
				   : "Reply to this e-mail to answer.");
	page_add_link(p,
		      m->to_staff || m->reply_to ? "Open the issue"
						 : "Open the issue or reply",
		      arena_printf(a, "%s/issues/%lld/", conf->public_url,
				   (long long)m->issue_id));
	page_add_footer(p,
			m->to_staff
			    ? arena_printf(a, "You work on the issues of %s.",
					   mail_line(a, m->organization))
			    /* they raised it, or the staff did for them */
			    : arena_printf(a, "This is your issue with %s.",
					   mail_line(a, m->organization)),
			m->unsubscribe);
}

/* --- digests ------------------------------------------------------------- */

const char *
mail_updates(struct arena *a, int64_t n)
{
	return arena_printf(a, "%lld update%s", (long long)n,
			    n == 1 ? "" : "s");
}

static void
add_topic(struct page *p, struct arena *a, const struct conf *conf,
	  const struct mail_topic *t)
{
	page_add_link(p,
		      arena_printf(a, "%s%s%s (%s)", t->number,
				   t->title ? " " : "",
				   t->title ? mail_line(a, t->title) : "",
				   mail_updates(a, t->updates)),
		      arena_printf(a, "%s/issues/%lld/", conf->public_url,
				   (long long)t->issue_id));
}

static void
add_digest(struct page *p, struct arena *a, const struct conf *conf,
	   const struct mail_content *m)
{
	add_greeting(p, a, m);
	page_add_paragraph(
	    p, "There is too much news for an e-mail on each issue, "
	       "so here is a summary.");
	for (size_t i = 0; i < m->n_topics; i++)
		add_topic(p, a, conf, &m->topics[i]);
	if (m->more)
		page_add_paragraph(p,
				   arena_printf(a, "There are %s beside these.",
						mail_updates(a, m->more)));
	page_add_link(p, "Open all issues",
		      arena_printf(a, "%s/issues/", conf->public_url));
	page_add_footer(p, "You get a summary while there are many updates.",
			m->unsubscribe);
}

/* --- the mail ------------------------------------------------------------ */

static void
write_pages(struct mail *out, struct arena *a, const struct conf *conf,
	    const struct mail_content *m)
{
	struct page p;

	page_begin(&p);
	if (m->kind == MAIL_NOTICES)
		add_notices(&p, a, conf, m);
	else if (m->kind == MAIL_DIGEST)
		add_digest(&p, a, conf, m);
	else
		mail_account_page(&p, a, conf, m);
	page_end(&out->text, &out->html, &p, a);
}

/* Exactly one mailbox: no second recipient, no SMTP command. */
static bool
is_address(const char *s)
{
	const char *at = strrchr(s, '@');

	for (const char *p = s; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f ||
		    strchr("<>,;:\"()[]\\", *p))
			return false;
	return at && at != s && at[1] && strlen(s) <= ADDRESS_MAX;
}

bool
mail_compose(struct mail *out, struct arena *a, const struct conf *conf,
	     const struct mail_content *m, usec_t now)
{
	if (!is_address(m->to_address))
		return false;
	out->from = m->return_path ? m->return_path : conf->mail_from;
	out->to = m->to_address;
	mail_write_headers(out, a, conf, m, now);
	write_pages(out, a, conf, m);
	return true;
}
