#ifndef FILES_FORM_H
#define FILES_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;

/* Reads an HTML form that carries files: a body of the type multipart/form-data
 * (RFC 7578), as browsers and `curl -F` send it.
 *
 * The body is never held in memory: what is in a file goes to the sink as it
 * arrives, byte for byte; the small fields go to the arena. */

/* The field that carries the files; it may repeat. */
#define FORM_FILE "file"

#define FORM_FILES_MAX	10
#define FORM_FIELDS_MAX 8
#define FORM_TEXT_MAX	((size_t)64 * 1024) /* bytes of all fields together */
#define FORM_HEAD_MAX	((size_t)4 * 1024)  /* bytes of a part's headers */
#define FORM_PIECE	((size_t)64 * 1024)

struct form_field {
	const char *name;
	const char *value; /* UTF-8 without NUL */
};

struct form {
	struct form_field fields[FORM_FIELDS_MAX];
	size_t fields_n;
	size_t files_n;
};

/* Where the files go. A function that does not return OK ends the reading, and
 * form_read() returns its error. Files follow one another: open, write for each
 * piece, close. After an error the last one may be open still. */
struct form_sink {
	void *state;
	/* The name is UTF-8 of at least a byte, as the sender gives it: it may
	 * be a path, or have control characters. */
	enum err (*open)(void *state, const char *filename);
	enum err (*write)(void *state, const void *p, size_t n);
	enum err (*close)(void *state);
};

/* The body: `n` bytes, which read() returns in order. Fewer bytes than asked
 * for: the sender is gone. */
struct form_source {
	const char *content_type; /* of the request */
	void *state;
	size_t (*read)(void *state, void *p, size_t n);
	uint64_t n;
	size_t piece; /* bytes to read at once; 0: FORM_PIECE */
};

/* Whether a request's Content-Type (or NULL) is that of such a form. */
bool form_is(const char *content_type);

/* The value of a field, or NULL. */
const char *form_value(const struct form *f, const char *name);

/* Reads all of the form. A file input in which nothing was chosen is left out.
 * ERR_INVALID: it is not such a form, is not complete, or has more of something
 * than the limits above; *why is then a sentence for a person. */
enum err form_read(struct form *out, struct arena *a,
		   const struct form_source *from, const struct form_sink *to,
		   const char **why) MUST_CHECK;

#endif
