#ifndef MAIL_GATHERING_H
#define MAIL_GATHERING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "gather.h"

/* The readers of one batch of notifications, and their mails; for gather.c,
 * gather_reader.c and gather_mail.c only. */

#define OPEN_MAX (2 * MAIL_SINGLES)

/* A condition for table mail_job: a mail that was never tried. Others may have
 * arrived, and stay as they are. */
#define IS_OPEN "state = 'due' AND attempts = 0 AND lease_owner IS NULL "

/* An open mail about one issue. */
struct open_mail {
	int64_t id, issue_id;
	bool taken; /* it has all notifications about the issue */
};

struct mail_reader {
	int64_t user_id;
	bool takes_mail;
	int64_t singles; /* see SINGLES */
	struct open_mail open[OPEN_MAX];
	size_t n_open;
	int64_t digest;	   /* 0: not needed so far */
	int64_t lines;	   /* notifications in it, including `added` */
	int64_t more;	   /* further ones, which it only counts */
	const char *added; /* ids to add to it, comma-separated; NULL: none */
	struct mail_reader *next;
};

/* The staff of an organization. */
struct staff {
	int64_t organization_id;
	struct mail_reader **readers;
	size_t n;
	struct staff *next;
};

struct gathering {
	struct ctx *c;
	struct mail_reader *readers;
	struct staff *staff;
};

/* --- gather_reader.c ------------------------------------------------------ */

/* Finds a reader. One who takes no mail is found, too: see takes_mail. */
enum err gather_find_person(struct mail_reader **out, struct gathering *g,
			    int64_t user_id) MUST_CHECK;

/* Finds all staff of an organization who take mail. */
enum err gather_find_staff(struct staff **out, struct gathering *g,
			   int64_t organization_id) MUST_CHECK;

/* --- gather_mail.c -------------------------------------------------------- */

/* Adds the notification to a mail about its issue, with all others about it
 * that the reader was not mailed yet; or to the digest. */
enum err gather_add(struct gathering *g, struct mail_reader *r,
		    int64_t issue_id, int64_t notice_id) MUST_CHECK;

/* Writes what was added to the reader's digest. */
enum err gather_write_digest(struct gathering *g,
			     const struct mail_reader *r) MUST_CHECK;

#endif
