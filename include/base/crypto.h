#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>

/* libsodium's functions, in the sizes and text forms that Docket uses. */

#define HASH_BYTES	   32 /* BLAKE2b-256 */
#define TOKEN_TEXT	   44 /* 256 random bits in URL-safe base64, NUL included */
#define UUID_TEXT	   37 /* NUL included */
#define PASSWORD_HASH_TEXT 129
#define HMAC_HEX_TEXT	   65

/* Call once per process, before anything else here. Aborts if there is no
 * source of randomness. */
void crypto_init(void);

void hash_bytes(unsigned char out[HASH_BYTES], const void *p, size_t n);
void hash_text(unsigned char out[HASH_BYTES], const char *s);

/* SHA-256 of a stream, in lower-case hexadecimal. */
#define SHA256_TEXT 65
struct sha256 {
	_Alignas(8) unsigned char state[128];
};
void sha256_begin(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *p, size_t n);
void sha256_end(char out[SHA256_TEXT], struct sha256 *h);

/* Base64 (RFC 4648); `out` has room for BASE64_TEXT(n). */
#define BASE64_TEXT(n) (((n) + 2) / 3 * 4 + 1)
void base64(char *out, const void *p, size_t n);

void random_token(char out[TOKEN_TEXT]);
void random_uuid(char out[UUID_TEXT]); /* version 4, lower case */
bool uuid_valid(const char *s);	       /* any version, either case */

/* A number in [0, below), uniformly. */
unsigned random_below(unsigned below);

/* Argon2id, at about 50 ms and 19 MiB (OWASP's parameters: m=19 MiB, t=2). */
void password_hash(char out[PASSWORD_HASH_TEXT], const char *password);

/* Whether the password matches the hash. An empty hash never matches, and takes
 * as long as any other. */
bool password_matches(const char *hash, const char *password);

/* HMAC-SHA256 in lower-case hexadecimal, as Linear signs webhooks. */
void hmac_sha256_hex(char out[HMAC_HEX_TEXT], const char *key, const void *p,
		     size_t n);

/* The same of several parts, one after another, as bytes. */
#define MAC_BYTES 32
struct mac_part {
	const void *p;
	size_t n;
};
void hmac_sha256(unsigned char out[MAC_BYTES], const char *key,
		 const struct mac_part *parts, size_t count);

/* Bytes as lower-case hexadecimal; `out` has room for HEX_TEXT(n). */
#define HEX_TEXT(n) (2 * (n) + 1)
void hex_text(char *out, const void *p, size_t n);

/* Whether n bytes are equal, in a time that does not depend on them. */
bool same_bytes(const void *a, const void *b, size_t n);

/* Whether two texts are equal. The time it takes reveals only their lengths. */
bool same_secret(const char *a, const char *b);

#endif
