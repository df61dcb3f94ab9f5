#ifndef MAIL_COMPOSE_H
#define MAIL_COMPOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "desk/issue.h"
#include "desk/mail_job.h"
#include "desk/notification.h"

/* The text and the headers of mails. */

struct arena;
struct conf;

/* An event on an issue. */
struct mail_event {
	enum notice kind;
	enum status status; /* after it */
	const char *actor;
	const char
	    *text; /* the comment or description, as Markdown; NULL: none */
};

/* An issue in a digest. */
struct mail_topic {
	int64_t issue_id;
	const char *number, *title; /* title NULL: not shown in mails */
	int64_t updates;
};

/* What a mail is about. */
struct mail_content {
	int64_t id; /* of the mail_job */
	enum mail_kind kind;
	usec_t created_at;
	const char *to_name; /* in mails about issues */
	const char *to_address;
	const char *link;	  /* of a mail about an account; NULL: none */
	const char *organization; /* also of an invitation */
	/* events on one issue; title and events are only shown if the
	 * customer's address is confirmed */
	int64_t issue_id;
	bool is_proved;
	const char *number, *title;
	bool to_staff; /* false: to the customer */
	const struct mail_event *events;
	size_t n;
	/* a digest */
	const struct mail_topic *topics;
	size_t n_topics;
	int64_t more;		 /* updates that are not listed */
	const char *unsubscribe; /* URL that stops such mails */
	/* where mail comes in, see mail/return_address.h; else NULL */
	const char *return_path;
	const char *reply_to;	/* of a mail about an issue */
	const char *message_id; /* the same; without < and > */
};

#define MAIL_HEADERS 16

/* A mail, ready to send. */
struct mail {
	const char *from, *to;		   /* of the envelope */
	const char *headers[MAIL_HEADERS]; /* whole lines, ended by NULL */
	const char *text, *html;	   /* lines end with CR LF */
};

/* Writes the mail. False: the address is not valid. */
bool mail_compose(struct mail *out, struct arena *a, const struct conf *conf,
		  const struct mail_content *m, usec_t now);

/* "Name: text" as a header line, in encoded words where necessary (RFC 2047).
 * Nothing in the text can end the line, or be read as anything but text. */
const char *mail_header(struct arena *a, const char *name, const char *text);

/* The same for "Display name <address>". */
const char *mail_header_address(struct arena *a, const char *name,
				const char *display, const char *address);

#endif
