#ifndef MAIL_COMPOSING_H
#define MAIL_COMPOSING_H

#include "compose.h"

/* The parts of mail_compose(); for compose*.c only. */

struct page;

/* --- compose.c ------------------------------------------------------------ */

/* "3 updates". */
const char *mail_updates(struct arena *a, int64_t n);

/* --- compose_account.c ---------------------------------------------------- */

/* The subject of a mail about an account, and its name in the Message-ID. */
const char *mail_account_subject(enum mail_kind kind);
const char *mail_account_name(enum mail_kind kind);

void mail_account_page(struct page *p, struct arena *a, const struct conf *conf,
		       const struct mail_content *m);

/* --- compose_header.c ----------------------------------------------------- */

/* Sets out->headers; `now` is the date of the mail. */
void mail_write_headers(struct mail *out, struct arena *a,
			const struct conf *conf, const struct mail_content *m,
			usec_t now);

#endif
