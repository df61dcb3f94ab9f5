#ifndef MAIL_INCOMING_H
#define MAIL_INCOMING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"

struct arena;

/* What a mail that came in says. It is parsed in a child process with limits
 * (memory, time, no network), since its bytes are a stranger's: a child that
 * crashes, loops or needs too much costs this mail alone. The child knows
 * nothing of the database. What is done about the mail is decided by apply.h.
 * Apart from the DMARC result, everything here is what the sender chose.
 *
 * All texts are UTF-8 in NFC without NUL, and cleaned as text_clean() does.
 */

/* The result that MAIL_AUTHSERV's own Authentication-Results has for DMARC.
 * Such headers of other servers are ignored: anybody can write one. */
enum incoming_dmarc { DMARC_UNKNOWN, DMARC_PASS, DMARC_FAIL };

/* A file in the mail: an attachment, a picture that the text shows, or a part
 * that is kept as it is (signed and encrypted parts, winmail.dat). Pictures
 * that only track the reader are left out. */
struct incoming_file {
	const char *name; /* one line, without any '/'; never empty */
	const char *type; /* of the part, in lower case: "image/png" */
	const char *data;
	size_t size;
	bool is_inline;
};

/* A report that a mail could not be delivered (RFC 3464). */
struct incoming_bounce {
	const char *action;	/* in lower case: "failed", "delayed"; or "" */
	const char *status;	/* "5.1.1"; or "" */
	const char *recipient;	/* the address that it is about; or "" */
	const char *diagnostic; /* the other server's words; or "" */
	const char *message_id; /* of the mail that is returned; or "" */
};

struct incoming_mail {
	const char *message_id; /* without < and >; "": the mail has none */
	/* Message-IDs of In-Reply-To and then of References, the latest first
	 */
	const char *const *references;
	size_t n_references;
	/* The only mailbox of From, in the form of address_read(); "": From
	 * has no mailbox, several, or one that is not a valid address. */
	const char *from;
	const char *from_name; /* maybe "" */
	const char *subject;   /* one line, maybe "" */
	usec_t date;	       /* of its header; 0: none */
	/* Why the mail was sent by a program, such as "Auto-Submitted:
	 * auto-replied"; NULL: a person wrote it. Precedence, List-Id,
	 * Auto-Submitted, X-Autoreply, X-Autorespond, an empty Return-Path; not
	 * X-Auto-Response-Suppress, which Exchange adds to people's mails. */
	const char *automated;
	/* Why the mail server takes it for spam, such as "X-Spam-Flag: YES";
	 * NULL: it does not. */
	const char *spam;
	bool is_report; /* a multipart/report; then `bounce` counts */
	struct incoming_bounce bounce;
	enum incoming_dmarc dmarc;
	/* What the person wrote, without what they quote. `whole` has
	 * everything; it is the same where nothing was cut. Maybe "". */
	const char *text;
	const char *whole;
	bool is_html; /* the text was made from HTML: there was no other */
	const struct incoming_file *files;
	size_t n_files;
	/* What was not read as it was meant, a sentence for staff each: an
	 * unknown charset, a text that was too long, … */
	const char *const *problems;
	size_t n_problems;
};

/* How docket-mail-read exits. A mail that is refused is described, too. */
enum incoming_exit {
	INCOMING_DESCRIBED,
	INCOMING_BROKEN,       /* it could not do its work */
	INCOMING_NO_MEMORY,    /* beyond the limit of memory */
	INCOMING_SAYS_TOO_MUCH /* the description would be too long */
};

/* A child that parses a mail. */
struct incoming_child;

/* The longest mail that can be read, in bytes. */
#define INCOMING_MAX (35UL << 20)

/* Starts a child for the mail. `authserv` is MAIL_AUTHSERV, or NULL: no
 * Authentication-Results count. NULL: no child can be started now. */
struct incoming_child *incoming_mail_begin(const char *raw, size_t n,
					   const char *authserv);

/* Becomes readable when the child is done, has died, or has had its time. */
int incoming_mail_fd(const struct incoming_child *child);

enum incoming_result {
	INCOMING_PARSED,
	INCOMING_REFUSED, /* not a mail, or beyond the limits (200 parts, depth
			   * 20): it will never be read */
	INCOMING_FAILED	  /* the child died, or took too long */
};

/* Waits for the child, reads what it found into the arena, and frees it. *why
 * (in the arena) says why there is no mail; else it is NULL. A child that is
 * not done yet is waited for, at most its time limit. */
enum incoming_result incoming_mail_end(struct incoming_mail *out,
				       const char **why,
				       struct incoming_child *child,
				       struct arena *a);

/* Kills the child, and frees it. NULL is fine. */
void incoming_mail_cancel(struct incoming_child *child);

#endif
