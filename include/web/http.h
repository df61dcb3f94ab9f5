#ifndef WEB_HTTP_H
#define WEB_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/buf.h"
#include "base/ctx.h"
#include "base/err.h"
#include "base/json_writer.h"
#include "web/input.h"

struct arena;
struct route;
struct transport;

enum method {
	METHOD_GET = 1,
	METHOD_POST = 2,
	METHOD_PUT = 4,
	METHOD_PATCH = 8,
	METHOD_DELETE = 16,
	METHOD_OPTIONS = 32,
	METHOD_OTHER = 64
};

#define BODY_MAX ((size_t)256 * 1024) /* of a request */
#define RAW_BODY_MAX \
	((size_t)5 * 1024 * 1024) /* of a webhook: Linear's own cap */
#define MAIL_BODY_MAX ((size_t)25 * 1024 * 1024) /* of an e-mail */

/* One request and its answer. Handlers read and write it through the functions
 * below. */
struct req {
	struct ctx *ctx;
	struct transport *transport;
	const struct route *route;
	struct actor actor;
	enum method method;
	bool head;	  /* HEAD: as GET, without sending the body */
	const char *path; /* decoded, normalized; without `base` */
	const char *base; /* for URLs: what precedes `path` if the program is
			   * in a folder of the site, else "" */
	const char *query;
	const char *request_id;
	int64_t id;	  /* {id} of the path */
	int64_t inner_id; /* {cid} */
	struct input input;
	const char *body; /* raw, of body_len bytes */
	size_t body_len;
	uint64_t body_taken;   /* of an UPLOAD: how much of it was read */
	struct upload *upload; /* of an UPLOAD: see cgi/upload.h */

	int status;	   /* of the answer; 0 until there is one */
	int64_t version;   /* of the one object that it shows; 0: none. Its
			    * ETag begins with it, for If-Match */
	bool is_personal;  /* the answer is for one person, not public */
	bool tagged;	   /* it has an ETag */
	const char *state; /* see reply_unchanged(); NULL: none */
	const char *code;  /* of an error, for the log */
	bool streaming;	   /* its head has been sent */
	bool sized;	   /* of one in pieces: its length is known, */
	int64_t length;	   /* and is this */
	bool gone;	   /* the client is gone: nothing more is sent */
	const char *type;  /* of its body */
	const char
	    *policy; /* its Content-Security-Policy; NULL: that of data */
	struct buf head_out; /* further header lines */
	struct buf out;	     /* its body */
	struct jsonout json; /* writes to `out` */

	/* The location that the web server passes the request on to, or NULL.
	 */
	const char *elsewhere;
};

/* Fills in method, path, query and request id from the transport's variables.
 */
void http_begin(struct req *r, struct transport *t, struct ctx *ctx);

/* Whether the path is one of the API's. */
bool http_is_api(const char *path);

/* The value of a request header ("If-Match") or NULL; a copy in the arena. */
const char *http_header(struct req *r, const char *name);

/* The client's IP address, as the web server reports it, in the arena; or NULL.
 */
const char *http_client(struct req *r);

/* The version that If-Match names. Of several, the newest: versions only grow,
 * so that no other can be the current one. 0: there is no If-Match, or "*". -1:
 * it names no version. */
int64_t http_if_match(struct req *r);

/* Reads the body: exactly Content-Length bytes, at most `max`. Else r->body
 * stays NULL, and 413, 411 or 400 is answered. */
enum err http_read_body(struct req *r, size_t max);

/* How long the body is that a handler reads by itself. Above `max`, 413 is
 * answered, or 411 or 400. */
enum err http_body_length(struct req *r, uint64_t *out, uint64_t max);

/* Reads up to n bytes of it. Fewer: it ended, or the client is gone. */
size_t http_body_read(struct req *r, void *p, size_t n);

/* Inputs by their declared names (see input_get). */
bool has_value(const struct req *r, const char *name);
bool is_null(const struct req *r, const char *name);
const char *in_text(const struct req *r, const char *name); /* or NULL */
int64_t in_int(const struct req *r, const char *name);	    /* or 0 */

/* The same with another default than 0. */
int64_t in_int_or(const struct req *r, const char *name, int64_t otherwise);

/* Begin an answer whose body is a JSON object (or array), and return its
 * writer. http_finish closes what is left open. A second call replaces the
 * answer. */
struct jsonout *reply(struct req *r, int status);
struct jsonout *reply_array(struct req *r, int status);
void reply_empty(struct req *r, int status);

/* For an answer that depends on nothing but `state`, a text in the arena: if
 * the client has the answer of that state, answers 304 and returns true.
 * Otherwise the state becomes a part of the ETag. Read it before what the
 * answer shows: then that is not older. */
bool reply_unchanged(struct req *r, const char *state);

/* Has the web server pass the request, with its body, on to a named location of
 * its own (nginx: X-Accel-Redirect). */
void reply_elsewhere(struct req *r, const char *location);

/* Has the web server send a file by itself, from an internal location of its
 * own, as the answer with that type. */
void reply_file_elsewhere(struct req *r, const char *location,
			  const char *type);

/* Adds the ETag `tag` ("\"x\"") to the answer. If If-None-Match has it, the
 * answer becomes a 304, and this is true. */
bool reply_tagged(struct req *r, const char *tag);

/* Begins an answer of another type, which the caller appends to r->out. */
void reply_other(struct req *r, int status, const char *type);

/* Begins an answer that is too large for memory: each http_stream sends what
 * the caller has appended to r->out since, and is false when the client is
 * gone. After the first one, an error can only cut the connection (http_break).
 */
void reply_stream(struct req *r, const char *type);

/* The same for an answer of a known length: it is sent as it comes, and a cut
 * is noticed by its receiver. */
void reply_stream_sized(struct req *r, int status, const char *type,
			int64_t length);
bool http_stream(struct req *r);

/* Cuts the connection after an error, so that the client cannot take a part for
 * the whole. */
void http_break(struct req *r, enum err e);

/* 200 with {message}. Returns OK. */
enum err reply_message(struct req *r, const char *text);

/* The one shape of all errors. Leaves `details` open, holding the faults of the
 * context, so that more can be added to r->json. Returns OK: it is answered. */
enum err reply_error(struct req *r, int status, const char *code,
		     const char *text);

/* The same, with status, code and text that belong to `e`. */
void reply_err(struct req *r, enum err e);

/* Adds a header line. A value with control characters is dropped, so that no
 * input can forge another header. */
void reply_header(struct req *r, const char *name, const char *value);

/* Completes the answer (ETag, and 304 of a GET) and sends it. False: the client
 * is gone. */
bool http_finish(struct req *r);

/* Frees what the request holds outside its arena. */
void http_release(struct req *r);

/* "https://host" and the path, which begins with a slash. In the arena. */
char *http_url(struct req *r, const char *path);

/* "https://host/api/issues/?page=2": the request's own address with one query
 * parameter replaced (value NULL: removed). In the arena. */
char *http_url_with(struct req *r, const char *name, const char *value);

#endif
