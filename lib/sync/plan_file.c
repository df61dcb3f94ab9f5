/* The requests that bring files to Linear, once its comments are there: each
 * file goes to the storage (two requests), then its reply is written anew with
 * all of its references. What a file lacks is derived from its row, so a
 * process that takes up a job that was cut short asks for another place in the
 * storage; the first copy is then referred to by nothing. */

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "files/store.h"
#include "planning.h"
#include "thread.h"

/* Linear's own limit is not known; larger ones are linked to. */
#define LINEAR_FILE_MAX ((int64_t)25 * 1024 * 1024)

#define FILES_START "**Files of this issue**"

const char *
plan_reply(const struct planning *p, const struct comment *m)
{
	struct arena *a = p->t->arena;

	return arena_printf(a, "%s%s", thread_reply(a, m),
			    attached_references(a, &p->t->attached, m->id,
						p->c->conf->linear_files_url));
}

/* Asks for a place in the storage, which is valid for a minute. */
static enum err
plan_ask(struct planning *p, const struct attachment *file)
{
	if (file->size > LINEAR_FILE_MAX) {
		p->verdict = TASK_AGAIN;
		return attached_set_link(p->c, file);
	}
	p->t->file = *file;
	p->t->upload = (struct linear_upload){0};
	return plan_request(p, STEP_FILE_ASK,
			    linear_file_ask(p->t->arena, file->filename,
					    file->content_type, file->size));
}

static enum err
plan_put(struct planning *p)
{
	const struct attachment *file = &p->t->file;
	char place[FILE_PLACE_TEXT];

	file_place(place, file->organization_id, file->sha256);
	return plan_request(
	    p, STEP_FILE_PUT,
	    linear_file_put(&p->t->upload,
			    arena_printf(p->t->arena, "%s/%s",
					 p->c->conf->files_dir, place),
			    file->size));
}

/* The reply with the issue's own files is not there yet, or no longer. */
static enum err
plan_new_reply(struct planning *p, const char *references)
{
	struct snapshot *b = &p->session.snapshot;
	struct linear_comment_new reply;
	char uuid[UUID_TEXT];

	if (!*references) {
		p->verdict = TASK_AGAIN;
		return attached_mark(p->c, &p->t->attached, 0);
	}
	if (!b->files_id) {
		random_uuid(uuid);
		b->files_id = arena_strdup(p->t->arena, uuid);
	}
	reply = (struct linear_comment_new){
	    .id = b->files_id,
	    .body = arena_printf(p->t->arena, FILES_START "%s", references)};
	return plan_in_thread(p, STEP_FILES, &reply);
}

static enum err
plan_own_files(struct planning *p)
{
	const struct snapshot *b = &p->session.snapshot;
	struct arena *a = p->t->arena;
	const char *references = attached_references(
	    a, &p->t->attached, 0, p->c->conf->linear_files_url);

	if (!b->files_open)
		return plan_new_reply(p, references);
	if (!*references)
		return plan_request(p, STEP_FILES_WITHDRAW,
				    linear_comment_delete(a, b->files_id));
	return plan_request(
	    p, STEP_FILES_EDIT,
	    linear_comment_update(
		a, b->files_id, arena_printf(a, FILES_START "%s", references)));
}

bool
plan_has_files(const struct planning *p)
{
	return attached_unsent(&p->t->attached) ||
	       attached_outdated(&p->t->attached);
}

enum err
plan_files(struct planning *p)
{
	const struct attachment *file = attached_unsent(&p->t->attached);
	enum err e;

	if (file && p->t->upload.asset_url && p->t->file.id == file->id)
		return plan_put(p);
	if (file)
		return plan_ask(p, file);
	file = attached_outdated(&p->t->attached);
	if (!file->comment_id)
		return plan_own_files(p);
	e = thread_get(&p->comment, p->c, file->comment_id);
	return e ? e : plan_comment_change(p);
}
