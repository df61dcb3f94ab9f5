/* The addresses that Docket's mails carry: return_address.h says which. A text
 * is one or two numbers of 8 bytes, big-endian, and the MAC behind them. The
 * MAC also covers what the numbers are for, so that one kind of address cannot
 * be made of another. */
#include "mail/return_address.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/base32.h"
#include "base/buf.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "db/shared_state.h"

#define NUMBER	  8  /* bytes */
#define SHORT_MAC 10 /* 80 bits */
#define TAG_MAX	  (2 * NUMBER + SHORT_MAC)

#define REPLY  "reply+"
#define BOUNCE "bounce+"
#define ISSUE  "issue-"

/* What a MAC is of. */
struct subject {
	const char *kind;
	int64_t numbers[2];
	size_t n;
};

/* --- keys ---------------------------------------------------------------- */

/* The keys, the present one first, comma-separated. The first process to need
 * one makes it. */
static enum err
find_keys(const char **out, struct ctx *c)
{
	struct shared_state state;
	char key[TOKEN_TEXT];
	enum err e = shared_state_get(&state, c, STATE_MAIL_IN_KEYS);

	if (e)
		return e;
	if (state.value) {
		*out = state.value;
		return OK;
	}
	random_token(key);
	return shared_state_set_once(out, c, STATE_MAIL_IN_KEYS, key);
}

static const char *
first_key(struct ctx *c, const char *keys)
{
	return arena_memdup(c->arena, keys, strcspn(keys, ","));
}

enum err
return_address_rotate(struct ctx *c)
{
	char key[TOKEN_TEXT];
	const char *keys;
	enum err e = find_keys(&keys, c);

	if (e)
		return e;
	random_token(key);
	return shared_state_set(
	    c, STATE_MAIL_IN_KEYS,
	    arena_printf(c->arena, "%s,%s", key, first_key(c, keys)), 0);
}

/* --- writing ------------------------------------------------------------- */

static void
put_number(unsigned char *p, int64_t v)
{
	for (int i = NUMBER - 1; i >= 0; i--, v >>= 8)
		p[i] = (unsigned char)(v & 0xff);
}

static void
short_mac(unsigned char out[SHORT_MAC], const char *key,
	  const struct subject *s)
{
	unsigned char numbers[2 * NUMBER], mac[MAC_BYTES];
	const struct mac_part parts[] = {{s->kind, strlen(s->kind) + 1},
					 {numbers, s->n * NUMBER}};

	for (size_t i = 0; i < s->n; i++)
		put_number(numbers + i * NUMBER, s->numbers[i]);
	hmac_sha256(mac, key, parts, 2);
	memcpy(out, mac, SHORT_MAC);
}

static enum err
write_address(const char **out, struct ctx *c, const struct subject *s)
{
	unsigned char tag[TAG_MAX];
	char text[BASE32_TEXT(TAG_MAX)];
	const char *keys;
	enum err e = find_keys(&keys, c);

	if (e)
		return e;
	for (size_t i = 0; i < s->n; i++)
		put_number(tag + i * NUMBER, s->numbers[i]);
	short_mac(tag + s->n * NUMBER, first_key(c, keys), s);
	base32(text, tag, s->n * NUMBER + SHORT_MAC);
	*out = arena_printf(c->arena, "%s%s@%s", s->kind, text,
			    c->conf->mail_in_domain);
	return OK;
}

enum err
return_address_of_reply(const char **out, struct ctx *c, int64_t issue_id,
			int64_t user_id)
{
	const struct subject s = {REPLY, {issue_id, user_id}, 2};

	return write_address(out, c, &s);
}

enum err
return_address_of_bounce(const char **out, struct ctx *c, int64_t mail_id)
{
	const struct subject s = {BOUNCE, {mail_id}, 1};

	return write_address(out, c, &s);
}

enum err
return_message_id(const char **out, struct ctx *c, int64_t issue_id,
		  int64_t mail_id)
{
	const struct subject s = {ISSUE, {issue_id, mail_id}, 2};
	unsigned char mac[SHORT_MAC];
	char text[BASE32_TEXT(SHORT_MAC)];
	const char *keys;
	enum err e = find_keys(&keys, c);

	if (e)
		return e;
	short_mac(mac, first_key(c, keys), &s);
	base32(text, mac, SHORT_MAC);
	*out =
	    arena_printf(c->arena, ISSUE "%lld-%lld.%s@%s", (long long)issue_id,
			 (long long)mail_id, text, c->conf->mail_in_domain);
	return OK;
}

/* --- reading ------------------------------------------------------------- */

static int64_t
get_number(const unsigned char *p)
{
	uint64_t v = 0;

	for (int i = 0; i < NUMBER; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

/* Any of the keys may fit. */
static enum err
check_mac(struct ctx *c, const unsigned char mac[SHORT_MAC],
	  const struct subject *s)
{
	unsigned char expected[SHORT_MAC];
	const char *keys;
	bool fits = false;
	enum err e = find_keys(&keys, c);

	for (size_t n; !e && *keys; keys += n + (keys[n] == ',')) {
		n = strcspn(keys, ",");
		short_mac(expected, arena_memdup(c->arena, keys, n), s);
		fits = same_bytes(expected, mac, SHORT_MAC) || fits;
	}
	return e ? e : fits ? OK : ERR_NOTFOUND;
}

/* Reads the numbers of an address of s->kind; `local` has n bytes. */
static enum err
read_tag(struct subject *s, struct ctx *c, const char *local, size_t n)
{
	const size_t kind = strlen(s->kind), size = s->n * NUMBER + SHORT_MAC;
	unsigned char tag[TAG_MAX];

	if (n < kind || strncasecmp(local, s->kind, kind) != 0 ||
	    !base32_read(tag, size, local + kind, n - kind))
		return ERR_NOTFOUND;
	for (size_t i = 0; i < s->n; i++)
		s->numbers[i] = get_number(tag + i * NUMBER);
	return check_mac(c, tag + s->n * NUMBER, s);
}

/* The length of the local part of an address of ours; 0: it is not ours. */
static size_t
local_length(const struct ctx *c, const char *address)
{
	const char *at = strrchr(address, '@');

	return c->conf->mail_in_domain && at &&
		       strcasecmp(at + 1, c->conf->mail_in_domain) == 0
		   ? (size_t)(at - address)
		   : 0;
}

enum err
return_address_read(struct return_address *out, struct ctx *c,
		    const char *address)
{
	const size_t n = local_length(c, address);
	struct subject reply = {REPLY, {0}, 2}, bounce = {BOUNCE, {0}, 1};
	enum err e = n ? read_tag(&reply, c, address, n) : ERR_NOTFOUND;

	if (!e) {
		*out = (struct return_address){.kind = RETURN_REPLY,
					       .issue_id = reply.numbers[0],
					       .user_id = reply.numbers[1]};
		return OK;
	}
	if (e == ERR_NOTFOUND && n)
		e = read_tag(&bounce, c, address, n);
	if (!e)
		*out = (struct return_address){.kind = RETURN_BOUNCE,
					       .mail_id = bounce.numbers[0]};
	return e;
}

/* Reads digits that end with `end`; returns what follows, or NULL. */
static const char *
read_digits(int64_t *out, const char *s, char end)
{
	char *rest;

	if (!s || !isdigit((unsigned char)*s))
		return NULL;
	errno = 0;
	*out = strtoll(s, &rest, 10);
	return !errno && *rest == end ? rest + 1 : NULL;
}

enum err
return_message_id_read(int64_t *issue_id, int64_t *mail_id, struct ctx *c,
		       const char *id)
{
	const char *end = id + local_length(c, id), *p;
	struct subject s = {ISSUE, {0}, 2};
	unsigned char mac[SHORT_MAC];
	enum err e;

	if (end == id || strncasecmp(id, ISSUE, strlen(ISSUE)) != 0)
		return ERR_NOTFOUND;
	p = read_digits(&s.numbers[0], id + strlen(ISSUE), '-');
	p = read_digits(&s.numbers[1], p, '.');
	if (!p || p > end || !base32_read(mac, SHORT_MAC, p, (size_t)(end - p)))
		return ERR_NOTFOUND;
	e = check_mac(c, mac, &s);
	if (e)
		return e;
	*issue_id = s.numbers[0];
	*mail_id = s.numbers[1];
	return OK;
}

/* --- hiding -------------------------------------------------------------- */

/* The length of "reply+" or "bounce+" at s, before base32 and an '@'; *secret
 * is that of the base32. 0: something else is there. */
static size_t
secret_at(size_t *secret, const char *s)
{
	const size_t kind =
	    strncasecmp(s, REPLY, strlen(REPLY)) == 0	  ? strlen(REPLY)
	    : strncasecmp(s, BOUNCE, strlen(BOUNCE)) == 0 ? strlen(BOUNCE)
							  : 0;
	size_t n = 0;

	while (kind && isalnum((unsigned char)s[kind + n]))
		n++;
	*secret = n;
	return n && s[kind + n] == '@' ? kind : 0;
}

const char *
return_address_hide(struct arena *a, const char *text)
{
	const char *from = text;
	struct buf b;
	size_t kind, secret;

	if (!text || !strchr(text, '+'))
		return text;
	buf_init(&b, strlen(text) + 1);
	for (const char *s = text; *s; s++) {
		kind = secret_at(&secret, s);
		if (!kind)
			continue;
		buf_add(&b, from, (size_t)(s + kind - from));
		buf_adds(&b, "\xe2\x80\xa6");
		from = s += kind + secret;
	}
	buf_adds(&b, from);
	text = arena_memdup(a, b.data, b.len);
	buf_release(&b);
	return text;
}
