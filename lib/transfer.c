#include "transfer.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"

#define ANSWER_MAX ((size_t)16 * 1024 * 1024)
#define WAIT_FDS   4

/* One under way. */
struct transfer {
	struct transfer *next, **link;
	CURL *easy;
	struct arena *arena;
	void *tag;
	char *body; /* that is sent */
	struct curl_slist *headers;
	struct buf answer;
	char error[CURL_ERROR_SIZE];
};

struct transfers {
	CURLM *multi;
	const char *const *headers;
	struct transfer *first;
	size_t pending;
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
	t->pending--;
	curl_multi_remove_handle(t->multi, x->easy);
	curl_easy_cleanup(x->easy);
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

static size_t
take_bytes(char *p, size_t size, size_t n, void *state)
{
	struct buf *answer = state;

	buf_add(answer, p, size * n);
	return answer->overflow ? 0 : size * n; /* 0 ends the transfer */
}

static struct curl_slist *
add_header(struct curl_slist *list, const char *name, const char *value)
{
	struct buf line;

	buf_init(&line, (size_t)8 * 1024);
	buf_printf(&line, "%s: %s", name, value);
	list = curl_slist_append(list, line.data);
	buf_release(&line);
	if (!list)
		abort(); /* out of memory */
	return list;
}

static void
set_options(struct transfer *x, const struct transfer_post *p)
{
	CURL *e = x->easy;

	curl_easy_setopt(e, CURLOPT_PRIVATE, x);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, x->error);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, p->connect_ms);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, p->total_ms);
	curl_easy_setopt(e, CURLOPT_URL, p->url);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, x->headers);
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
	struct transfer *x = xmalloc(sizeof(*x));

	*x = (struct transfer){.easy = curl_easy_init(),
			       .arena = a,
			       .tag = tag,
			       .body = xstrdup(p->body),
			       .next = t->first,
			       .link = &t->first};
	if (!x->easy)
		abort(); /* out of memory */
	if (t->first)
		t->first->link = &x->next;
	t->first = x;
	t->pending++;
	buf_init(&x->answer, ANSWER_MAX);
	x->headers = add_header(x->headers, "Content-Type", p->type);
	x->headers = add_header(x->headers, "Authorization", p->authorization);
	/* no pause to be asked for the body */
	x->headers = curl_slist_append(x->headers, "Expect:");
	set_options(x, p);
	curl_multi_add_handle(t->multi, x->easy);
}

size_t
transfers_pending(const struct transfers *t)
{
	return t->pending;
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
	if (!t->first || (size_t)running == t->pending)
		curl_multi_poll(t->multi, extra, (unsigned)n, ms, NULL);
	curl_multi_perform(t->multi, &running);
}

/* Before any byte of the request left: it may be sent again without a doubt. */
static bool
is_unsent(CURLcode code)
{
	return code == CURLE_COULDNT_CONNECT ||
	       code == CURLE_COULDNT_RESOLVE_HOST ||
	       code == CURLE_COULDNT_RESOLVE_PROXY ||
	       code == CURLE_SSL_CONNECT_ERROR ||
	       code == CURLE_PEER_FAILED_VERIFICATION;
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

bool
transfers_take(struct transfer_done *out, struct transfers *t)
{
	const struct CURLMsg *m;
	struct transfer *x = NULL;
	CURLcode code;
	int left;

	do
		m = curl_multi_info_read(t->multi, &left);
	while (m && m->msg != CURLMSG_DONE);
	if (!m)
		return false;
	code = m->data.result;
	curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&x);
	*out = (struct transfer_done){.tag = x->tag, .arena = x->arena};
	if (code != CURLE_OK) {
		out->error = arena_strdup(
		    x->arena, *x->error ? x->error : curl_easy_strerror(code));
		out->unsent = is_unsent(code);
	} else {
		read_answer(out, t, x);
	}
	release(t, x);
	return true;
}
