#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* A parsed JSON value, in the arena that it was parsed into. */
struct json;

/* Parses the n bytes as one JSON value (RFC 8259), strictly: UTF-8 only, no
 * byte order mark, no NUL (not even escaped), no duplicate keys, at most 32
 * levels, nothing after the value. Returns NULL otherwise, and *why is then a
 * clause for a person, such as "a comma is missing". cJSON builds the tree, but
 * would accept all of these. */
const struct json *json_parse(struct arena *a, const char *text, size_t n,
			      const char **why);

/* The same for documents of other services: a byte that is not UTF-8, an
 * unpaired surrogate and an escaped NUL become U+FFFD instead of an error. */
const struct json *json_parse_mended(struct arena *a, const char *text,
				     size_t n, const char **why);

/* The member of an object with exactly that name; NULL if there is none, or if
 * `j` is NULL or not an object. */
const struct json *json_get(const struct json *j, const char *name);

/* Descends by names, ended by NULL: json_path(j, "data", "issue", NULL). */
const struct json *json_path(const struct json *j, ...)
    __attribute__((sentinel));

/* The elements of an array (or members of an object), in order:
 *   for (e = json_first(list); e; e = json_next(e)) */
const struct json *json_first(const struct json *j);
const struct json *json_next(const struct json *j);

/* The name of a member of an object; NULL for an element of an array. */
const char *json_name(const struct json *j);

bool json_is_object(const struct json *j);
bool json_is_array(const struct json *j);
bool json_is_string(const struct json *j);
bool json_is_number(const struct json *j);
bool json_is_bool(const struct json *j);
bool json_is_null(const struct json *j); /* the value null, not absence */

/* The text of a string; NULL for anything else. */
const char *json_text(const struct json *j);

/* Whether it is the value true. */
bool json_true(const struct json *j);

/* The value of a number; `otherwise` for anything else. */
double json_number(const struct json *j, double otherwise);

/* Reads a whole number. False if it is not one, or not below 2^53, where a
 * double no longer holds every whole number. */
bool json_int(int64_t *out, const struct json *j);

/* The length in bytes of the well-formed UTF-8 sequence at s, which has n
 * bytes; 0: there is none. */
size_t utf8_sequence(const char *s, size_t n);

/* Whether the n bytes are well-formed UTF-8 (RFC 3629). */
bool utf8_valid(const char *s, size_t n);

/* Whether s is 1 to `max` visible ASCII characters, as an id is. NULL: false.
 */
bool is_visible_word(const char *s, size_t max);

/* The number of characters (code points) of well-formed UTF-8. */
size_t utf8_length(const char *s);

#endif
