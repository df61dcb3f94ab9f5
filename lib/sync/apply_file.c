/* What follows from the answers to the requests of plan_file.c. No failure of a
 * file keeps the rest of its issue from Linear: a file that Linear does not
 * take is referred to by a link to its issue here. */

#include "applying.h"
#include "base/conf.h"
#include "desk/sync_job.h"

/* A storage that refuses a file so often will not take it. */
#define REFUSALS_MAX 3

/* Where the file is to be sent. */
enum err
applied_file_ask(struct applying *p)
{
	struct task *t = p->t;

	if (linear_read_upload(&t->upload, t->arena, p->answer,
			       t->file.content_type,
			       p->c->conf->linear_files_url))
		return OK;
	t->upload = (struct linear_upload){0};
	return attached_set_link(p->c, &t->file);
}

/* The storage has the file. */
enum err
applied_file_put(struct applying *p)
{
	struct task *t = p->t;
	const char *url = t->upload.asset_url;

	t->upload = (struct linear_upload){0};
	t->progress = t->rounds;
	return attachment_set_asset(p->c, &t->file, url);
}

/* The reply with the issue's own files is as it was sent. */
enum err
applied_files(struct applying *p)
{
	p->session.snapshot.files_open = true;
	p->t->progress = p->t->rounds;
	return attached_mark(p->c, &p->t->attached, 0);
}

enum err
applied_files_withdrawal(struct applying *p)
{
	applying_forget_files(&p->session.snapshot);
	p->t->progress = p->t->rounds;
	return attached_mark(p->c, &p->t->attached, 0);
}

/* It failed `most` times: a link takes its place. */
static enum err
fail_or_link(struct applying *p, int64_t most)
{
	struct task *t = p->t;

	t->upload = (struct linear_upload){0};
	if (t->job.attempts + 1 < most)
		return applying_fail(p, p->answer->code, p->answer->text);
	t->progress = t->rounds;
	return attached_set_link(p->c, &t->file);
}

enum err
apply_file_refusal(struct applying *p)
{
	const bool put = p->t->step == STEP_FILE_PUT;

	switch (p->answer->outcome) {
	case LINEAR_AUTH:
	case LINEAR_LIMITED:
		return applying_wait_for_key(p);
	case LINEAR_RETRY:
		return put || p->answer->is_issue_specific
			   ? fail_or_link(p, JOB_ATTEMPTS_MAX)
			   : applying_retry_later(p);
	case LINEAR_OK:
	case LINEAR_DUPLICATE:
	case LINEAR_NOT_FOUND:
	case LINEAR_ARCHIVED:
	case LINEAR_STALE:
	case LINEAR_INVALID:
		break;
	}
	return put ? fail_or_link(p, REFUSALS_MAX) : fail_or_link(p, 0);
}
