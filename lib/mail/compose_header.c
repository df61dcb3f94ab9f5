/* The headers of a mail. The Message-ID and the thread follow from the mail's
 * id, so that each attempt to send it has the same. What a user wrote is
 * encoded by header.c. */
#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "composing.h"

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
				    mail_updates(a, count_updates(m)));
	if (m->kind != MAIL_NOTICES)
		return mail_account_subject(m->kind);
	return m->is_proved ? arena_printf(a, "[%s] %s", m->number, m->title)
			    : arena_printf(a, "[%s]", m->number);
}

/* The same for every attempt, so that mail programs recognize a repeated mail.
 */
static const char *
message_id(struct arena *a, const char *host, const struct mail_content *m)
{
	const char *what;

	if (m->message_id)
		return arena_printf(a, "<%s>", m->message_id);
	what = m->kind == MAIL_NOTICES
		   ? arena_printf(a, "issue-%lld", (long long)m->issue_id)
	       : m->kind == MAIL_DIGEST ? "digest"
					: mail_account_name(m->kind);

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

void
mail_write_headers(struct mail *out, struct arena *a, const struct conf *conf,
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
	if (m->reply_to)
		mail_add_header(out, &n, a, "Reply-To", m->reply_to);
	/* no out-of-office replies, neither by standard nor by Exchange */
	mail_add_header(out, &n, a, "Auto-Submitted", "auto-generated");
	mail_add_header(out, &n, a, "X-Auto-Response-Suppress", "All");
	if (m->unsubscribe)
		add_unsubscribe(out, &n, a, m->unsubscribe);
	out->headers[n] = NULL;
}
