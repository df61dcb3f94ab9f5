#ifndef EXPECT_H
#define EXPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct answer;

/* Expectations of a response: one line for each. A failure prints the place of
 * the call, the request and the response. */

/* The value at a path like "issue.comments.0.content". The test fails if it is
 * absent or of another type. */
#define text_at(a, path) text_at_(__FILE__, __LINE__, a, path)
#define int_at(a, path)	 int_at_(__FILE__, __LINE__, a, path)

/* The number of elements of the array or object at that path. */
#define length_at(a, path) length_at_(__FILE__, __LINE__, a, path)

/* Expectations. A failure prints the request and the response. */
#define expect(a, condition) \
	expect_(__FILE__, __LINE__, a, condition, #condition)
#define expect_status(a, wanted) expect_status_(__FILE__, __LINE__, a, wanted)
#define expect_text(a, path, wanted) \
	expect_text_(__FILE__, __LINE__, a, path, wanted)
#define expect_int(a, path, wanted) \
	expect_int_(__FILE__, __LINE__, a, path, wanted)
#define expect_bool(a, path, wanted) \
	expect_bool_(__FILE__, __LINE__, a, path, wanted)
#define expect_null(a, path)   expect_null_(__FILE__, __LINE__, a, path)
#define expect_absent(a, path) expect_absent_(__FILE__, __LINE__, a, path)
#define expect_header(a, name, wanted) \
	expect_header_(__FILE__, __LINE__, a, name, wanted)

/* The object at that path ("" is the whole response) has exactly these keys, in
 * any order. */
#define expect_keys(a, path, keys) \
	expect_keys_(__FILE__, __LINE__, a, path, keys)

/* A time as the API writes it. */
#define expect_time(a, path) expect_time_(__FILE__, __LINE__, a, path)

/* An error with that status and code, and with details about that field (NULL:
 * without details). */
#define expect_error(a, status, code, field) \
	expect_error_(__FILE__, __LINE__, a, status, code, field)

/* The same, with any details. */
#define expect_error_shape(a, status, code) \
	expect_error_shape_(__FILE__, __LINE__, a, status, code)

/* The response does not contain the text anywhere, or it does. */
#define expect_without(a, words) expect_without_(__FILE__, __LINE__, a, words)
#define expect_with(a, words)	 expect_with_(__FILE__, __LINE__, a, words)

const char *text_at_(const char *file, int line, const struct answer *a,
		     const char *path);
int64_t int_at_(const char *file, int line, const struct answer *a,
		const char *path);
size_t length_at_(const char *file, int line, const struct answer *a,
		  const char *path);
void expect_(const char *file, int line, const struct answer *a, bool ok,
	     const char *condition);
void expect_status_(const char *file, int line, const struct answer *a,
		    int wanted);
void expect_text_(const char *file, int line, const struct answer *a,
		  const char *path, const char *wanted);
void expect_int_(const char *file, int line, const struct answer *a,
		 const char *path, int64_t wanted);
void expect_bool_(const char *file, int line, const struct answer *a,
		  const char *path, bool wanted);
void expect_null_(const char *file, int line, const struct answer *a,
		  const char *path);
void expect_absent_(const char *file, int line, const struct answer *a,
		    const char *path);
void expect_header_(const char *file, int line, const struct answer *a,
		    const char *name, const char *wanted);
void expect_keys_(const char *file, int line, const struct answer *a,
		  const char *path, const char *keys);
void expect_time_(const char *file, int line, const struct answer *a,
		  const char *path);
void expect_error_(const char *file, int line, const struct answer *a,
		   int status, const char *code, const char *field);
void expect_error_shape_(const char *file, int line, const struct answer *a,
			 int status, const char *code);
void expect_without_(const char *file, int line, const struct answer *a,
		     const char *words);
void expect_with_(const char *file, int line, const struct answer *a,
		  const char *words);

#endif
