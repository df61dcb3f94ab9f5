#ifndef HTTP_MEMORY_H
#define HTTP_MEMORY_H

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/json.h"
#include "unit/runner.h"
#include "web/http.h"
#include "web/transport.h"

/* What the tests of web/http.h share: a request whose parameters and body are
 * in memory, and whose response goes there. */

/* A request in memory, and the answer to it. */
static struct {
	const char *params[32]; /* name, value, name, value, ... NULL */
	const char *body;	/* the part that arrives */
	struct buf sent;
	bool gone; /* the client is gone */
} memory;

static struct arena *arena;
static struct conf conf;
static struct ctx ctx;
static struct req req;

static inline const char *
memory_param(void *state, const char *name)
{
	(void)state;
	for (size_t i = 0; memory.params[i]; i += 2)
		if (strcmp(memory.params[i], name) == 0)
			return memory.params[i + 1];
	return NULL;
}

static inline size_t
memory_read(void *state, void *p, size_t n)
{
	size_t have = strlen(memory.body);

	(void)state;
	if (n > have)
		n = have;
	memcpy(p, memory.body, n);
	memory.body += n;
	return n;
}

static inline bool
memory_send(void *state, const struct piece *piece)
{
	(void)state;
	buf_add(&memory.sent, piece->head, piece->head_len);
	buf_add(&memory.sent, piece->body, piece->body_len);
	return !memory.gone;
}

static struct transport transport = {&memory, memory_param, memory_read,
				     memory_send, false};

static inline void
set_up(void)
{
	arena = arena_new();
	conf.public_url = "https://public.example.com";
	ctx = (struct ctx){.arena = arena, .conf = &conf};
	faults_init(&ctx.faults, arena);
	buf_init(&memory.sent, 1 << 20);
	memory.body = "";
}

static inline void
tear_down(void)
{
	http_release(&req);
	buf_release(&memory.sent);
	arena_free(arena);
}

static inline void
set_param(const char *name, const char *value)
{
	size_t i = 0;

	while (memory.params[i] && strcmp(memory.params[i], name) != 0)
		i += 2;
	ck_assert_uint_lt(i + 2, COUNT(memory.params));
	memory.params[i] = name;
	memory.params[i + 1] = value;
}

static inline void
begin(const char *method, const char *path)
{
	set_param("REQUEST_METHOD", method);
	set_param("DOCUMENT_URI", path);
	http_begin(&req, &transport, &ctx);
}

/* What follows the header lines of the answer. */
static inline const char *
sent_body(void)
{
	const char *end = strstr(memory.sent.data, "\r\n\r\n");

	ck_assert_ptr_nonnull(end);
	return end + 4;
}

static inline bool
sent_line(const char *line)
{
	const char *at = strstr(memory.sent.data, line);

	return at && at < sent_body() &&
	       (at == memory.sent.data || at[-1] == '\n') &&
	       strncmp(at + strlen(line), "\r\n", 2) == 0;
}

/* The answer's JSON, which has to be well-formed. */
static inline const struct json *
sent_json(void)
{
	const char *why, *text = sent_body();
	const struct json *j = json_parse(arena, text, strlen(text), &why);

	ck_assert_msg(j != NULL, "%s: %s", why, text);
	return j;
}

#endif
