#ifndef DESK_SYNC_JOB_ROW_H
#define DESK_SYNC_JOB_ROW_H

#include "desk/sync_job.h"

struct rows;

/* Rows of table sync_job; for sync_job.c and sync_job_lease.c only. */

/* How a job is selected and read. */
#define JOB_COLUMNS                                                        \
	"issue_id, organization_id, generation, attempts, wants_refetch, " \
	"background, dirty_since"

void job_read(struct sync_job *j, struct rows *r);

/* Inside a transaction that has locked the row: leases the job to `owner`, for
 * LEASE_TIME from now. It is then no longer a dead letter. */
enum err job_take(struct ctx *c, const char *owner,
		  int64_t issue_id) MUST_CHECK;

#endif
