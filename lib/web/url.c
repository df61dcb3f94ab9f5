/* The request's own address, and percent-encoding (RFC 3986). */

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/json.h"
#include "http_private.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static char *
decode(struct arena *a, const char *s, size_t n, char plus)
{
	char *out = arena_alloc(a, n + 1);
	size_t len = 0;
	int hi, lo;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '+') {
			out[len++] = plus;
		} else if (s[i] != '%') {
			out[len++] = s[i];
		} else {
			if (n - i < 3 || (hi = hex_digit(s[i + 1])) < 0 ||
			    (lo = hex_digit(s[i + 2])) < 0 || hi + lo == 0)
				return NULL;
			out[len++] = (char)(hi * 16 + lo);
			i += 2;
		}
	}
	return utf8_valid(out, len) ? out : NULL;
}

char *
percent_decode(struct arena *a, const char *s, size_t n)
{
	return decode(a, s, n, ' ');
}

char *
percent_decode_path(struct arena *a, const char *s, size_t n)
{
	return decode(a, s, n, '+');
}

char *
percent_encode(struct arena *a, const char *s)
{
	static const char hex[] = "0123456789ABCDEF";
	char *out = arena_alloc(a, strlen(s) * 3 + 1), *p = out;

	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (isalnum(c) || strchr("-._~", c)) {
			*p++ = (char)c;
			continue;
		}
		*p++ = '%';
		*p++ = hex[c >> 4];
		*p++ = hex[c & 15];
	}
	return out;
}

/* Whether PUBLIC_URL has TLS and this host: a load balancer may end TLS, and
 * send requests without it. */
static bool
is_public_https(const struct req *r, const char *host)
{
	static const char tls[] = "https://";
	const char *url = r->ctx->conf->public_url;
	size_t n;

	if (strncmp(url, tls, sizeof(tls) - 1) != 0)
		return false;
	url += sizeof(tls) - 1;
	n = strcspn(url, "/");
	return n == strlen(host) && strncasecmp(url, host, n) == 0;
}

/* Scheme and host, as the client sees them: from the request, or PUBLIC_URL if
 * its Host is not plausible. */
static char *
base_url(struct req *r)
{
	const char *host = http_header(r, "Host");
	const char *scheme = request_param(r, "REQUEST_SCHEME");

	if (!host || !*host ||
	    strspn(host, "0123456789abcdefghijklmnopqrstuvwxyz"
			 "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-:[]") != strlen(host))
		return arena_strdup(r->ctx->arena, r->ctx->conf->public_url);
	return arena_printf(
	    r->ctx->arena, "%s://%s",
	    strcmp(scheme, "https") == 0 || is_public_https(r, host) ? "https"
								     : "http",
	    host);
}

char *
http_url(struct req *r, const char *path)
{
	return arena_printf(r->ctx->arena, "%s%s%s", base_url(r), r->base,
			    path);
}

void
uri_add(struct buf *out, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const unsigned char c = (unsigned char)s[i];
		const bool escape = c == '%' && n - i > 2 &&
				    isxdigit((unsigned char)s[i + 1]) &&
				    isxdigit((unsigned char)s[i + 2]);

		if (escape || (c < 0x80 && isalnum(c)) ||
		    (c && strchr("-._~!$'()*+,;=:@/?", c)))
			buf_addc(out, s[i]);
		else
			buf_printf(out, "%%%02X", (unsigned)c);
	}
}

char *
http_url_with(struct req *r, const char *name, const char *value)
{
	struct arena *a = r->ctx->arena;
	const char *p = r->query;
	size_t len = strlen(name), n;
	char sep = '?';
	struct buf url;
	char *copy;

	buf_init(&url, HEAD_MAX);
	buf_adds(&url, base_url(r));
	buf_adds(&url, r->base);
	buf_adds(&url, r->path);
	for (; *p; p += n + (p[n] == '&')) {
		n = strcspn(p, "&");
		if (n == 0 ||
		    (strncmp(p, name, len) == 0 && (p[len] == '=' || n == len)))
			continue;
		buf_addc(&url, sep);
		uri_add(&url, p, n);
		sep = '&';
	}
	if (value) {
		buf_addc(&url, sep);
		buf_printf(&url, "%s=%s", name, percent_encode(a, value));
	}
	copy = arena_memdup(a, url.data, url.len);
	buf_release(&url);
	return copy;
}
