#ifndef DB_WAKE_H
#define DB_WAKE_H

#include <stdint.h>

/* The messages on docket-sync's datagram socket, both ways, on one machine.
 * A lost message delays a change; it never loses one. */
enum wake_verb {
	WAKE_NO_WAIT = 1,  /* to the daemon: the issue has work; nobody waits */
	WAKE_WAIT = 2,	   /* to the daemon: the sender waits for an ack */
	WAKE_ACK_DONE = 4, /* ack: Linear has the issue as it is */
	WAKE_ACK_LATER	   /* ack: do not wait */
};

struct wake {
	int64_t verb;
	int64_t issue_id; /* 0: look at the queues and the outbox */
};

#endif
