/* A pool of worker processes: the parent forks them, and does nothing else but
 * to replace those that end.
 *
 * All processes share the listening socket on fd 0. The process that started
 * the parent (systemd, tools/keep-pool) keeps it open: connections that arrive
 * while one pool ends and the next one begins wait in its queue. A worker whose
 * parent has died gets SIGTERM from the kernel, so none is left without one. */
#include "pool.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/stop_signal.h"

/* A worker that ends sooner than this after its start has a problem that
 * another one will have, too: the next one starts this much later. */
#define PAUSE USEC_PER_SEC

/* How long the parent waits for the workers when it stops. */
#define FAREWELL (500 * USEC_PER_MSEC)

/* How long the parent sleeps when nothing is to be done. */
#define ALL_RUN (3600 * USEC_PER_SEC)

struct place {
	pid_t pid; /* 0: no worker */
	usec_t started;
	usec_t next_start; /* not before */
};

struct pool {
	pool_work *work;
	void *arg;
	pid_t parent;
	long size, running;
	struct place places[WORKERS_MAX];
	sigset_t signals; /* what the parent waits for */
};

/* In the child. */
static int
pool_work_begin(const struct pool *p)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* the parent may have died before that */
	return getppid() == p->parent ? p->work(p->arg) : EXIT_SUCCESS;
}

static void
start_worker(struct pool *p, struct place *at)
{
	const usec_t now = clock_monotonic();
	const pid_t pid = fork();

	if (pid == 0)
		exit(pool_work_begin(p));
	if (pid < 0) {
		log_event(LOG_ERROR, "worker_not_started", NULL);
		at->next_start = now + PAUSE;
		return;
	}
	at->pid = pid;
	at->started = now;
	p->running++;
}

static void
fill_places(struct pool *p)
{
	for (long i = 0; i < p->size; i++)
		if (!p->places[i].pid &&
		    clock_monotonic() >= p->places[i].next_start)
			start_worker(p, &p->places[i]);
}

static void
report_end(pid_t pid, int status)
{
	char number[24], how[64];

	(void)snprintf(number, sizeof(number), "%ld", (long)pid);
	(void)snprintf(how, sizeof(how), "%s %d",
		       WIFSIGNALED(status) ? "signal" : "status",
		       WIFSIGNALED(status) ? WTERMSIG(status)
					   : WEXITSTATUS(status));
	log_event(LOG_WARN, "worker_ended", "pid", number, "how", how, NULL);
}

static struct place *
place_of(struct pool *p, pid_t pid)
{
	for (long i = 0; i < p->size; i++)
		if (p->places[i].pid == pid)
			return &p->places[i];
	return NULL;
}

/* Frees the places of the workers that have ended. */
static void
reap(struct pool *p, bool expected)
{
	const usec_t now = clock_monotonic();
	struct place *at;
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		at = place_of(p, pid);
		if (!at)
			continue;
		at->pid = 0;
		if (now < at->started + PAUSE)
			at->next_start = now + PAUSE;
		p->running--;
		if (!expected)
			report_end(pid, status);
	}
}

/* Waits until a signal comes or the time is over; true if it was a stop signal.
 */
static bool
wait_for_signal(const struct pool *p, usec_t time)
{
	const struct timespec limit = {.tv_sec = time / USEC_PER_SEC,
				       .tv_nsec =
					   (long)(time % USEC_PER_SEC) * 1000};
	const int sig = sigtimedwait(&p->signals, NULL, &limit);

	return sig > 0 && sig != SIGCHLD;
}

static void
stop_workers(struct pool *p)
{
	const usec_t end = clock_monotonic() + FAREWELL;
	usec_t now;

	for (long i = 0; i < p->size; i++)
		if (p->places[i].pid)
			(void)kill(p->places[i].pid, SIGTERM);
	for (;;) {
		reap(p, true);
		now = clock_monotonic();
		if (!p->running || now >= end)
			return;
		(void)wait_for_signal(p, end - now);
	}
}

int
pool_run(long size, pool_work *work, void *arg)
{
	struct pool p = {
	    .work = work, .arg = arg, .parent = getpid(), .size = size};

	stop_signal_set(&p.signals);
	sigaddset(&p.signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &p.signals, NULL);
	do {
		reap(&p, false);
		fill_places(&p);
	} while (!wait_for_signal(&p, p.running < size ? PAUSE / 4 : ALL_RUN));
	stop_workers(&p);
	return EXIT_SUCCESS;
}
