#include "base/arena.h"
#include "base/conf.h"
#include "desk/attachment.h"
#include "issue_changing.h"

enum err
change_restore_assets(struct changing *g)
{
	const struct conf *conf = g->c->conf;
	struct arena *a = g->c->arena;
	struct attachment_assets assets = {0};
	struct attachment *list;
	enum err e;

	if (!g->was->attachment_count || g->who->role == ROLE_LINEAR ||
	    !change_touches(g, ISSUE_FIELD_DESCRIPTION))
		return OK;
	e = attachment_list_from_linear(&list, &assets.n, g->c, g->was->id, 0);
	if (e)
		return e;
	assets.list = list;
	g->is.description =
	    asset_restore(a, conf->linear_files_url, g->was->description,
			  g->is.description, attachment_find_asset, &assets,
			  arena_printf(a, "%s/issues/%lld/", conf->public_url,
				       (long long)g->was->id));
	return OK;
}
