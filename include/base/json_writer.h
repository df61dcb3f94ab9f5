#ifndef BASE_JSON_WRITER_H
#define BASE_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;

/* A streaming JSON writer, which builds no tree. Calls nest as the output does;
 * `key` is NULL inside arrays and for the outermost value; it is written as it
 * is, so it must be a name that needs no escape. Strings must be UTF-8. Control
 * characters are escaped, and '<' too, so that a document is safe even inside
 * HTML. */
struct jsonout {
	struct buf *out;
	int depth;
	bool comma;	  /* the next value needs a comma before it */
	char closers[32]; /* the closing bracket of each open level */
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

/* An id; 0 means none and prints null. */
void json_id(struct jsonout *j, const char *key, int64_t id);

/* An array of n strings. */
void json_strings(struct jsonout *j, const char *key, const char *const *list,
		  size_t n);

/* A document by itself: an array of n ids, in the arena. */
const char *json_id_list(struct arena *a, const int64_t *ids, size_t n);

/* Text that is already JSON. */
void json_raw(struct jsonout *j, const char *key, const char *text, size_t n);

#endif
