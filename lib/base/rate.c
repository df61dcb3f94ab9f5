/* The file holds a secret, and behind it a number for each of 65,536 places:
 * the time until which what has happened so far uses up the average rate (the
 * generic cell rate algorithm). A place is locked while it is read and written.
 */

#include "base/rate.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"

/* Nobody can choose a key that shares the place of another one: a key's place
 * depends on the secret. */
static char secret[TOKEN_TEXT];
static int file = -1;

static bool
lock_bytes(off_t at, off_t n, short type)
{
	struct flock lock = {
	    .l_type = type, .l_whence = SEEK_SET, .l_start = at, .l_len = n};

	return fcntl(file, F_SETLKW, &lock) == 0;
}

/* The first process that opens the file makes the secret. */
static bool
read_secret(void)
{
	bool ok;

	if (!lock_bytes(0, sizeof(secret), F_WRLCK))
		return false;
	ok = pread(file, secret, sizeof(secret), 0) == sizeof(secret);
	if (!ok) {
		random_token(secret);
		ok = pwrite(file, secret, sizeof(secret), 0) == sizeof(secret);
	}
	(void)lock_bytes(0, sizeof(secret), F_UNLCK);
	return ok;
}

bool
rate_open(const char *path)
{
	if (file >= 0)
		close(file);
	file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (file >= 0 && read_secret())
		return true;
	if (file >= 0)
		close(file);
	file = -1;
	return false;
}

static off_t
rate_place(const char *key)
{
	unsigned char bytes[2 * HASH_BYTES], hash[HASH_BYTES];

	hash_text(bytes, secret);
	hash_text(bytes + HASH_BYTES, key);
	hash_bytes(hash, bytes, sizeof(bytes));
	return (off_t)sizeof(secret) +
	       (off_t)sizeof(usec_t) * (hash[0] | hash[1] << 8);
}

/* A time that is too far ahead was written before the machine was started
 * again: its clock began anew. */
static usec_t
count_one(usec_t *until, usec_t now, usec_t interval, int burst)
{
	if (*until < now || *until > now + interval * (burst + 1))
		*until = now;
	if (*until > now + interval * burst)
		return *until - interval * burst - now;
	*until += interval;
	return 0;
}

usec_t
rate_take(const char *key, usec_t interval, int burst)
{
	const off_t at = file < 0 ? 0 : rate_place(key);
	usec_t until = 0, wait;

	if (file < 0 || !lock_bytes(at, sizeof(until), F_WRLCK))
		return 0;
	if (pread(file, &until, sizeof(until), at) != sizeof(until))
		until = 0;
	wait = count_one(&until, clock_monotonic(), interval, burst);
	if (!wait)
		(void)!pwrite(file, &until, sizeof(until), at);
	(void)lock_bytes(at, sizeof(until), F_UNLCK);
	return wait;
}
