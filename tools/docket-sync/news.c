/* What follows from changes, see lib/events. Workers tell through a pipe which
 * issues have news. Those are gathered for some milliseconds, since a batch
 * costs little more than one issue; meanwhile nothing wakes the daemon for
 * them. The outbox is also read at intervals, since what is told can get lost,
 * and other hosts tell nothing. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "docket-sync.h"

#define POLL  (500 * USEC_PER_MSEC)
#define AGAIN (20 * USEC_PER_MSEC)
#define BURST (50 * USEC_PER_MSEC) /* for many batches, before other work */

/* How long issues are gathered, and while there are very many of them: BUSY of
 * them within the shorter time. */
#define GATHER	    (12 * USEC_PER_MSEC)
#define GATHER_MANY (32 * USEC_PER_MSEC)
#define BUSY	    8

/* The rate at which they came tells how long to gather the next ones. */
static void
adapt_gathering(struct news_work *w)
{
	const usec_t took = clock_monotonic() - w->gathered_since;

	w->gather = w->n >= BUSY && (usec_t)w->n * GATHER >= BUSY * took
			? GATHER_MANY
			: GATHER;
}

static void
derive_gathered(struct daemon *d)
{
	struct ctx c = daemon_ctx(d, d->arena);
	const usec_t soon = clock_monotonic() + AGAIN;
	bool all = true;
	enum err e;

	adapt_gathering(&d->news);
	e = events_derive(&all, &c, consumers, d->news.ids, d->news.n);

	d->news.n = 0;
	if (!all && d->news.next > soon) /* somebody is changing it */
		d->news.next = soon;
	daemon_note_db(d, e == ERR_AGAIN ? OK : e);
}

void
news_gather(struct daemon *d, int64_t issue_id)
{
	struct news_work *w = &d->news;

	for (size_t i = 0; i < w->n; i++)
		if (w->ids[i] == issue_id)
			return;
	if (!w->n) {
		w->gathered_since = clock_monotonic();
		w->gathered_at = w->gathered_since + w->gather;
	}
	w->ids[w->n++] = issue_id;
	if (w->n == OUTBOX_BATCH)
		derive_gathered(d);
}

void
news_take(struct daemon *d)
{
	if (d->news.n)
		derive_gathered(d);
}

/* Creates the pipe, unless it is there. */
static bool
make_pipe(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == 0 && !S_ISFIFO(st.st_mode))
		unlink(path);
	return (mkfifo(path, 0600) == 0 && chmod(path, 0660) == 0) ||
	       errno == EEXIST;
}

void
news_open(struct daemon *d)
{
	char path[NEWS_PATH];

	if (d->news.pipe >= 0 || d->news.failed)
		return;
	outbox_news_path(path, d->conf);
	if (make_pipe(path)) /* also for writing: so it never ends */
		d->news.pipe = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	d->news.failed = d->news.pipe < 0;
	if (d->news.failed)
		log_event(LOG_WARN, "no_pipe", "path", path, "reason",
			  strerror(errno), NULL);
}

void
news_close(struct daemon *d)
{
	if (d->news.pipe >= 0)
		close(d->news.pipe);
	d->news.pipe = -1;
}

int
news_watched(const struct daemon *d)
{
	return d->news.n ? -1 : d->news.pipe;
}

/* Reads a batch of what was told; what is left comes next. */
static void
read_pipe(struct daemon *d)
{
	int64_t ids[OUTBOX_BATCH];
	const ssize_t got =
	    d->news.pipe < 0 ? 0 : read(d->news.pipe, ids, sizeof(ids));

	for (ssize_t i = 0; i < got / (ssize_t)sizeof(ids[0]); i++) {
		if (ids[i] > 0)
			news_gather(d, ids[i]);
		else
			d->news.next = 0;
	}
}

void
news_look(struct daemon *d)
{
	struct ctx c = daemon_ctx(d, d->arena);
	const usec_t now = clock_monotonic();
	bool more = false, again = false;
	enum err e;

	if (!d->news.n || now >= d->news.gathered_at)
		read_pipe(d);
	if (d->news.n && now >= d->news.gathered_at)
		derive_gathered(d);
	if (now < d->news.next && !d->news.more)
		return;
	d->news.next = now + POLL;
	do
		e = events_derive_some(&more, &d->news.turn, &c, consumers,
				       d->owner);
	while (!e && more && clock_monotonic() < now + BURST);
	if (!e)
		e = events_retry(&again, &c, consumers);
	daemon_note_db(d, e == ERR_AGAIN ? OK : e);
	d->news.more = !e && (more || again);
}
