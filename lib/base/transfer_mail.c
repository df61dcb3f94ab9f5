/* Mails by SMTP: TLS as it fits the server, the MIME parts, and the server's
 * last reply, which says why it refused a mail. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "transfer.h"

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
	x->headers = transfer_add_line(x->headers,
				       "Content-Type: multipart/alternative");
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
	struct transfer *x = transfer_new(t, MAIL, a, tag);

	for (size_t i = 0; m->headers[i]; i++)
		x->headers = transfer_add_line(x->headers, m->headers[i]);
	x->to = transfer_add_line(x->to, m->to);
	set_mime(x, m);
	transfer_set_options(x, m->url, m->connect_ms, m->total_ms);
	curl_easy_setopt(x->easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(x->easy, CURLOPT_USE_SSL, tls_for(m->url));
	curl_easy_setopt(x->easy, CURLOPT_MAIL_FROM, m->from);
	curl_easy_setopt(x->easy, CURLOPT_MAIL_RCPT, x->to);
	curl_easy_setopt(x->easy, CURLOPT_HEADERFUNCTION, take_reply);
	curl_easy_setopt(x->easy, CURLOPT_HEADERDATA, x);
	curl_multi_add_handle(t->multi, x->easy);
}

void
transfer_read_reply(struct transfer_done *out, const struct transfer *x)
{
	out->status = x->answer.len ? strtol(x->answer.data, NULL, 10) : 0;
	out->body_len = x->answer.len;
	out->body = arena_memdup(x->arena, x->answer.len ? x->answer.data : "",
				 x->answer.len);
}
