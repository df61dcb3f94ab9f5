#ifndef DB_WAKE_H
#define DB_WAKE_H

#include <stdint.h>

/* What goes over docket-sync's datagram socket, both ways, on one machine:
 * a lost one costs a little time, never a change. */
enum wake_verb {
	WAKE_NO_WAIT = 1, /* to the daemon: the issue has work, nobody waits */
	WAKE_WAIT,	  /* to the daemon: the sender waits for a nod */
	WAKE_ACK_DONE,	  /* from the daemon: Linear has the issue as it is */
	WAKE_ACK_LATER	  /* from the daemon: do not wait */
};

struct wake {
	int64_t verb;
	int64_t issue_id; /* 0: look at the queue (a webhook came) */
};

#endif
