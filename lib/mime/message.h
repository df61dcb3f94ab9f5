#ifndef MIME_MESSAGE_H
#define MIME_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"

struct arena;

/* A mail as GMime parses it, flat: the header, and the leaves of the tree of
 * parts in their order. All texts are UTF-8 without NUL, in the arena. */

#define MESSAGE_PARTS_MAX 200
#define MESSAGE_DEPTH_MAX 20

struct message_header {
	const char *name;  /* as it was written */
	const char *value; /* on one line, encoded words decoded */
};

struct message_address {
	const char *address; /* maybe NULL */
	const char *name;    /* maybe NULL */
};

struct message_part {
	const char *type;	/* "text/plain", lower case */
	const char *charset;	/* or NULL */
	const char *name;	/* as the sender wrote it, or NULL */
	const char *content_id; /* without < and >, or NULL */
	bool is_attachment;	/* Content-Disposition: attachment */
	bool is_flowed, has_delsp;
	int alternative;  /* the innermost multipart/alternative that it is in,
			     numbered from 1; 0: none */
	bool is_related;  /* in a multipart/related */
	bool is_report;	  /* in a multipart/report */
	const char *data; /* decoded, as it is */
	size_t size;
};

struct message {
	struct arena *arena;
	struct message_header *headers;
	size_t n_headers;
	struct message_part *parts;
	size_t n_parts;
	struct message_address *from;
	size_t n_from;
	const char *type;	 /* of the whole: "multipart/report" */
	const char *report_type; /* "delivery-status", or NULL */
	const char *message_id;	 /* or NULL */
	const char *subject;	 /* maybe "" */
	const char *
	    *references; /* In-Reply-To, then References; latest first */
	size_t n_references;
	usec_t date; /* 0: none */
};

/* Prepares GMime. */
void message_start(void);

/* Parses the n bytes. Returns NULL, or a sentence: why it is refused. */
const char *message_parse(struct message *out, struct arena *a, const char *raw,
			  size_t n);

/* The value of the first header of that name; NULL: none. */
const char *message_header(const struct message *m, const char *name);

/* The Message-ID of the message that the bytes begin with (a header is enough),
 * or NULL. */
const char *message_id_in(struct arena *a, const char *raw, size_t n);

#endif
