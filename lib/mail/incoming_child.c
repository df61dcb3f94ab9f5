/* The child process that reads a mail (tools/docket-mail-read): it is started,
 * watched and reaped here. The mail, the JSON and the files are in memory that
 * both processes share as files, so that neither waits for the other; a pipe
 * whose other end only the child has tells that it ended. Of the environment,
 * which holds the password of the database, the child gets only where the C
 * library finds the converters of charsets (in the folder for shared hosts). */
#include "incoming_child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "mail/incoming.h"

#define JSON_MAX (8UL << 20)

/* Above all descriptors that the child gets. */
#define OUR_FIRST_FD 10

enum { FD_MAIL, FD_JSON, FD_FILES, FD_ALIVE, FD_TIMER, FD_EPOLL, FDS };

struct incoming_child {
	pid_t pid;
	int fds[FDS];
};

void
incoming_child_close(struct incoming_child *child)
{
	for (int i = 0; i < FDS; i++)
		if (child->fds[i] >= 0)
			close(child->fds[i]);
	free(child);
}

/* --- starting it --------------------------------------------------------- */

static int
move_up(int fd)
{
	const int moved =
	    fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, OUR_FIRST_FD);

	if (fd >= 0)
		close(fd);
	return moved;
}

static bool
write_mail(int fd, const char *s, size_t n)
{
	while (n > 0) {
		const ssize_t done = write(fd, s, n);

		if (done <= 0)
			return false;
		s += done;
		n -= (size_t)done;
	}
	return true;
}

static bool
watch_child(struct incoming_child *child, int which)
{
	struct epoll_event event = {.events = EPOLLIN};

	return epoll_ctl(child->fds[FD_EPOLL], EPOLL_CTL_ADD, child->fds[which],
			 &event) == 0;
}

/* Opens all descriptors; *theirs is the child's end of the pipe. */
static bool
open_descriptors(struct incoming_child *child, int patience_s, int *theirs)
{
	const struct itimerspec time = {.it_value.tv_sec = patience_s};
	int ends[2];

	for (int i = FD_MAIL; i <= FD_FILES; i++)
		child->fds[i] = move_up(memfd_create("mail", MFD_CLOEXEC));
	if (pipe2(ends, O_CLOEXEC) == 0) {
		child->fds[FD_ALIVE] = move_up(ends[0]);
		*theirs = move_up(ends[1]);
	}
	child->fds[FD_TIMER] = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	child->fds[FD_EPOLL] = epoll_create1(EPOLL_CLOEXEC);
	for (int i = 0; i < FDS; i++)
		if (child->fds[i] < 0)
			return false;
	return *theirs >= 0 &&
	       timerfd_settime(child->fds[FD_TIMER], 0, &time, NULL) == 0 &&
	       watch_child(child, FD_ALIVE) && watch_child(child, FD_TIMER);
}

static bool
spawn_reader(struct incoming_child *child, const char *const *command,
	     int theirs)
{
	const char *converters = getenv("GCONV_PATH");
	char path[PATH_MAX], *environment[] = {path, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t signals;
	bool ok;

	snprintf(path, sizeof(path), "GCONV_PATH=%s",
		 converters ? converters : "");
	if (!converters)
		environment[0] = NULL;
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, child->fds[FD_MAIL], 0);
	posix_spawn_file_actions_adddup2(&files, child->fds[FD_JSON], 1);
	posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&files, child->fds[FD_FILES], 3);
	posix_spawn_file_actions_adddup2(&files, theirs, 4);
	posix_spawnattr_init(&attributes);
	/* Ctrl-C in the terminal ends the daemon, which waits for the child. */
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK |
						  POSIX_SPAWN_SETSIGDEF |
						  POSIX_SPAWN_SETPGROUP);
	sigemptyset(&signals);
	posix_spawnattr_setsigmask(&attributes, &signals);
	sigaddset(&signals, SIGPIPE);
	posix_spawnattr_setsigdefault(&attributes, &signals);
	/* it does not change them */
	ok = posix_spawn(&child->pid, command[0], &files, &attributes,
			 (char *const *)(uintptr_t)command, environment) == 0;
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return ok;
}

struct incoming_child *
incoming_child_start(const char *const *command, int patience_s,
		     const char *raw, size_t n)
{
	struct incoming_child *child = xmalloc(sizeof(*child));
	int theirs = -1;
	bool ok;

	for (int i = 0; i < FDS; i++)
		child->fds[i] = -1;
	ok = open_descriptors(child, patience_s, &theirs) &&
	     write_mail(child->fds[FD_MAIL], raw, n) &&
	     spawn_reader(child, command, theirs);
	if (theirs >= 0)
		close(theirs);
	if (ok)
		return child;
	incoming_child_close(child);
	return NULL;
}

int
incoming_mail_fd(const struct incoming_child *child)
{
	return child->fds[FD_EPOLL];
}

/* --- its end ---------------------------------------------------------------
 */

static int
incoming_reap(struct incoming_child *child)
{
	int status = 0;

	while (waitpid(child->pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

/* Whether the child ends within its time. */
static bool
wait_for_end(const struct incoming_child *child)
{
	struct pollfd fds[] = {{child->fds[FD_ALIVE], POLLIN, 0},
			       {child->fds[FD_TIMER], POLLIN, 0}};

	while (poll(fds, 2, -1) < 0)
		if (errno != EINTR)
			return false;
	return fds[0].revents != 0;
}

#define TOO_LONG "Reading the mail took too long."

static const char *
reason_of_signal(struct arena *a, int number)
{
	switch (number) {
	case SIGXCPU:
		return TOO_LONG;
	case SIGXFSZ:
		return "The files of the mail are too large to be kept.";
	case SIGSYS:
		return "The program that read the mail tried something that "
		       "it may not do.";
	case SIGKILL:
		return "The program that read the mail was killed, maybe "
		       "because the system was short of memory.";
	default:
		return arena_printf(a,
				    "The program that read the mail crashed "
				    "(signal %d).",
				    number);
	}
}

/* NULL: it has described the mail. */
static const char *
reason_of_exit(int status)
{
	switch (status) {
	case INCOMING_DESCRIBED:
		return NULL;
	case INCOMING_NO_MEMORY:
		return "Reading the mail took more memory than one mail may "
		       "use.";
	case INCOMING_SAYS_TOO_MUCH:
		return "The texts of the mail are too long to be kept.";
	default:
		return "The program that reads mails failed.";
	}
}

/* Why there is no description; NULL: there is one. */
static const char *
failure(struct arena *a, int status, bool has_ended)
{
	if (!has_ended)
		return TOO_LONG;
	if (status >= 0 && WIFSIGNALED(status))
		return reason_of_signal(a, WTERMSIG(status));
	return reason_of_exit(status < 0 ? INCOMING_BROKEN
					 : WEXITSTATUS(status));
}

/* The bytes of a file in memory, in the arena. */
static const char *
take_file(struct arena *a, int fd, size_t *n, size_t most)
{
	struct stat st;
	char *bytes;

	*n = 0;
	if (fstat(fd, &st) != 0 || st.st_size < 0 || (size_t)st.st_size > most)
		return NULL;
	bytes = arena_alloc(a, (size_t)st.st_size + 1);
	while (*n < (size_t)st.st_size) {
		const ssize_t done =
		    pread(fd, bytes + *n, (size_t)st.st_size - *n, (off_t)*n);

		if (done <= 0)
			return NULL;
		*n += (size_t)done;
	}
	return bytes;
}

const char *
incoming_child_wait(struct incoming_child *child, struct arena *a)
{
	const bool has_ended = wait_for_end(child);

	/* It may have closed its end of the pipe and live on. A process that is
	 * exiting keeps its status. */
	kill(child->pid, SIGKILL);
	return failure(a, incoming_reap(child), has_ended);
}

bool
incoming_child_take(struct incoming_output *out, struct incoming_child *child,
		    struct arena *a)
{
	out->json = take_file(a, child->fds[FD_JSON], &out->n, JSON_MAX);
	out->files =
	    take_file(a, child->fds[FD_FILES], &out->files_n, 3 * INCOMING_MAX);
	return out->json && out->files;
}

void
incoming_mail_cancel(struct incoming_child *child)
{
	if (!child)
		return;
	kill(child->pid, SIGKILL);
	incoming_reap(child);
	incoming_child_close(child);
}
