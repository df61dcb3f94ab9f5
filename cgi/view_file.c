/* How files look in answers; see view.h. */

#include "base/arena.h"
#include "base/conf.h"
#include "files/kind.h"
#include "view.h"

static void
view_size(struct jsonout *j, const char *key, int64_t pixels)
{
	if (pixels)
		json_integer(j, key, pixels);
	else
		json_null(j, key);
}

static void
view_place(struct jsonout *j, const struct attachment *a)
{
	json_integer(j, "id", a->id);
	json_id(j, "issue", a->issue_id);
	json_id(j, "comment", a->comment_id);
}

void
view_attachment(struct jsonout *j, const char *key, const struct req *r,
		const struct attachment *a)
{
	json_object(j, key);
	view_place(j, a);
	json_string(j, "filename", a->filename);
	json_string(j, "content_type", a->content_type);
	json_integer(j, "size", a->size);
	json_bool(j, "is_internal", a->is_internal);
	json_string(j, "state",
		    enum_name_text(attachment_state_words, (int)a->state));
	json_bool(j, "is_image", file_is_picture(a->content_type, a->filename));
	view_size(j, "width", a->width);
	view_size(j, "height", a->height);
	json_string(j, "source",
		    enum_name_text(attachment_source_words, (int)a->source));
	json_id(j, "uploaded_by", a->user_id);
	json_string(j, "uploaded_by_name", a->uploader_name);
	json_string(j, "created_at", a->created_at);
	json_string(j, "url",
		    arena_printf(r->ctx->arena, "%s/api/attachments/%lld/",
				 r->base, (long long)a->id));
	json_end(j);
}

void
view_attachments(struct jsonout *j, const char *key, const struct req *r,
		 const struct attachment *files, size_t n, int64_t comment_id)
{
	json_array(j, key);
	for (size_t i = 0; i < n; i++)
		if (!comment_id || files[i].comment_id == comment_id)
			view_attachment(j, NULL, r, &files[i]);
	json_end(j);
}

const char *
view_text(const struct req *r, const char *text, int64_t issue_id,
	  int64_t comment_id, const struct attachment *files, size_t n)
{
	const struct conf *conf = r->ctx->conf;
	struct arena *a = r->ctx->arena;
	const struct attachment_assets assets = {files, n, comment_id};

	if (files)
		return asset_show(a, conf->linear_files_url, text,
				  attachment_find_asset, &assets);
	return asset_link(a, conf->linear_files_url, text,
			  arena_printf(a, "%s/issues/%lld/", conf->public_url,
				       (long long)issue_id));
}
