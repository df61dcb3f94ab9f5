#include "db/lease.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/ctx.h"
#include "base/json_writer.h"
#include "db/db.h"

#define BACKOFF_MIN USEC_PER_SEC
#define BACKOFF_MAX (900 * USEC_PER_SEC)

enum err
lease_rows(struct ctx *c, struct stmt *s, const int64_t *ids, size_t n,
	   const char *owner, usec_t until)
{
	if (!n)
		return OK;
	return db_run(c->db, s,
		      ARGS(arg_text(json_id_list(c->arena, ids, n)),
			   arg_text(owner), arg_time(until)));
}

bool
lease_is_dead(const char *owner, const char *host)
{
	size_t n = strlen(host);
	char *end;
	long pid;

	if (strncmp(owner, host, n) != 0 || owner[n] != ':')
		return false;
	pid = strtol(owner + n + 1, &end, 10);
	return *end == ':' && pid > 0 && kill((pid_t)pid, 0) != 0 &&
	       errno == ESRCH;
}

const char *
lease_next_dead(struct rows *owners, const char *host)
{
	const char *owner;

	while (rows_next(owners)) {
		owner = col_text(owners);
		if (lease_is_dead(owner, host))
			return owner;
	}
	return NULL;
}

usec_t
lease_jitter(usec_t wait)
{
	return wait - (usec_t)random_below((unsigned)(wait / 2));
}

usec_t
lease_backoff(int64_t attempts)
{
	usec_t wait = BACKOFF_MIN;

	while (attempts-- > 0 && wait < BACKOFF_MAX)
		wait *= 2;
	return lease_jitter(wait > BACKOFF_MAX ? BACKOFF_MAX : wait);
}
