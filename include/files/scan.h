#ifndef FILES_SCAN_H
#define FILES_SCAN_H

#include <stdbool.h>
#include <sys/types.h>

/* Asks clamd about the content of a file (INSTREAM, clamd(8)). A process of its
 * own does it, with a limit on its time, so that its parent never waits for
 * clamd. */

enum scan_result {
	SCAN_CLEAN,
	SCAN_INFECTED,
	SCAN_TOO_LARGE, /* for clamd's StreamMaxLength: it cannot say */
	SCAN_FAILED,	/* clamd reports an error with this file */
	SCAN_AWAY	/* clamd does not answer, or not in time */
};

#define SCAN_WORDS 128

struct scan_answer {
	enum scan_result result;
	/* The signature that was found, or clamd's error, without control
	 * characters; "" if there is neither. */
	char words[SCAN_WORDS];
};

/* A scan under way. */
struct scan {
	pid_t pid;
	int pipe; /* becomes readable when it ends, at the latest when its time
		   * is over */
};

/* Begins to scan what the descriptor reads, through the socket of clamd. False:
 * there is no room for another process. The descriptor remains the caller's. */
bool scan_begin(struct scan *s, const char *socket, int fd);

/* The answer of a scan that has ended. False: it is still under way. */
bool scan_take(struct scan_answer *out, struct scan *s);

/* Ends a scan that is under way. */
void scan_stop(struct scan *s);

#endif
