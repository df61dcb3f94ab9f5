/* Files that are being fetched from Linear: a few at a time, each in a slot
 * with an incoming file, to which the parts are written as they come. A
 * redirect is followed by a request of its own, without the key. The content is
 * stored in the transaction that makes the attachment show it; until then
 * nothing of it has a name on the disk. */

#include "base/arena.h"
#include "base/conf.h"
#include "base/log.h"
#include "docket-sync.h"
#include "files/kind.h"
#include "files/store.h"

#define POLL (500 * USEC_PER_MSEC)

#define REDIRECTS_MAX 3

static bool
take_file_bytes(void *arg, const void *p, size_t n)
{
	struct incoming *in = arg;

	return incoming_add(in, p, n);
}

static bool
keep_incoming(void *arg, struct ctx *c, int64_t organization_id,
	      const char *sha256)
{
	const struct incoming *in = arg;

	(void)sha256; /* that of the file */
	return incoming_keep(in, c->conf, organization_id);
}

static void
ask_for(struct daemon *d, struct fetching *f, const char *url)
{
	const struct linear_fetch request = {.url = url,
					     .is_redirect = f->redirects > 0,
					     .take = take_file_bytes,
					     .arg = &f->incoming,
					     .max = d->conf->files_max};

	linear_fetch_begin(d->linear, f->arena, &request, f);
}

static void
end_download(struct daemon *d, struct fetching *f)
{
	incoming_drop(&f->incoming, d->conf);
	arena_reset(f->arena);
	f->is_busy = false;
	d->downloads.next = 0;
}

static void
fail_download(struct daemon *d, struct fetching *f, bool last, const char *text)
{
	struct ctx c = daemon_ctx(d, f->arena);
	const int64_t id = f->job.file->id;
	bool given_up = false;
	enum err e = download_fail(&given_up, &c, &f->job, last, text);

	/* if the database is away, upkeep_free_dead_leases() frees the lease */
	daemon_note_db(d, e);
	log_event(given_up ? LOG_WARN : LOG_INFO,
		  given_up ? "download_given_up" : "download_delayed", "file",
		  arena_printf(f->arena, "%lld", (long long)id), "text", text,
		  NULL);
	end_download(d, f);
}

/* The file is complete. */
static void
store_download(struct daemon *d, struct fetching *f)
{
	struct ctx c = daemon_ctx(d, f->arena);
	const struct attachment *a = f->job.file;
	struct file_kind kind;
	struct attachment_new new = {.source = ATTACHMENT_LINEAR,
				     .state = attachment_first_state(&c)};
	enum err e;

	if (!incoming_end(&f->incoming)) {
		fail_download(d, f, false, "The file could not be written.");
		return;
	}
	file_look(&kind, &f->incoming, a->filename);
	if (file_is_denied(d->conf->files_deny, kind.content_type,
			   a->filename)) {
		fail_download(d, f, true,
			      "Files of this type are not allowed here.");
		return;
	}
	new.content_type = kind.content_type;
	new.size = f->incoming.size;
	new.sha256 = f->incoming.sha256;
	new.width = kind.width;
	new.height = kind.height;
	e = download_finish(&c, &f->job, &new, keep_incoming, &f->incoming);
	if (e == ERR_FULL) {
		fail_download(d, f, false, "There is no space left for files.");
		return;
	}
	daemon_note_db(d, e);
	end_download(d, f);
}

static void
take_outcome(struct daemon *d, struct fetching *f,
	     const struct linear_fetched *got)
{
	switch (got->how) {
	case LINEAR_FETCHED:
		store_download(d, f);
		break;
	case LINEAR_REDIRECTED:
		if (f->redirects++ < REDIRECTS_MAX)
			ask_for(d, f, got->next);
		else
			fail_download(d, f, false,
				      "Linear redirects in a circle.");
		break;
	case LINEAR_UNFETCHED:
		fail_download(d, f, false, got->text);
		break;
	case LINEAR_UNFIT:
		fail_download(d, f, true, got->text);
		break;
	}
}

void
downloads_poll(struct daemon *d)
{
	struct linear_fetched got;
	void *tag;

	while (linear_fetch_take(&got, &tag, d->linear))
		take_outcome(d, tag, &got);
}

/* False: nothing is due, or the database is away. */
static bool
begin_download(struct daemon *d, struct fetching *f)
{
	struct ctx c = daemon_ctx(d, f->arena);
	enum err e = download_lease(&f->job, &c, d->owner);

	daemon_note_db(d, e == ERR_NOTFOUND ? OK : e);
	if (e)
		return false;
	f->is_busy = true;
	f->redirects = 0;
	if (incoming_begin(&f->incoming, d->conf))
		ask_for(d, f, f->job.file->linear_asset_url);
	else
		fail_download(d, f, false, "The file could not be written.");
	return true;
}

/* While the key is refused Linear would answer with its login page. */
void
downloads_begin(struct daemon *d)
{
	const usec_t now = clock_monotonic();

	if (now < d->downloads.next || d->breaker.reason)
		return;
	d->downloads.next = now + POLL;
	for (size_t i = 0; i < DOWNLOADS_MAX; i++)
		if (!d->downloads.list[i].is_busy &&
		    !begin_download(d, &d->downloads.list[i]))
			return;
}

size_t
downloads_list(int64_t ids[DOWNLOADS_MAX], const struct daemon *d)
{
	size_t n = 0;

	for (size_t i = 0; i < DOWNLOADS_MAX; i++)
		if (d->downloads.list[i].is_busy)
			ids[n++] = d->downloads.list[i].job.file->id;
	return n;
}

size_t
downloads_busy(const struct daemon *d)
{
	int64_t ids[DOWNLOADS_MAX];

	return downloads_list(ids, d);
}

void
downloads_init(struct daemon *d)
{
	for (size_t i = 0; i < DOWNLOADS_MAX; i++)
		d->downloads.list[i].arena = arena_new();
}

void
downloads_stop(struct daemon *d)
{
	for (size_t i = 0; i < DOWNLOADS_MAX; i++) {
		struct fetching *f = &d->downloads.list[i];
		struct ctx c = daemon_ctx(d, f->arena);

		if (!f->is_busy)
			continue;
		daemon_note_db(d, download_release(&c, &f->job));
		incoming_drop(&f->incoming, d->conf);
	}
}

void
downloads_release(struct daemon *d)
{
	for (size_t i = 0; i < DOWNLOADS_MAX; i++)
		arena_free(d->downloads.list[i].arena);
}
