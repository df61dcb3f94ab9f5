#ifndef BASE_JSON_WRITER_H
#define BASE_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* A streaming JSON writer: no tree is built for what is only printed. Calls
 * nest as the output does; `key` is NULL inside arrays and for the outermost
 * value. Strings must be UTF-8; control characters are escaped, and '<' too,
 * so that a document is safe even inside HTML. */
struct jsonout {
	struct buf *out;
	int depth;
	bool comma;	  /* the next value needs one before it */
	char closers[32]; /* what each open level ends with */
};

void json_begin(struct jsonout *j, struct buf *out);

void json_object(struct jsonout *j, const char *key); /* opens */
void json_array(struct jsonout *j, const char *key);  /* opens */
void json_end(struct jsonout *j);		      /* closes the innermost */

void json_string(struct jsonout *j, const char *key,
		 const char *s); /* NULL: null */
void json_bytes(struct jsonout *j, const char *key, const char *s, size_t n);
void json_integer(struct jsonout *j, const char *key, int64_t v);
void json_bool(struct jsonout *j, const char *key, bool v);
void json_null(struct jsonout *j, const char *key);

/* An id: 0 stands for none and prints null. */
void json_id(struct jsonout *j, const char *key, int64_t id);

/* Text that is JSON already. */
void json_raw(struct jsonout *j, const char *key, const char *text, size_t n);

#endif
