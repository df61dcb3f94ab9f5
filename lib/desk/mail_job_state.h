#ifndef DESK_MAIL_JOB_STATE_H
#define DESK_MAIL_JOB_STATE_H

/* In the order of mail_job.state; for mail_job*.c only. */
enum { MAIL_DUE = 1, MAIL_SENT, MAIL_DEAD, MAIL_VOID };

#endif
