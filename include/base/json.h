#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* A parsed JSON value, in the arena that it was parsed into. */
struct json;

/* Parses all of the n bytes as one JSON value (RFC 8259), strictly: UTF-8
 * only, no byte order mark, no NUL (not even escaped), no duplicate keys, no
 * more than 32 levels, nothing behind the value. NULL when it is not that, and
 * then *why is a sentence for a person. cJSON builds the tree; by itself it
 * accepts all of these. */
const struct json *json_parse(struct arena *a, const char *text, size_t n,
			      const char **why);

/* The same of what others write, and cannot be asked to write better: a byte
 * that is no UTF-8, half a surrogate pair and an escaped NUL become U+FFFD. */
const struct json *json_parse_mended(struct arena *a, const char *text,
				     size_t n, const char **why);

/* The member of that exact name of an object; NULL when there is none, or `j`
 * is NULL or no object. */
const struct json *json_get(const struct json *j, const char *name);

/* Walks down names, ended by NULL: json_path(j, "data", "issue", NULL). */
const struct json *json_path(const struct json *j, ...)
    __attribute__((sentinel));

/* The elements of an array (or members of an object), in order:
 *   for (e = json_first(list); e; e = json_next(e)) */
const struct json *json_first(const struct json *j);
const struct json *json_next(const struct json *j);

bool json_is_object(const struct json *j);
bool json_is_array(const struct json *j);
bool json_is_string(const struct json *j);
bool json_is_number(const struct json *j);
bool json_is_bool(const struct json *j);
bool json_is_null(const struct json *j); /* the value null, not absence */

/* The text of a string; NULL of anything else. */
const char *json_text(const struct json *j);

/* True of the value true only. */
bool json_true(const struct json *j);

/* The value of a number; `otherwise` of anything else. */
double json_number(const struct json *j, double otherwise);

/* The number as a whole one: false when it is none, or not below 2^53, past
 * which doubles skip some. */
bool json_int(int64_t *out, const struct json *j);

/* How many bytes the well-formed sequence at s takes, of n; 0: it is none. */
size_t utf8_sequence(const char *s, size_t n);

/* True when the n bytes are well-formed UTF-8 (RFC 3629). */
bool utf8_valid(const char *s, size_t n);

/* True for 1 .. max visible characters of ASCII, as an id is; false for NULL.
 */
bool is_visible_word(const char *s, size_t max);

/* The number of characters (code points) of well-formed UTF-8. */
size_t utf8_length(const char *s);

#endif
