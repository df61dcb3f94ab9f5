/* The files in Linear's texts become attachments: the rows here, their content
 * later (download.c). A text's files are compared with the rows that it has, so
 * ingesting the same text again changes nothing. */

#include "assets.h"

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "desk/asset_text.h"
#include "desk/attachment.h"
#include "files/name.h"
#include "sync/download.h"

/* More files of one text are not fetched. */
#define ASSETS_MAX 100

/* A text being ingested. */
struct ingesting {
	struct ctx *c;
	const struct actor *who;
	struct issue *issue;
	int64_t comment_id;
	bool is_internal;
	struct asset found[ASSETS_MAX];
	size_t found_count;
	struct attachment *known;
	size_t known_count;
};

static bool
is_found(const struct ingesting *g, const char *url)
{
	for (size_t i = 0; i < g->found_count; i++)
		if (strcmp(g->found[i].url, url) == 0)
			return true;
	return false;
}

static const struct attachment *
find_known(const struct ingesting *g, const char *url)
{
	for (size_t i = 0; i < g->known_count; i++)
		if (strcmp(g->known[i].linear_asset_url, url) == 0)
			return &g->known[i];
	return NULL;
}

static void
find_assets(struct ingesting *g, const char *text)
{
	const char *files_url = g->c->conf->linear_files_url, *p = text;
	struct asset f;

	while (g->found_count < ASSETS_MAX &&
	       asset_next(&f, g->c->arena, files_url, text, p)) {
		p = f.at + f.length;
		if (!is_found(g, f.url))
			g->found[g->found_count++] = f;
	}
}

/* An issue has a limit of files; those beyond it stay in Linear. A conflict
 * means that the file is known already. */
static enum err
add_asset(struct ingesting *g, const struct asset *f)
{
	struct ctx *c = g->c;
	const char *name = file_name(c->arena, f->filename);
	const struct attachment_new new = {.filename = name ? name : "file",
					   .content_type =
					       "application/octet-stream",
					   .source = ATTACHMENT_LINEAR,
					   .state = ATTACHMENT_CHECKING,
					   .linear_asset_url = f->url};
	int64_t id;
	enum err e =
	    attachment_add_within(&id, c, g->who, g->issue, g->comment_id,
				  g->is_internal, &new, NULL, NULL);

	if (e == ERR_INVALID || e == ERR_CONFLICT) {
		faults_init(&c->faults, c->arena);
		return OK;
	}
	return e ? e : download_add(c, id);
}

/* A file that was given up is tried again when its text is written again. */
static enum err
await_again(struct ingesting *g, const struct attachment *a)
{
	enum err e = OK;

	if (a->is_deleted || a->sha256)
		return OK;
	if (a->state == ATTACHMENT_GONE)
		e = attachment_set_state(g->c, a->id, ATTACHMENT_GONE,
					 ATTACHMENT_CHECKING);
	return e ? e : download_add(g->c, a->id);
}

static enum err
forget_missing(struct ingesting *g)
{
	enum err e = OK;

	for (size_t i = 0; !e && i < g->known_count; i++)
		if (!g->known[i].is_deleted &&
		    !is_found(g, g->known[i].linear_asset_url))
			e = attachment_forget(g->c, &g->known[i]);
	return e;
}

enum err
assets_ingest(struct ctx *c, const struct actor *who, struct issue *issue,
	      int64_t comment_id, bool is_internal, const char *text)
{
	struct ingesting *g = arena_alloc(c->arena, sizeof(*g));
	const struct attachment *known;
	enum err e = OK;

	*g = (struct ingesting){.c = c,
				.who = who,
				.issue = issue,
				.comment_id = comment_id,
				.is_internal = is_internal};
	find_assets(g, text);
	if (issue->attachment_count)
		e = attachment_list_from_linear(&g->known, &g->known_count, c,
						issue->id, comment_id);
	if (!e)
		e = forget_missing(g);
	for (size_t i = 0; !e && i < g->found_count; i++) {
		known = find_known(g, g->found[i].url);
		e = known ? await_again(g, known) : add_asset(g, &g->found[i]);
	}
	if (!e && g->found_count)
		issue->attachment_count++; /* at least */
	return e;
}
