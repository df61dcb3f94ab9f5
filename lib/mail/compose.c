/* The text of mails, as plain text and HTML, and their headers. No database
 * here: content.c has read what is needed. Everything that a user wrote is
 * cleaned (name.c) and escaped, since it could pretend to be a link, another
 * line or another sender. Mails about an account, which strangers can cause,
 * have fixed texts. */
#include "compose.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/conf.h"
#include "base/enum_name.h"
#include "name.h"

#define PAGE_MAX    ((size_t)16 * 1024 * 1024)
#define EVENTS_MAX  50
#define ADDRESS_MAX 254 /* RFC 5321, 4.5.3.1.3 */

/* The mail under construction, as text and as HTML. */
struct page {
	struct buf text, html;
};

static void
add_html_escaped(struct buf *b, const char *s)
{
	for (; *s; s++) {
		switch (*s) {
		case '<':
			buf_adds(b, "&lt;");
			break;
		case '>':
			buf_adds(b, "&gt;");
			break;
		case '&':
			buf_adds(b, "&amp;");
			break;
		case '"':
			buf_adds(b, "&quot;");
			break;
		default:
			buf_addc(b, *s);
		}
	}
}

/* Text by a user: indented in the text; in HTML a block that keeps its lines,
 * in the direction of its script. */
static void
add_quote(struct page *p, const char *s)
{
	const char *line, *end;

	for (line = s; *line; line = *end ? end + 1 : end) {
		end = line + strcspn(line, "\n");
		buf_adds(&p->text, "    ");
		buf_add(&p->text, line, (size_t)(end - line));
		buf_adds(&p->text, "\n");
	}
	buf_adds(&p->text, "\n");
	buf_adds(&p->html, "<blockquote dir=\"auto\" style=\"margin:0 0 1em;"
			   "padding:.2em 0 .2em .8em;border-left:3px solid "
			   "#8aa;white-space:pre-wrap\">");
	add_html_escaped(&p->html, s);
	buf_adds(&p->html, "</blockquote>\n");
}

static void
add_paragraph(struct page *p, const char *s)
{
	buf_printf(&p->text, "%s\n\n", s);
	buf_adds(&p->html, "<p dir=\"auto\">");
	add_html_escaped(&p->html, s);
	buf_adds(&p->html, "</p>\n");
}

/* A link: a line with the URL in the text, linked words in HTML. */
static void
add_link(struct page *p, const char *words, const char *url)
{
	buf_printf(&p->text, "%s:\n%s\n\n", words, url);
	buf_adds(&p->html, "<p><a href=\"");
	add_html_escaped(&p->html, url);
	buf_adds(&p->html, "\">");
	add_html_escaped(&p->html, words);
	buf_adds(&p->html, "</a></p>\n");
}

/* Why the reader gets the mail, and how to stop such mails. */
static void
add_footer(struct page *p, const char *why, const char *unsubscribe)
{
	buf_printf(&p->text, "-- \n%s\n", why);
	buf_adds(&p->html, "<hr style=\"border:0;border-top:1px solid #ccc\">\n"
			   "<p style=\"color:#666;font-size:.85em\">");
	add_html_escaped(&p->html, why);
	if (unsubscribe) {
		buf_printf(&p->text, "Stop these e-mails: %s\n", unsubscribe);
		buf_adds(&p->html, " <a style=\"color:#666\" href=\"");
		add_html_escaped(&p->html, unsubscribe);
		buf_adds(&p->html, "\">Stop these e-mails</a>");
	}
	buf_adds(&p->html, "</p>\n");
}

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
	}
	return "There is an update.";
}

static void
add_greeting(struct page *p, struct arena *a, const struct mail_content *m)
{
	add_paragraph(p,
		      arena_printf(a, "Hello %s,", mail_line(a, m->to_name)));
}

static void
add_events(struct page *p, struct arena *a, const struct mail_content *m)
{
	add_paragraph(
	    p, arena_printf(a, "%s: %s", m->number, mail_line(a, m->title)));
	for (size_t i = 0; i < m->n && i < EVENTS_MAX; i++) {
		add_paragraph(p, event_sentence(a, &m->events[i]));
		if (m->events[i].text && *m->events[i].text)
			add_quote(p, m->events[i].text);
	}
	if (m->n > EVENTS_MAX)
		add_paragraph(p, "There are more updates. Open the issue to "
				 "see them all.");
}

/* Anybody can raise issues with another person's address. Until it is
 * confirmed, a mail has no text by the customer. */
static void
add_number_only(struct page *p, struct arena *a, const struct mail_content *m)
{
	add_paragraph(
	    p, arena_printf(a, "There are updates on issue %s.", m->number));
	add_paragraph(p, "The e-mail address of the customer is not confirmed, "
			 "so this e-mail shows nothing that they wrote.");
}

static void
add_notices(struct page *p, struct arena *a, const struct conf *conf,
	    const struct mail_content *m)
{
	add_greeting(p, a, m);
	if (m->is_proved)
		add_events(p, a, m);
	else
		add_number_only(p, a, m);
	add_link(p, m->to_staff ? "Open the issue" : "Open the issue or reply",
		 arena_printf(a, "%s/issues/%lld/", conf->public_url,
			      (long long)m->issue_id));
	add_footer(p,
		   m->to_staff
		       ? arena_printf(a, "You work on the issues of %s.",
				      mail_line(a, m->organization))
		       /* they raised it, or the staff did for them */
		       : arena_printf(a, "This is your issue with %s.",
				      mail_line(a, m->organization)),
		   m->unsubscribe);
}

/* --- digests ------------------------------------------------------------- */

static const char *
updates(struct arena *a, int64_t n)
{
	return arena_printf(a, "%lld update%s", (long long)n,
			    n == 1 ? "" : "s");
}

static void
add_topic(struct page *p, struct arena *a, const struct conf *conf,
	  const struct mail_topic *t)
{
	add_link(p,
		 arena_printf(a, "%s%s%s (%s)", t->number, t->title ? " " : "",
			      t->title ? mail_line(a, t->title) : "",
			      updates(a, t->updates)),
		 arena_printf(a, "%s/issues/%lld/", conf->public_url,
			      (long long)t->issue_id));
}

static void
add_digest(struct page *p, struct arena *a, const struct conf *conf,
	   const struct mail_content *m)
{
	add_greeting(p, a, m);
	add_paragraph(p, "There is too much news for an e-mail on each issue, "
			 "so here is a summary.");
	for (size_t i = 0; i < m->n_topics; i++)
		add_topic(p, a, conf, &m->topics[i]);
	if (m->more)
		add_paragraph(p, arena_printf(a, "There are %s beside these.",
					      updates(a, m->more)));
	add_link(p, "Open all issues",
		 arena_printf(a, "%s/issues/", conf->public_url));
	add_footer(p, "You get a summary while there are many updates.",
		   m->unsubscribe);
}

/* --- mails about an account ---------------------------------------------- */

/* The host (and port) of the portal. */
static const char *
host_of(const char *url)
{
	const char *scheme = strstr(url, "://");

	return scheme ? scheme + 3 : url;
}

/* Strangers can cause these mails, to any address. So they have no text that a
 * user chose, except the cleaned name of an inviting organization. */
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
	 "No more e-mails about the account come to this address. If it was "
	 "not you, someone else can use your account: ask the people who run "
	 "the site for help."},
    [MAIL_PASSWORD_CHANGED] =
	{"changed", "Your password was changed",
	 "There is a new password for your account at", NULL,
	 "You are logged out everywhere else. If it was not you, set a new "
	 "password at once: choose \"Forgot your password?\" where you log "
	 "in."},
};

static const char *
inviter(struct arena *a, const struct mail_content *m)
{
	const char *name = mail_plain_name(a, m->organization);

	return *name ? arena_printf(a, "The organization \"%s\" ", name)
		     : "An organization ";
}

static void
add_account_text(struct page *p, struct arena *a, const struct conf *conf,
		 const struct mail_content *m)
{
	const struct account_text *t = &account_texts[m->kind];
	const char *host = host_of(conf->public_url);

	add_paragraph(p, "Hello,");
	add_paragraph(
	    p, arena_printf(a, "%s%s %s.",
			    m->kind == MAIL_INVITATION ? inviter(a, m) : "",
			    t->happened, host));
	if (t->link)
		add_link(p, t->link, m->link);
	add_paragraph(p, t->advice);
	add_footer(p, arena_printf(a, "Docket at %s", host), NULL);
}

static void
write_pages(struct mail *out, struct arena *a, const struct conf *conf,
	    const struct mail_content *m)
{
	struct page p;

	buf_init(&p.text, PAGE_MAX);
	buf_init(&p.html, PAGE_MAX);
	buf_adds(&p.html,
		 "<!DOCTYPE html>\n<html lang=\"en\"><head>"
		 "<meta charset=\"utf-8\"><meta name=\"color-scheme\" "
		 "content=\"light dark\"><title>Docket</title></head>\n"
		 "<body style=\"font-family:sans-serif;line-height:1.45;"
		 "max-width:40em\">\n");
	if (m->kind == MAIL_NOTICES)
		add_notices(&p, a, conf, m);
	else if (m->kind == MAIL_DIGEST)
		add_digest(&p, a, conf, m);
	else
		add_account_text(&p, a, conf, m);
	buf_adds(&p.html, "</body></html>\n");
	out->text = mail_lines(a, p.text.data);
	out->html = mail_lines(a, p.html.data);
	buf_release(&p.text);
	buf_release(&p.html);
}

/* --- headers ------------------------------------------------------------- */

static int64_t
count_updates(const struct mail_content *m)
{
	int64_t n = m->more;

	for (size_t i = 0; i < m->n_topics; i++)
		n += m->topics[i].updates;
	return n;
}

static const char *
subject(struct arena *a, const struct mail_content *m)
{
	if (m->kind == MAIL_DIGEST)
		return arena_printf(a, "%s on your issues",
				    updates(a, count_updates(m)));
	if (m->kind != MAIL_NOTICES)
		return account_texts[m->kind].subject;
	return m->is_proved ? arena_printf(a, "[%s] %s", m->number, m->title)
			    : arena_printf(a, "[%s]", m->number);
}

/* The same for every attempt, so that mail programs recognize a repeated mail.
 */
static const char *
message_id(struct arena *a, const char *host, const struct mail_content *m)
{
	const char *what =
	    m->kind == MAIL_NOTICES
		? arena_printf(a, "issue-%lld", (long long)m->issue_id)
	    : m->kind == MAIL_DIGEST ? "digest"
				     : account_texts[m->kind].name;

	return arena_printf(a, "<%s-%lld.%lld@%s>", what, (long long)m->id,
			    (long long)m->created_at, host);
}

/* Adds a header whose text is not a user's. */
static void
mail_add_header(struct mail *out, size_t *n, struct arena *a, const char *name,
		const char *text)
{
	out->headers[(*n)++] = arena_printf(a, "%s: %s", name, text);
}

/* All mails about an issue reply to one first mail, which is never sent. */
static void
add_thread(struct mail *out, size_t *n, struct arena *a, const char *host,
	   const struct mail_content *m)
{
	const char *root =
	    arena_printf(a, "<issue-%lld@%s>", (long long)m->issue_id, host);

	mail_add_header(out, n, a, "In-Reply-To", root);
	mail_add_header(out, n, a, "References", root);
}

/* RFC 8058: one POST unsubscribes, without a question. */
static void
add_unsubscribe(struct mail *out, size_t *n, struct arena *a, const char *url)
{
	mail_add_header(out, n, a, "List-Unsubscribe",
			arena_printf(a, "<%s>", url));
	mail_add_header(out, n, a, "List-Unsubscribe-Post",
			"List-Unsubscribe=One-Click");
}

static void
write_headers(struct mail *out, struct arena *a, const struct conf *conf,
	      const struct mail_content *m, usec_t now)
{
	const char *host = strchr(conf->mail_from, '@') + 1;
	char date[CLOCK_TEXT];
	size_t n = 0;

	out->headers[n++] = mail_header_address(
	    a, "From", m->kind == MAIL_NOTICES ? m->organization : "Docket",
	    conf->mail_from);
	out->headers[n++] =
	    mail_header_address(a, "To", m->to_name, m->to_address);
	out->headers[n++] = mail_header(a, "Subject", subject(a, m));
	mail_add_header(out, &n, a, "Date", clock_mail(date, now));
	mail_add_header(out, &n, a, "Message-ID", message_id(a, host, m));
	if (m->kind == MAIL_NOTICES)
		add_thread(out, &n, a, host, m);
	mail_add_header(out, &n, a, "Auto-Submitted", "auto-generated");
	if (m->unsubscribe)
		add_unsubscribe(out, &n, a, m->unsubscribe);
	out->headers[n] = NULL;
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
	out->from = conf->mail_from;
	out->to = m->to_address;
	write_headers(out, a, conf, m, now);
	write_pages(out, a, conf, m);
	return true;
}
