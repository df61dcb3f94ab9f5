/* HTTP POSTs and mails through one libcurl multi handle; no other file knows
 * libcurl. A transfer is a struct in a list from its start until its outcome is
 * taken, and owns everything that libcurl needs meanwhile. The caller drives
 * them all with transfers_wait() and takes the outcomes by kind. Whether a
 * failed transfer may be tried again is the decision of the caller: the outcome
 * only tells what is certain (`unsent`, `resent`). */
#include "base/http_client.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"

/* The largest response: a page of 100 comments, each of 50,000 characters of
 * four bytes, in the longest form of JSON. */
#define ANSWER_MAX ((size_t)64 * 1024 * 1024)
#define WAIT_FDS   4

enum kind { POST, MAIL, KINDS };

/* A transfer, from its start until its outcome is taken. */
struct transfer {
	struct transfer *next, **link;
	enum kind kind;
	CURL *easy;
	struct arena *arena;
	void *tag;
	char *body; /* of the request */
	struct curl_slist *headers;
	struct buf answer; /* the body; for a mail, the last reply */
	unsigned sendings; /* how often it was sent */
	char error[CURL_ERROR_SIZE];
	bool done;
	CURLcode code; /* when done */
	/* of a mail: */
	curl_mime *mime;
	struct curl_slist *to;
	unsigned replies; /* received so far */
	bool reply_ended; /* the next line begins another reply */
};

struct transfers {
	CURLM *multi;
	const char *const *headers;
	struct transfer *first;
	size_t pending[KINDS];
};

struct transfers *
transfers_new(long parallel, const char *const *headers)
{
	struct transfers *t = xmalloc(sizeof(*t));

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		abort();
	*t = (struct transfers){.multi = curl_multi_init(), .headers = headers};
	if (!t->multi)
		abort(); /* out of memory */
	curl_multi_setopt(t->multi, CURLMOPT_MAX_HOST_CONNECTIONS, parallel);
	curl_multi_setopt(t->multi, CURLMOPT_MAXCONNECTS, parallel);
	return t;
}

static void
release(struct transfers *t, struct transfer *x)
{
	*x->link = x->next;
	if (x->next)
		x->next->link = x->link;
	t->pending[x->kind]--;
	curl_multi_remove_handle(t->multi, x->easy);
	curl_easy_cleanup(x->easy);
	curl_mime_free(x->mime);
	curl_slist_free_all(x->to);
	curl_slist_free_all(x->headers);
	buf_release(&x->answer);
	free(x->body);
	free(x);
}

void
transfers_free(struct transfers *t)
{
	struct transfer *next;

	if (!t)
		return;
	for (struct transfer *x = t->first; x; x = next) {
		next = x->next;
		release(t, x);
	}
	curl_multi_cleanup(t->multi);
	curl_global_cleanup();
	free(t);
}

/* libcurl has a connection and is about to send. It calls this again when it
 * retries by itself (Curl_retry_request). */
static int
note_sending(void *state, char *ip, char *own_ip, int port, int own_port)
{
	struct transfer *x = state;

	(void)ip;
	(void)own_ip;
	(void)port;
	(void)own_port;
	x->sendings++;
	return CURL_PREREQFUNC_OK;
}

static size_t
take_bytes(char *p, size_t size, size_t n, void *state)
{
	struct buf *answer = state;

	buf_add(answer, p, size * n);
	return answer->overflow ? 0 : size * n; /* 0 aborts the transfer */
}

static struct curl_slist *
add_line(struct curl_slist *list, const char *line)
{
	list = curl_slist_append(list, line);
	if (!list)
		abort(); /* out of memory */
	return list;
}

static struct curl_slist *
add_request_header(struct curl_slist *list, const char *name, const char *value)
{
	struct buf line;

	buf_init(&line, (size_t)8 * 1024);
	buf_printf(&line, "%s: %s", name, value);
	list = add_line(list, line.data);
	buf_release(&line);
	return list;
}

static struct transfer *
new_transfer(struct transfers *t, enum kind kind, struct arena *a, void *tag)
{
	struct transfer *x = xmalloc(sizeof(*x));

	*x = (struct transfer){.kind = kind,
			       .easy = curl_easy_init(),
			       .arena = a,
			       .tag = tag,
			       .next = t->first,
			       .link = &t->first};
	if (!x->easy)
		abort(); /* out of memory */
	if (t->first)
		t->first->link = &x->next;
	t->first = x;
	t->pending[kind]++;
	buf_init(&x->answer, ANSWER_MAX);
	return x;
}

static void
set_options(struct transfer *x, const char *url, long connect_ms, long total_ms)
{
	CURL *e = x->easy;

	curl_easy_setopt(e, CURLOPT_PRIVATE, x);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, x->error);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, total_ms);
	curl_easy_setopt(e, CURLOPT_URL, url);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, x->headers);
	curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, note_sending);
	curl_easy_setopt(e, CURLOPT_PREREQDATA, x);
}

static void
set_post(struct transfer *x)
{
	CURL *e = x->easy;

	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(e, CURLOPT_POSTFIELDS, x->body);
	curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE,
			 (curl_off_t)strlen(x->body));
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, take_bytes);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, &x->answer);
}

void
transfers_begin(struct transfers *t, struct arena *a,
		const struct transfer_post *p, void *tag)
{
	struct transfer *x = new_transfer(t, POST, a, tag);

	x->body = xstrdup(p->body);
	x->headers = add_request_header(x->headers, "Content-Type", p->type);
	x->headers =
	    add_request_header(x->headers, "Authorization", p->authorization);
	/* do not wait for "100 Continue" before the body */
	x->headers = add_line(x->headers, "Expect:");
	set_options(x, p->url, p->connect_ms, p->total_ms);
	set_post(x);
	curl_multi_add_handle(t->multi, x->easy);
}

/* --- mails --------------------------------------------------------------- */

/* One line of a reply of the mail server. A dash after the number means that
 * the reply continues (RFC 5321, 4.2.1). The reply to QUIT (221) is ignored. */
static size_t
take_reply(char *p, size_t size, size_t n, void *state)
{
	struct transfer *x = state;

	n *= size;
	if (n >= 3 && memcmp(p, "221", 3) == 0)
		return n;
	if (x->reply_ended || x->replies == 0) {
		buf_clear(&x->answer);
		x->replies++;
	}
	x->reply_ended = n < 4 || p[3] != '-';
	buf_add(&x->answer, p, n);
	return n;
}

static bool
is_loopback(const char *host)
{
	return strcasecmp(host, "localhost") == 0 ||
	       strncmp(host, "127.", 4) == 0 || strcmp(host, "[::1]") == 0;
}

/* A part of the URL; NULL if it has none. Free it with curl_free. */
static char *
url_part(const char *url, CURLUPart part)
{
	CURLU *u = curl_url();
	char *text = NULL;

	if (!u)
		abort(); /* out of memory */
	if (curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK)
		(void)curl_url_get(u, part, &text, 0);
	curl_url_cleanup(u);
	return text;
}

static long
tls_for(const char *url)
{
	char *host = url_part(url, CURLUPART_HOST);
	char *user = url_part(url, CURLUPART_USER);
	long level = host && is_loopback(host) ? CURLUSESSL_NONE
		     : user		       ? CURLUSESSL_ALL
					       : CURLUSESSL_TRY;

	curl_free(host);
	curl_free(user);
	return level;
}

static void
add_mime_text(curl_mime *mime, const char *type, const char *text)
{
	curl_mimepart *part = curl_mime_addpart(mime);

	if (!part ||
	    curl_mime_data(part, text, CURL_ZERO_TERMINATED) != CURLE_OK ||
	    curl_mime_type(part, type) != CURLE_OK ||
	    curl_mime_encoder(part, "quoted-printable") != CURLE_OK)
		abort(); /* out of memory */
}

/* Adds both texts as alternatives. libcurl encodes them and completes the MIME
 * headers, including the boundary of the one that is set here. */
static void
set_mime(struct transfer *x, const struct transfer_mail *m)
{
	x->headers =
	    add_line(x->headers, "Content-Type: multipart/alternative");
	x->mime = curl_mime_init(x->easy);
	if (!x->mime)
		abort(); /* out of memory */
	add_mime_text(x->mime, "text/plain; charset=utf-8", m->text);
	add_mime_text(x->mime, "text/html; charset=utf-8", m->html);
	curl_easy_setopt(x->easy, CURLOPT_MIMEPOST, x->mime);
}

void
transfers_begin_mail(struct transfers *t, struct arena *a,
		     const struct transfer_mail *m, void *tag)
{
	struct transfer *x = new_transfer(t, MAIL, a, tag);

	for (size_t i = 0; m->headers[i]; i++)
		x->headers = add_line(x->headers, m->headers[i]);
	x->to = add_line(x->to, m->to);
	set_mime(x, m);
	set_options(x, m->url, m->connect_ms, m->total_ms);
	curl_easy_setopt(x->easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(x->easy, CURLOPT_USE_SSL, tls_for(m->url));
	curl_easy_setopt(x->easy, CURLOPT_MAIL_FROM, m->from);
	curl_easy_setopt(x->easy, CURLOPT_MAIL_RCPT, x->to);
	curl_easy_setopt(x->easy, CURLOPT_HEADERFUNCTION, take_reply);
	curl_easy_setopt(x->easy, CURLOPT_HEADERDATA, x);
	curl_multi_add_handle(t->multi, x->easy);
}

/* --- progress and outcomes ------------------------------------------------ */

size_t
transfers_pending(const struct transfers *t)
{
	return t->pending[POST];
}

void
transfers_wait(struct transfers *t, const int *fds, size_t n, int ms)
{
	struct curl_waitfd extra[WAIT_FDS];
	int running;

	assert(n <= WAIT_FDS);
	for (size_t i = 0; i < n; i++)
		extra[i] = (struct curl_waitfd){.fd = fds[i],
						.events = CURL_WAIT_POLLIN};
	curl_multi_perform(t->multi, &running);
	/* do not wait while one is done and waits to be taken */
	if ((size_t)running == t->pending[POST] + t->pending[MAIL])
		curl_multi_poll(t->multi, extra, (unsigned)n, ms, NULL);
	curl_multi_perform(t->multi, &running);
}

/* Whether no byte of the request was sent, so that it is safe to send it again.
 * For a mail: whether it failed before the mail itself (no connection, no TLS,
 * no login), or the server never replied. */
static bool
is_unsent(const struct transfer *x)
{
	return x->sendings == 0 || (x->kind == MAIL && x->replies == 0);
}

static void
read_answer(struct transfer_done *out, const struct transfers *t,
	    const struct transfer *x)
{
	struct arena *a = x->arena;
	struct curl_header *h;

	curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &out->status);
	out->body_len = x->answer.len;
	out->body =
	    arena_memdup(a, x->answer.len ? x->answer.data : "", x->answer.len);
	for (size_t i = 0; i < TRANSFER_HEADERS && t->headers[i]; i++)
		if (curl_easy_header(x->easy, t->headers[i], 0, CURLH_HEADER,
				     -1, &h) == CURLHE_OK)
			out->headers[i] = arena_strdup(a, h->value);
}

static void
read_reply(struct transfer_done *out, const struct transfer *x)
{
	out->status = x->answer.len ? strtol(x->answer.data, NULL, 10) : 0;
	out->body_len = x->answer.len;
	out->body = arena_memdup(x->arena, x->answer.len ? x->answer.data : "",
				 x->answer.len);
}

/* Marks the transfers that libcurl has finished. */
static void
harvest(const struct transfers *t)
{
	const struct CURLMsg *m;
	struct transfer *x = NULL;
	int left;

	while ((m = curl_multi_info_read(t->multi, &left)) != NULL) {
		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE,
				  (char **)&x);
		x->done = true;
		x->code = m->data.result;
	}
}

static bool
take_finished(struct transfer_done *out, struct transfers *t, enum kind kind)
{
	struct transfer *x;

	harvest(t);
	for (x = t->first; x && !(x->done && x->kind == kind);)
		x = x->next;
	if (!x)
		return false;
	*out = (struct transfer_done){.tag = x->tag, .arena = x->arena};
	if (x->code != CURLE_OK) {
		out->error = arena_strdup(
		    x->arena,
		    *x->error ? x->error : curl_easy_strerror(x->code));
		out->unsent = is_unsent(x);
	}
	out->resent = x->sendings > 1;
	if (kind == MAIL)
		read_reply(out, x);
	else if (x->code == CURLE_OK)
		read_answer(out, t, x);
	release(t, x);
	return true;
}

bool
transfers_take(struct transfer_done *out, struct transfers *t)
{
	return take_finished(out, t, POST);
}

bool
transfers_take_mail(struct transfer_done *out, struct transfers *t)
{
	return take_finished(out, t, MAIL);
}
