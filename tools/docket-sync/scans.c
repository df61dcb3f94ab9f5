/* The scans under way: clamd is asked about each new file (files/scan.h). What
 * it says is the file's state. Several daemons may ask about the same file,
 * which does no harm: the first answer counts.
 *
 * While clamd is away, files remain as they are, and it is asked again every
 * some seconds. A file with which it has an error is tried again for an hour;
 * then it counts as not checked. */

#include <unistd.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/log.h"
#include "desk/attachment.h"
#include "docket-sync.h"
#include "files/store.h"

/* How often to look for files, and how soon again when clamd is away. */
#define POLL  (500 * USEC_PER_MSEC)
#define RETRY (5 * USEC_PER_SEC)

#define TRIED_FOR (3600 * USEC_PER_SEC)

static const char *
id_text(struct daemon *d, int64_t id)
{
	return arena_printf(d->arena, "%lld", (long long)id);
}

static struct scanning *
free_place(struct daemon *d)
{
	for (size_t i = 0; i < SCANS_MAX; i++)
		if (!d->scans.list[i].id)
			return &d->scans.list[i];
	return NULL;
}

size_t
scans_busy(const struct daemon *d)
{
	size_t n = 0;

	for (size_t i = 0; i < SCANS_MAX; i++)
		n += d->scans.list[i].id != 0;
	return n;
}

static bool
is_scanned(const struct daemon *d, int64_t id)
{
	for (size_t i = 0; i < SCANS_MAX; i++)
		if (d->scans.list[i].id == id)
			return true;
	return false;
}

/* Begins to scan a file. False: that is not possible now. A file that is not
 * there is found by `docketctl files verify`. */
static bool
scan_file(struct daemon *d, struct scanning *at, const struct attachment *a)
{
	const int fd = file_open(d->conf, a->organization_id, a->sha256, NULL);

	if (fd < 0 || !scan_begin(&at->scan, d->conf->clamd_socket, fd))
		log_event(LOG_ERROR, "scan_not_started", "file",
			  id_text(d, a->id), NULL);
	else
		at->id = a->id;
	if (fd >= 0)
		close(fd);
	return at->id != 0;
}

/* Takes up files that wait, as far as there is room. */
static enum err
scan_some(struct daemon *d, struct ctx *c)
{
	struct scanning *at;
	struct attachment *list;
	size_t n = 0;
	enum err e = attachment_waiting(&list, &n, c, ATTACHMENT_CHECKING, true,
					d->scans.behind, SCANS_MAX);

	for (size_t i = 0; !e && i < n && (at = free_place(d)); i++) {
		d->scans.behind = list[i].id;
		d->scans.next = 0;
		if (is_scanned(d, list[i].id) || scan_file(d, at, &list[i]))
			continue;
		d->scans.next = clock_monotonic() + RETRY;
		break;
	}
	if (!n)
		d->scans.behind = 0;
	return e;
}

/* Without clamd, only once: for files that waited for it. */
void
scans_begin(struct daemon *d)
{
	struct ctx c = daemon_ctx(d, d->arena);
	const usec_t now = clock_monotonic();
	enum err e = OK;

	if (now < d->scans.next)
		return;
	d->scans.next = now + POLL;
	if (!d->conf->clamd_socket) {
		e = attachment_stop_waiting(&c);
		if (!e)
			d->scans.next = INT64_MAX;
	} else if (free_place(d)) {
		e = scan_some(d, &c);
	}
	daemon_note_db(d, e);
}

/* After a failure, the next file is another one: this one may be the cause. */
static void
note_result(struct daemon *d, enum scan_result result)
{
	const bool is_away = result == SCAN_AWAY;

	if (is_away != d->scans.is_away)
		log_event(is_away ? LOG_WARN : LOG_INFO,
			  is_away ? "clamd_away" : "clamd_back", NULL);
	d->scans.is_away = is_away;
	d->scans.next =
	    is_away || result == SCAN_FAILED ? clock_monotonic() + RETRY : 0;
}

/* The file's state after an answer; ATTACHMENT_CHECKING: to be tried again. */
static enum attachment_state
state_after(const struct scan_answer *answer, const struct attachment *a,
	    usec_t now)
{
	usec_t since = 0;

	switch (answer->result) {
	case SCAN_CLEAN:
		return ATTACHMENT_READY;
	case SCAN_INFECTED:
		return ATTACHMENT_INFECTED;
	case SCAN_TOO_LARGE:
		return ATTACHMENT_UNCHECKED;
	case SCAN_FAILED:
		(void)clock_parse(&since, a->created_at);
		return now - since > TRIED_FOR ? ATTACHMENT_UNCHECKED
					       : ATTACHMENT_CHECKING;
	case SCAN_AWAY:
		break;
	}
	return ATTACHMENT_CHECKING;
}

static void
log_answer(struct daemon *d, int64_t id, const struct scan_answer *answer)
{
	static const struct {
		enum log_level level;
		const char *event;
	} events[] = {
	    [SCAN_CLEAN] = {LOG_DEBUG, "file_clean"},
	    [SCAN_INFECTED] = {LOG_WARN, "file_infected"},
	    [SCAN_TOO_LARGE] = {LOG_WARN, "file_too_large_to_scan"},
	    [SCAN_FAILED] = {LOG_WARN, "scan_failed"},
	    [SCAN_AWAY] = {LOG_DEBUG, "file_not_scanned"},
	};

	log_event(events[answer->result].level, events[answer->result].event,
		  "file", id_text(d, id), "words", answer->words, NULL);
}

/* Records an answer. If the database is away, the file is scanned again. */
static void
take_scan_answer(struct daemon *d, int64_t id, const struct scan_answer *answer)
{
	struct ctx c = daemon_ctx(d, d->arena);
	enum attachment_state state = ATTACHMENT_CHECKING;
	struct attachment *a;
	enum err e = attachment_find(&a, &c, id);

	log_answer(d, id, answer);
	note_result(d, answer->result);
	if (!e)
		state = state_after(answer, a, c.now);
	if (!e && state != ATTACHMENT_CHECKING)
		e = attachment_scanned(&c, id, state);
	/* it was deleted */
	if (e == ERR_NOTFOUND)
		e = OK;
	daemon_note_db(d, e);
	d->news.next = 0;
}

void
scans_poll(struct daemon *d)
{
	struct scan_answer answer;

	for (size_t i = 0; i < SCANS_MAX; i++) {
		struct scanning *at = &d->scans.list[i];
		const int64_t id = at->id;

		if (!id || !scan_take(&answer, &at->scan))
			continue;
		at->id = 0;
		take_scan_answer(d, id, &answer);
	}
}

size_t
scans_watch(int *fds, const struct daemon *d)
{
	size_t n = 0;

	for (size_t i = 0; i < SCANS_MAX; i++)
		if (d->scans.list[i].id)
			fds[n++] = d->scans.list[i].scan.pipe;
	return n;
}

void
scans_stop(struct daemon *d)
{
	for (size_t i = 0; i < SCANS_MAX; i++) {
		if (d->scans.list[i].id)
			scan_stop(&d->scans.list[i].scan);
		d->scans.list[i].id = 0;
	}
}
