/* The datagram socket: workers wake the daemon, and some wait for an ack.
 *
 * One daemon of the machine owns the socket file; another takes it over once
 * the owner is gone. Only a quarter of the workers may wait, and nobody
 * while Linear is slow; the others get an ack to go on at once. */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/log.h"
#include "desk/outbox.h"
#include "docket-sync.h"

/* How often the socket's ownership is checked. */
#define LOOK_EVERY (2 * USEC_PER_SEC)

/* So many messages at once are a sign that the socket was full. */
#define OVERFLOW_SIGN 8

/* How long a measurement of Linear's speed counts. */
#define SLOW_FOR (60 * USEC_PER_SEC)

static bool
is_alive(const struct sockaddr_un *at)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool alive = fd >= 0 &&
		     connect(fd, (const struct sockaddr *)at, sizeof(*at)) == 0;

	if (fd >= 0)
		close(fd);
	return alive;
}

/* Another daemon may have taken over the socket's file. */
static bool
is_ours(const struct daemon *d)
{
	struct stat now;

	return d->waiters.socket >= 0 &&
	       stat(d->conf->sync_socket, &now) == 0 &&
	       now.st_dev == d->waiters.bound.st_dev &&
	       now.st_ino == d->waiters.bound.st_ino;
}

static void
close_socket(struct daemon *d)
{
	if (d->waiters.socket < 0)
		return;
	waiters_dismiss(d);
	close(d->waiters.socket);
	d->waiters.socket = -1;
}

static void
bind_socket(struct daemon *d, const struct sockaddr_un *at)
{
	unlink(at->sun_path);
	d->waiters.socket =
	    socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (d->waiters.socket >= 0 &&
	    bind(d->waiters.socket, (const struct sockaddr *)at, sizeof(*at)) ==
		0 &&
	    chmod(at->sun_path, 0660) == 0 &&
	    stat(at->sun_path, &d->waiters.bound) == 0)
		return;
	log_event(LOG_WARN, "no_socket", "path", at->sun_path, "reason",
		  strerror(errno), NULL);
	close_socket(d);
}

void
waiters_open(struct daemon *d)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	const usec_t now = clock_monotonic();

	if (now < d->waiters.next_check)
		return;
	d->waiters.next_check = now + LOOK_EVERY;
	if (is_ours(d))
		return;
	close_socket(d);
	memcpy(at.sun_path, d->conf->sync_socket,
	       strlen(d->conf->sync_socket) + 1);
	if (!is_alive(&at))
		bind_socket(d, &at);
}

void
waiters_close(struct daemon *d)
{
	if (is_ours(d))
		unlink(d->conf->sync_socket);
	close_socket(d);
}

static void
send_ack(struct daemon *d, const struct waiter *w, enum wake_verb verb)
{
	const struct wake n = {.verb = verb, .issue_id = w->issue_id};

	/* a peer that is gone, or whose buffer is full, gets no ack */
	(void)sendto(d->waiters.socket, &n, sizeof(n), MSG_DONTWAIT,
		     (const struct sockaddr *)&w->address, w->size);
}

void
waiters_ack(struct daemon *d, int64_t issue_id, enum wake_verb verb)
{
	for (size_t i = 0; i < WAITERS_MAX; i++) {
		if (d->waiters.list[i].issue_id != issue_id)
			continue;
		send_ack(d, &d->waiters.list[i], verb);
		d->waiters.list[i].issue_id = 0;
	}
}

void
waiters_dismiss(struct daemon *d)
{
	for (size_t i = 0; i < WAITERS_MAX; i++) {
		if (!d->waiters.list[i].issue_id)
			continue;
		send_ack(d, &d->waiters.list[i], WAKE_ACK_LATER);
		d->waiters.list[i].issue_id = 0;
	}
}

/* A quarter of the workers may wait, since they have other requests to
 * serve. */
static size_t
waiter_limit(const struct daemon *d)
{
	const size_t most = (size_t)d->conf->workers / 4;

	return most < 1 ? 1 : most > WAITERS_MAX ? WAITERS_MAX : most;
}

void
waiters_record_time(struct daemon *d, usec_t took)
{
	d->waiters.took[1] = d->waiters.took[0];
	d->waiters.took[0] = took;
	d->waiters.answered_at = clock_monotonic();
}

/* If the last two requests both took more than half of the waiting time, few
 * jobs would end in time for those who wait. A single slow answer, or an old
 * one, is no sign of that. */
static bool
is_slow(const struct daemon *d)
{
	const usec_t most = d->conf->linear_wait_ms * USEC_PER_MSEC / 2;

	return d->waiters.took[0] > most && d->waiters.took[1] > most &&
	       clock_monotonic() - d->waiters.answered_at < SLOW_FOR;
}

static bool
add_waiter(struct daemon *d, const struct waiter *w)
{
	const usec_t now = clock_monotonic();

	for (size_t i = 0; i < waiter_limit(d); i++) {
		struct waiter *place = &d->waiters.list[i];

		if (place->issue_id && place->until > now)
			continue;
		*place = *w;
		place->until = now + d->conf->linear_wait_ms * USEC_PER_MSEC;
		return true;
	}
	return false;
}

/* A wake message for an issue. The waiter is added before the job begins,
 * since the job may end at once. */
static void
take_wake(struct daemon *d, const struct waiter *w, bool waits)
{
	bool remembered =
	    waits && !d->stopping && !is_slow(d) && add_waiter(d, w);
	enum err e = OK;

	if (waits && !remembered)
		send_ack(d, w, WAKE_ACK_LATER);
	if (!d->stopping && d->conf->linear_api_key)
		e = d->waiters.on_wake(d, w->issue_id);
	if (e == ERR_NOTFOUND)
		waiters_ack(d, w->issue_id, WAKE_ACK_DONE);
	else if (e)
		waiters_ack(d, w->issue_id, WAKE_ACK_LATER);
}

/* A message, and where it came from. */
struct message {
	struct wake wake;
	struct waiter from;
};

/* Reads up to OUTBOX_BATCH messages. */
static size_t
read_messages(struct message *list, struct daemon *d)
{
	size_t n = 0;

	while (n < OUTBOX_BATCH && d->waiters.socket >= 0) {
		struct message *m = &list[n];
		ssize_t got;

		m->from = (struct waiter){.size = sizeof(m->from.address)};
		got = recvfrom(
		    d->waiters.socket, &m->wake, sizeof(m->wake), MSG_DONTWAIT,
		    (struct sockaddr *)&m->from.address, &m->from.size);
		if (got < 0)
			break;
		m->from.issue_id = m->wake.issue_id;
		if (got == sizeof(m->wake))
			n++;
	}
	return n;
}

/* What follows from their news is derived before their jobs begin. */
static void
take_messages(struct daemon *d, const struct message *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (list[i].wake.issue_id <= 0)
			d->next_poll = d->news.next = d->mails_in.next = 0;
		else if (!d->stopping)
			d->waiters.on_news(d, list[i].wake.issue_id);
	}
	if (n)
		d->waiters.on_hurry(d);
	for (size_t i = 0; i < n; i++)
		if (list[i].wake.issue_id > 0)
			take_wake(d, &list[i].from,
				  list[i].wake.verb == WAKE_WAIT);
}

void
waiters_read(struct daemon *d)
{
	struct message list[OUTBOX_BATCH];
	size_t n;

	do {
		n = read_messages(list, d);
		take_messages(d, list, n);
		/* the socket holds few: others may have been dropped */
		if (n >= OVERFLOW_SIGN)
			d->news.next = 0;
	} while (n == OUTBOX_BATCH);
}
