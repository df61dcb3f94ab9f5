/* Hashes, signatures, passwords and random values, all by libsodium
 * (crypto.h): the only file that calls it. */
#include "base/crypto.h"

#include <ctype.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define ARGON_MEMORY ((size_t)19 << 20)
#define ARGON_PASSES 2

void
crypto_init(void)
{
	if (sodium_init() < 0)
		abort();
}

void
hash_bytes(unsigned char out[HASH_BYTES], const void *p, size_t n)
{
	crypto_generichash(out, HASH_BYTES, p, n, NULL, 0);
}

void
hash_text(unsigned char out[HASH_BYTES], const char *s)
{
	hash_bytes(out, s, strlen(s));
}

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(struct sha256),
	       "the state fits");

static crypto_hash_sha256_state *
sha256_state(struct sha256 *h)
{
	return (crypto_hash_sha256_state *)(void *)h->state;
}

void
sha256_begin(struct sha256 *h)
{
	crypto_hash_sha256_init(sha256_state(h));
}

void
sha256_add(struct sha256 *h, const void *p, size_t n)
{
	crypto_hash_sha256_update(sha256_state(h), p, n);
}

void
sha256_end(char out[SHA256_TEXT], struct sha256 *h)
{
	unsigned char raw[crypto_hash_sha256_BYTES];

	crypto_hash_sha256_final(sha256_state(h), raw);
	sodium_bin2hex(out, SHA256_TEXT, raw, sizeof(raw));
}

void
base64(char *out, const void *p, size_t n)
{
	sodium_bin2base64(out, BASE64_TEXT(n), p, n,
			  sodium_base64_VARIANT_ORIGINAL);
}

void
random_token(char out[TOKEN_TEXT])
{
	unsigned char raw[32];

	randombytes_buf(raw, sizeof(raw));
	sodium_bin2base64(out, TOKEN_TEXT, raw, sizeof(raw),
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(raw, sizeof(raw));
}

void
random_uuid(char out[UUID_TEXT])
{
	static const int dashes[] = {8, 13, 18, 23};
	unsigned char raw[16];
	char hex[33];
	size_t from = 0;

	randombytes_buf(raw, sizeof(raw));
	raw[6] = (unsigned char)((raw[6] & 0x0f) | 0x40);
	raw[8] = (unsigned char)((raw[8] & 0x3f) | 0x80);
	sodium_bin2hex(hex, sizeof(hex), raw, sizeof(raw));
	for (int i = 0, d = 0; i < UUID_TEXT - 1; i++) {
		if (d < 4 && i == dashes[d]) {
			out[i] = '-';
			d++;
		} else {
			out[i] = hex[from++];
		}
	}
	out[UUID_TEXT - 1] = '\0';
}

bool
uuid_valid(const char *s)
{
	for (int i = 0; i < UUID_TEXT - 1; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s[i] != '-' : !isxdigit((unsigned char)s[i]))
			return false;
	}
	return s[UUID_TEXT - 1] == '\0';
}

unsigned
random_below(unsigned below)
{
	return randombytes_uniform(below);
}

void
password_hash(char out[PASSWORD_HASH_TEXT], const char *password)
{
	if (crypto_pwhash_str(out, password, strlen(password), ARGON_PASSES,
			      ARGON_MEMORY) != 0)
		abort(); /* out of memory */
}

bool
password_matches(const char *hash, const char *password)
{
	/* the hash of a random password that nobody knows, with the same
	 * parameters: an account that does not exist costs the same time */
	static const char nobody[] =
	    "$argon2id$v=19$m=19456,t=2,p=1$IjaQOZgqb"
	    "nmwJyZKxd+0Kg$K7EPZjDDkGDsMBbN8Nh5DTYHY+HkVZCP0xSBPY5M6l0";
	bool exists = hash && *hash;

	return crypto_pwhash_str_verify(exists ? hash : nobody, password,
					strlen(password)) == 0 &&
	       exists;
}

void
hmac_sha256_hex(char out[HMAC_HEX_TEXT], const char *key, const void *p,
		size_t n)
{
	const struct mac_part all = {p, n};
	unsigned char mac[MAC_BYTES];

	hmac_sha256(mac, key, &all, 1);
	hex_text(out, mac, sizeof(mac));
}

void
hmac_sha256(unsigned char out[MAC_BYTES], const char *key,
	    const struct mac_part *parts, size_t count)
{
	crypto_auth_hmacsha256_state st;

	crypto_auth_hmacsha256_init(&st, (const unsigned char *)key,
				    strlen(key));
	for (size_t i = 0; i < count; i++)
		crypto_auth_hmacsha256_update(&st, parts[i].p, parts[i].n);
	crypto_auth_hmacsha256_final(&st, out);
}

void
hex_text(char *out, const void *p, size_t n)
{
	sodium_bin2hex(out, HEX_TEXT(n), p, n);
}

bool
same_bytes(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}

bool
same_secret(const char *a, const char *b)
{
	size_t n = strlen(a);

	return n == strlen(b) && sodium_memcmp(a, b, n) == 0;
}
