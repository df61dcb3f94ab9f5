#ifndef BASE_STOP_SIGNAL_H
#define BASE_STOP_SIGNAL_H

#include <signal.h>
#include <stdbool.h>

/* The signals that end a process gracefully: SIGTERM, SIGINT, SIGQUIT and
 * SIGHUP. They are blocked, so they never interrupt what is in progress, and
 * are looked at where the process decides to go on. */

/* Makes `set` the stop signals. */
void stop_signal_set(sigset_t *set);

/* Blocks the stop signals and ignores SIGPIPE. Returns a descriptor that
 * becomes readable when a stop signal comes; the caller closes it. */
int stop_signal_open(void);

/* Whether a stop signal has come; does not wait. Each signal is told once. */
bool stop_signal_came(int fd);

#endif
