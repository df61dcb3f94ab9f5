#include "desk/outbox.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/conf.h"
#include "db/wake.h"
#include "desk/sync_job.h"

bool
outbox_wants(const struct issue *issue)
{
	return issue->linear_team_id || issue->organization_team_id;
}

enum err
outbox_mark(struct ctx *c, const struct issue *issue)
{
	if (!outbox_wants(issue))
		return OK;
	return job_mark(c, issue->id, issue->kind.organization_id);
}

enum err
outbox_mark_author(struct ctx *c, int64_t user_id, int64_t behind, int64_t to)
{
	return job_mark_author(c, user_id, behind, to);
}

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
		return false;
	fd = open_socket();
	if (fd < 0)
		return false;
	done = send_wake(fd, c->conf->sync_socket, &n) && n.verb == WAKE_WAIT &&
	       wait_for_ack(fd, issue_id, deadline);
	close(fd);
	return done;
}

void
outbox_wake(struct ctx *c)
{
	const struct wake n = {.verb = WAKE_NO_WAIT};
	int fd = open_socket();

	if (fd < 0)
		return;
	(void)send_wake(fd, c->conf->sync_socket, &n);
	close(fd);
}
