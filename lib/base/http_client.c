/* Runs transfers through one libcurl multi handle. A transfer is a struct in a
 * list from its start (transfer_post.c, _file.c, _mail.c) until its outcome is
 * taken, and owns everything that libcurl needs meanwhile. The caller drives
 * them all with transfers_wait() and takes the outcomes by kind. Whether a
 * failed transfer may be tried again is the decision of the caller: the outcome
 * only tells what is certain (`unsent`, `resent`). */
#include "base/http_client.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "transfer.h"

/* The largest response: a page of 100 comments, each of 50,000 characters of
 * four bytes, in the longest form of JSON. */
#define ANSWER_MAX ((size_t)64 * 1024 * 1024)

#define WAIT_FDS 12

struct transfers *
transfers_new(long parallel, const char *const *headers, const char *ca)
{
	struct transfers *t = xmalloc(sizeof(*t));

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		abort();
	*t = (struct transfers){
	    .multi = curl_multi_init(), .headers = headers, .ca = ca};
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
	if (x->kind == PUT && x->fd >= 0)
		close(x->fd);
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

struct transfer *
transfer_new(struct transfers *t, enum transfer_kind kind, struct arena *a,
	     void *tag)
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
	if (t->ca)
		curl_easy_setopt(x->easy, CURLOPT_CAINFO, t->ca);
	if (t->first)
		t->first->link = &x->next;
	t->first = x;
	t->pending[kind]++;
	buf_init(&x->answer, ANSWER_MAX);
	return x;
}

struct curl_slist *
transfer_add_line(struct curl_slist *list, const char *line)
{
	list = curl_slist_append(list, line);
	if (!list)
		abort(); /* out of memory */
	return list;
}

void
transfer_set_options(struct transfer *x, const char *url, long connect_ms,
		     long total_ms)
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

size_t
transfers_pending(const struct transfers *t)
{
	return t->pending[POST];
}

static size_t
count_pending(const struct transfers *t)
{
	size_t n = 0;

	for (int kind = 0; kind < KINDS; kind++)
		n += t->pending[kind];
	return n;
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
	if ((size_t)running == count_pending(t))
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

/* The first finished transfer of that kind, or NULL. */
static struct transfer *
find_finished(struct transfers *t, enum transfer_kind kind)
{
	struct transfer *x = t->first;

	while (x && !(x->done && x->kind == kind))
		x = x->next;
	return x;
}

static bool
take_finished(struct transfer_done *out, struct transfers *t,
	      enum transfer_kind kind)
{
	struct transfer *x;

	harvest(t);
	x = find_finished(t, kind);
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
		transfer_read_reply(out, x);
	else if (kind == PUT || kind == GET)
		transfer_read_file(out, x);
	else if (x->code == CURLE_OK)
		transfer_read_answer(out, t, x);
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

bool
transfers_take_put(struct transfer_done *out, struct transfers *t)
{
	return take_finished(out, t, PUT);
}

bool
transfers_take_get(struct transfer_done *out, struct transfers *t)
{
	return take_finished(out, t, GET);
}
