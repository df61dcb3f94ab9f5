#ifndef LINEAR_CONNECTION_H
#define LINEAR_CONNECTION_H

#include <stdbool.h>

/* What client.c and fetch.c share. */

struct conf;
struct transfers;

struct linear {
	const struct conf *conf;
	struct transfers *transfers;
};

#define CONNECT_MS 5000

/* The longest time for a file: shorter than a lease (db/lease.h). */
#define FILE_MS 50000

/* Whether the URL is of a file of Linear's: only those get the key. */
bool linear_has_file(const char *url, const char *files_url);

/* Whether a file may be sent to that URL, or fetched from it: by TLS, unless
 * Linear's files themselves are reached without, as in tests. */
bool linear_is_safe_url(const char *url, const char *files_url);

#endif
