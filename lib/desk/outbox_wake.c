/* The messages that make docket-sync look at an issue, or at its queues, at
 * once. A message that is lost delays what follows from a change until the
 * daemon's next look; the rows in the database lose nothing.
 *
 * Every change is told through a pipe: it has room for thousands, and the
 * daemon reads many at once, while the queue of a datagram socket holds ten,
 * and each of them wakes it. The socket is for what has to be done at once, and
 * for acks. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/conf.h"
#include "db/wake.h"
#include "desk/outbox.h"

/* Returns a datagram socket bound to an address that the kernel picks, so
 * that the daemon can answer; -1 on failure. */
static int
open_socket(void)
{
	struct sockaddr_un self = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	/* with only the family given, the kernel binds it (unix(7)) */
	if (fd >= 0 &&
	    bind(fd, (struct sockaddr *)&self, sizeof(self.sun_family)) != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static bool
send_wake(int fd, const char *path, const struct wake *n)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof(to.sun_path))
		return false;
	memcpy(to.sun_path, path, strlen(path) + 1);
	return sendto(fd, n, sizeof(*n), MSG_DONTWAIT, (struct sockaddr *)&to,
		      sizeof(to)) == sizeof(*n);
}

/* Waits until the deadline for the ack for this issue. */
static bool
wait_for_ack(int fd, int64_t issue_id, usec_t deadline)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	struct wake ack;
	usec_t left;

	while ((left = deadline - clock_monotonic()) > 0) {
		if (poll(&p, 1, (int)(left / USEC_PER_MSEC) + 1) <= 0)
			continue;
		if (recv(fd, &ack, sizeof(ack), MSG_DONTWAIT) != sizeof(ack) ||
		    ack.issue_id != issue_id)
			continue;
		return ack.verb == WAKE_ACK_DONE;
	}
	return false;
}

bool
outbox_wake_and_wait(struct ctx *c, int64_t issue_id)
{
	struct wake n = {.verb =
			     c->conf->linear_wait_ms ? WAKE_WAIT : WAKE_NO_WAIT,
			 .issue_id = issue_id};
	usec_t deadline =
	    clock_monotonic() + c->conf->linear_wait_ms * USEC_PER_MSEC;
	bool done;
	int fd;

	if (!c->conf->linear_api_key)
		return false; /* outbox_wake_news() tells the rest */
	fd = open_socket();
	if (fd < 0)
		return false;
	done = send_wake(fd, c->conf->sync_socket, &n);
	if (done && !c->news.others)
		c->news = (struct news_mark){0};
	done =
	    done && n.verb == WAKE_WAIT && wait_for_ack(fd, issue_id, deadline);
	close(fd);
	return done;
}

/* Sends a message that nobody waits for, from a socket that is kept. */
static bool
send_only(const struct conf *conf, int64_t verb, int64_t issue_id)
{
	static int fd = -1;
	const struct wake n = {.verb = verb, .issue_id = issue_id};

	if (fd < 0)
		fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return fd >= 0 && send_wake(fd, conf->sync_socket, &n);
}

void
outbox_wake(struct ctx *c)
{
	if (send_only(c->conf, WAKE_NO_WAIT, 0))
		c->news = (struct news_mark){0};
}

void
outbox_news_path(char out[NEWS_PATH], const struct conf *conf)
{
	(void)snprintf(out, NEWS_PATH, "%s/run/news.pipe", conf->state);
}

/* Writes to the pipe, which is kept open. False: no daemon has it open. A full
 * one is no failure: the daemon also looks at the outbox by itself. */
static bool
write_news(const struct conf *conf, int64_t issue_id)
{
	static int fd = -1;
	char path[NEWS_PATH];

	for (int runs = 0; runs < 2; runs++) {
		if (fd < 0) {
			outbox_news_path(path, conf);
			fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
		}
		if (fd < 0)
			return false;
		if (write(fd, &issue_id, sizeof(issue_id)) >= 0 ||
		    errno == EAGAIN)
			return true;
		/* the daemon has gone; there may be another pipe */
		close(fd);
		fd = -1;
	}
	return false;
}

bool
outbox_wake_news(struct ctx *c)
{
	const struct news_mark m = c->news;

	if (!m.issue_id)
		return true;
	c->news = (struct news_mark){0};
	return write_news(c->conf, m.others ? 0 : m.issue_id);
}
