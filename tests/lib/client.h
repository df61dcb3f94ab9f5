#ifndef CLIENT_H
#define CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct json;

/* An HTTP client for tests: one line per request, one line per expectation. All
 * memory that it returns is valid until the end of the test. */

/* The longest response, in bytes. */
#define ANSWER_MAX ((size_t)64 * 1024 * 1024)

struct request {
	const char *method;
	const char *token; /* NULL: send none */
	const char *path;  /* under BASE_URL, or a whole URL */
	const char *body;  /* NULL: none */
	size_t body_len;
	const char *const *headers; /* "Name: value", ended by NULL; or NULL */
};

struct answer {
	struct request request;
	int status;
	const char *head; /* the header lines */
	const char *text;
	size_t len;
	const struct json *json; /* NULL: it is not JSON */
	int64_t micros;		 /* duration */
};

/* At the start and end of each test. */
void client_begin(void);
void client_end(void);

/* Memory that is valid until the end of the test. */
struct arena *test_arena(void);

/* printf into that memory; for paths and plain texts. */
char *text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same for JSON, where ' is replaced by ". */
char *json(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* GET waits until docket-sync has derived from all changes what responses with
 * searches, notifications or the trend show. */
struct answer *GET(const char *token, const char *path);
struct answer *POST(const char *token, const char *path, const char *body);
struct answer *PUT(const char *token, const char *path, const char *body);
struct answer *PATCH(const char *token, const char *path, const char *body);
struct answer *DELETE(const char *token, const char *path);

/* Adds a header to the next request only. */
void with(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Sends one request; sends several simultaneously, and returns their responses
 * in the same order. */
struct answer *send_one(const struct request *r);
struct answer **send_all(const struct request *list, size_t n);

/* Sends bytes as they are, and reads until the server closes the connection. */
struct answer *send_bytes(const char *bytes, size_t n);

/* The value of a response header, or NULL. */
const char *header(const struct answer *a, const char *name);

/* The JSON value at a path like "issue.comments.0.content", or NULL. */
const struct json *at(const struct answer *a, const char *path);

#endif
