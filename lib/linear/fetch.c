/* Files in Linear are fetched step by step: the first request goes to Linear
 * with the key; what it redirects to is another host, so the caller asks for
 * the next step, and that one goes without. Linear answers with its login page,
 * at status 200, if it does not know the key: HTML is never taken for a file.
 */

#include <strings.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/http_client.h"
#include "connection.h"
#include "linear/client.h"

void
linear_fetch_begin(struct linear *l, struct arena *a,
		   const struct linear_fetch *f, void *tag)
{
	const struct conf *conf = l->conf;
	const bool has_key =
	    !f->is_redirect && linear_has_file(f->url, conf->linear_files_url);
	const struct transfer_get g = {
	    .url = f->url,
	    .authorization = has_key ? conf->linear_api_key : NULL,
	    .take = f->take,
	    .arg = f->arg,
	    .max = f->max,
	    .connect_ms = CONNECT_MS,
	    .total_ms = FILE_MS};

	transfers_begin_get(l->transfers, a, &g, tag);
}

static bool
is_html(const char *type)
{
	return type && (strncasecmp(type, "text/html", 9) == 0 ||
			strncasecmp(type, "application/xhtml", 17) == 0);
}

static void
classify_status(struct linear_fetched *out, const struct transfer_done *d,
		const char *files_url)
{
	out->how = LINEAR_UNFETCHED;
	if (d->status == 200 && !is_html(d->content_type)) {
		out->how = LINEAR_FETCHED;
	} else if (d->status == 200) {
		out->text = "Linear answered with a page instead of the file.";
	} else if (d->status >= 300 && d->status < 400 && d->location &&
		   linear_is_safe_url(d->location, files_url)) {
		out->how = LINEAR_REDIRECTED;
		out->next = d->location;
	} else {
		out->text = arena_printf(
		    d->arena, "Linear answered with HTTP status %ld.",
		    d->status);
	}
}

static void
classify_fetch(struct linear_fetched *out, const struct transfer_done *d,
	       const char *files_url)
{
	*out = (struct linear_fetched){0};
	if (!d->error) {
		classify_status(out, d, files_url);
		return;
	}
	out->how = d->is_too_large ? LINEAR_UNFIT : LINEAR_UNFETCHED;
	out->text = d->is_too_large ? "The file is too large." : d->error;
}

bool
linear_fetch_take(struct linear_fetched *out, void **tag, struct linear *l)
{
	struct transfer_done d;

	if (!transfers_take_get(&d, l->transfers))
		return false;
	classify_fetch(out, &d, l->conf->linear_files_url);
	*tag = d.tag;
	return true;
}
