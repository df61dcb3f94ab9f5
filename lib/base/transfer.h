#ifndef BASE_TRANSFER_H
#define BASE_TRANSFER_H

#include <curl/curl.h>

#include "base/buf.h"
#include "base/http_client.h"

/* What http_client.c and transfer_*.c share; no other file knows libcurl. */

enum transfer_kind { POST, MAIL, PUT, GET, KINDS };

/* A transfer, from its start until its outcome is taken. */
struct transfer {
	struct transfer *next, **link;
	enum transfer_kind kind;
	CURL *easy;
	struct arena *arena;
	void *tag;
	char *body; /* of the request */
	struct curl_slist *headers;
	struct buf answer; /* the body; for a mail, the last reply */
	unsigned sendings; /* how often it was sent */
	char error[CURL_ERROR_SIZE];
	bool done;
	CURLcode code; /* when done */
	/* of a mail: */
	curl_mime *mime;
	struct curl_slist *to;
	unsigned replies; /* received so far */
	bool reply_ended; /* the next line begins another reply */
	/* of a file: */
	int fd; /* of a PUT; -1: none */
	bool (*take)(void *arg, const void *p, size_t n); /* of a GET */
	void *arg;
	int64_t left; /* bytes that may be sent or received */
	int64_t received;
	bool is_too_large, is_unread;
};

struct transfers {
	CURLM *multi;
	const char *const *headers;
	const char *ca; /* or NULL */
	struct transfer *first;
	size_t pending[KINDS];
};

/* --- http_client.c -------------------------------------------------------- */

/* Appends a copy of the line. */
struct curl_slist *transfer_add_line(struct curl_slist *list, const char *line);

/* Adds a transfer to the list. The caller sets its options and gives it to
 * t->multi. */
struct transfer *transfer_new(struct transfers *t, enum transfer_kind kind,
			      struct arena *a, void *tag);

/* Sets the options that all transfers have. x->headers must be complete. */
void transfer_set_options(struct transfer *x, const char *url, long connect_ms,
			  long total_ms);

/* --- transfer_post.c ------------------------------------------------------ */

/* Reads the response of a POST that ended without an error. */
void transfer_read_answer(struct transfer_done *out, const struct transfers *t,
			  const struct transfer *x);

/* --- transfer_file.c ------------------------------------------------------ */

/* Reads the outcome of a PUT or a GET, also of one that failed. */
void transfer_read_file(struct transfer_done *out, const struct transfer *x);

/* --- transfer_mail.c ------------------------------------------------------ */

/* Reads the server's last reply to a mail. */
void transfer_read_reply(struct transfer_done *out, const struct transfer *x);

#endif
