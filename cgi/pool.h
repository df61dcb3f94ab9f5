#ifndef CGI_POOL_H
#define CGI_POOL_H

/* The work of one process of a pool: serves requests until a stop signal comes
 * (stop_signal.h), and returns its exit status. */
typedef int pool_work(void *arg);

/* Keeps `size` processes (at most WORKERS_MAX) at `work` until a stop signal
 * comes, and starts another for each one that ends. Then tells them to stop,
 * and returns as soon as they have ended, but after half a second at the
 * latest: those that are still in the middle of a request finish it by
 * themselves. Returns an exit status. */
int pool_run(long size, pool_work *work, void *arg);

#endif
