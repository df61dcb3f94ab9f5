#ifndef MAIL_COMPOSE_H
#define MAIL_COMPOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "desk/issue.h"
#include "desk/mail_job.h"
#include "desk/notification.h"

/* How mails look. No database here: what is needed is given. */

struct arena;
struct conf;

/* One thing that happened. */
struct mail_event {
	enum notice kind;
	enum status status; /* after it */
	const char *actor;
	const char *text; /* what was said, as Markdown; NULL: nothing */
};

/* An issue in a digest. */
struct mail_topic {
	int64_t issue_id;
	const char *number, *title; /* title NULL: it is not told by mail */
	int64_t updates;
};

/* What a mail is about. */
struct mail_content {
	int64_t id; /* of the mail_job */
	enum mail_kind kind;
	usec_t created_at;
	const char *to_name; /* of mails about issues */
	const char *to_address;
	const char *link; /* of a mail about an account, where it has one */
	const char *organization; /* also of an invitation */
	/* notices of one issue; title and events are told by mail only if the
	 * address of who raised it is proved */
	int64_t issue_id;
	bool is_proved;
	const char *number, *title;
	bool to_staff; /* else to who raised it */
	const struct mail_event *events;
	size_t n;
	/* a digest */
	const struct mail_topic *topics;
	size_t n_topics;
	int64_t more;		 /* updates beside those */
	const char *unsubscribe; /* the address that ends such mails */
};

#define MAIL_HEADERS 16

/* A mail, ready to go. */
struct mail {
	const char *from, *to;		   /* of the envelope */
	const char *headers[MAIL_HEADERS]; /* whole lines, ended by NULL */
	const char *text, *html;	   /* lines end with CR LF */
};

/* Writes it. False: that address is none that a mail can go to. */
bool mail_compose(struct mail *out, struct arena *a, const struct conf *conf,
		  const struct mail_content *m, usec_t now);

/* "Name: text" as a header line, in encoded words where it must be (RFC 2047):
 * nothing in the text can end the line, or be taken for anything but itself. */
const char *mail_header(struct arena *a, const char *name, const char *text);

/* The same of "Display name <address>". */
const char *mail_header_address(struct arena *a, const char *name,
				const char *display, const char *address);

#endif
