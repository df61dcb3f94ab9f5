#include "hash.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "db/db.h"

struct hash
hash_of(const char *text)
{
	struct hash h = {{0}};

	hash_text(h.bytes, text);
	return h;
}

/* The end of "](target)"; NULL if there is none at `p`. */
static const char *
skip_target(const char *p)
{
	const char *end;

	if (p[0] != ']' || p[1] != '(')
		return NULL;
	end = strchr(p, ')');
	return end ? end + 1 : NULL;
}

struct hash
loose_hash_of(const char *text)
{
	struct hash h = {{0}};
	struct buf letters;
	const char *p = text, *next;

	buf_init(&letters, strlen(text) + 1);
	while (*p) {
		next = skip_target(p);
		if (next) {
			p = next;
			continue;
		}
		if (isalnum((unsigned char)*p) || (unsigned char)*p >= 0x80)
			buf_addc(&letters, *p);
		p++;
	}
	hash_bytes(h.bytes, letters.len ? letters.data : "", letters.len);
	buf_release(&letters);
	return h;
}

bool
hash_same(const struct hash *a, const struct hash *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool
hash_matches(const struct hash *h, const char *text)
{
	struct hash other = hash_of(text);

	return hash_same(h, &other);
}

bool
texts_are_similar(const char *a, const char *b)
{
	struct hash x = loose_hash_of(a), y = loose_hash_of(b);

	return hash_same(&x, &y);
}

struct hash
col_hash(struct rows *r)
{
	struct hash h = {{0}};
	size_t n;
	const char *p = col_bytes(r, &n);

	if (p && n == sizeof(h.bytes))
		memcpy(h.bytes, p, n);
	return h;
}

struct arg
arg_hash(const struct hash *h)
{
	return arg_bytes(h->bytes, sizeof(h->bytes));
}
