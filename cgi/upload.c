/* Receives the files of a request (upload.h). The body is read in pieces: each
 * file is written to the disk, without a name, while its hash is computed;
 * then its type is looked at. Nothing is kept before the transaction that
 * stores the rows asks for it (upload_keep). files/form.h takes forms apart,
 * files/store.h writes. */
#include "upload.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "cgi/idempotent.h"
#include "files/form.h"
#include "files/kind.h"
#include "files/name.h"
#include "files/store.h"
#include "web/route.h"
#include "web/transport.h"

struct upload {
	struct req *r;
	struct incoming incoming[ATTACHED_AT_ONCE];
	struct attachment_new files[ATTACHED_AT_ONCE];
	size_t n; /* that are begun */
};

static struct incoming *
current(struct upload *u)
{
	return &u->incoming[u->n - 1];
}

/* The disk is full, or fails: the log says why. */
static enum err
store_failed(const struct upload *u)
{
	log_event(LOG_ERROR, "file_not_stored", "request_id", u->r->request_id,
		  "error", strerror(errno), NULL);
	return ERR_DB;
}

static enum err
refuse_size(const struct upload *u)
{
	const long max = u->r->ctx->conf->files_max;

	reply_error(u->r, 413, "too_large",
		    arena_printf(u->r->ctx->arena,
				 "The file is too large: at most %ld bytes.",
				 max));
	return ERR_INVALID; /* ends the reading */
}

static enum err
begin_upload(void *state, const char *raw)
{
	struct upload *u = state;
	struct req *r = u->r;
	const char *name = file_name(r->ctx->arena, raw);

	if (!name)
		return fault_add(&r->ctx->faults, "filename",
				 "A name of a file is required.");
	if (u->n == ATTACHED_AT_ONCE)
		return fault_add(&r->ctx->faults, "file",
				 "At most %d files at a time.",
				 ATTACHED_AT_ONCE);
	u->files[u->n] =
	    (struct attachment_new){.filename = name,
				    .source = ATTACHMENT_UPLOAD,
				    .state = attachment_first_state(r->ctx)};
	return incoming_begin(&u->incoming[u->n++], r->ctx->conf)
		   ? OK
		   : store_failed(u);
}

static enum err
add_upload(void *state, const void *p, size_t n)
{
	struct upload *u = state;
	struct incoming *f = current(u);

	if (f->size + (int64_t)n > u->r->ctx->conf->files_max)
		return refuse_size(u);
	return incoming_add(f, p, n) ? OK : store_failed(u);
}

static enum err
refuse_type(const struct upload *u)
{
	reply_error(u->r, 422, "type_denied",
		    "Files of this type are not allowed here.");
	return ERR_INVALID; /* ends the reading */
}

static enum err
end_upload(void *state)
{
	struct upload *u = state;
	struct arena *a = u->r->ctx->arena;
	struct attachment_new *to = &u->files[u->n - 1];
	struct incoming *f = current(u);
	struct file_kind kind;

	if (!f->size)
		return fault_add(&u->r->ctx->faults, "file",
				 "The file is empty.");
	if (!incoming_end(f))
		return store_failed(u);
	file_look(&kind, f, to->filename);
	if (file_is_denied(u->r->ctx->conf->files_deny, kind.content_type,
			   to->filename))
		return refuse_type(u);
	to->content_type = arena_strdup(a, kind.content_type);
	to->size = f->size;
	to->sha256 = f->sha256;
	to->width = kind.width;
	to->height = kind.height;
	return OK;
}

static size_t
read_upload(void *state, void *p, size_t n)
{
	struct upload *u = state;

	return http_body_read(u->r, p, n);
}

static enum err
refuse_short(struct upload *u)
{
	return reply_error(
	    u->r, 400, "bad_request",
	    "The request body is shorter than its Content-Length.");
}

/* The body is the file. */
static enum err
receive_raw(struct upload *u, uint64_t left)
{
	static unsigned char piece[FILE_PIECE];
	const char *name = in_text(u->r, "filename");
	enum err e;

	if (left > (uint64_t)u->r->ctx->conf->files_max)
		return refuse_size(u);
	e = begin_upload(u, name ? name : "");
	while (!e && left) {
		const size_t n =
		    left < sizeof(piece) ? (size_t)left : sizeof(piece);

		if (http_body_read(u->r, piece, n) != n)
			return refuse_short(u);
		e = add_upload(u, piece, n);
		left -= n;
	}
	return e ? e : end_upload(u);
}

/* Reads the inputs again, with the fields of the form behind those of the
 * query. */
static enum err
read_fields(struct req *r, const struct form *form)
{
	struct arena *a = r->ctx->arena;
	const char *query = r->query;

	for (size_t i = 0; i < form->fields_n; i++)
		query = arena_printf(a, "%s&%s=%s", query,
				     percent_encode(a, form->fields[i].name),
				     percent_encode(a, form->fields[i].value));
	return input_read(&r->input, a, r->route->fields, NULL, query,
			  &r->ctx->faults);
}

static enum err
receive_form(struct upload *u, const char *type, uint64_t n)
{
	const struct form_source from = {
	    .content_type = type, .state = u, .read = read_upload, .n = n};
	const struct form_sink to = {u, begin_upload, add_upload, end_upload};
	struct req *r = u->r;
	const char *why = NULL;
	struct form form;
	enum err e = form_read(&form, r->ctx->arena, &from, &to, &why);

	if (e == ERR_INVALID && why && !r->status && !r->ctx->faults.first)
		return fault_add(&r->ctx->faults, "non_field_errors", "%s",
				 why);
	if (e)
		return e;
	if (!u->n)
		return fault_add(&r->ctx->faults, "file",
				 "This field is required.");
	return read_fields(r, &form);
}

/* What makes the request another one: its files, and the inputs that are in the
 * query or in the form. */
static void
cover_request(struct upload *u)
{
	struct req *r = u->r;
	const struct field *f = r->route->fields;
	struct arena *a = r->ctx->arena;
	const char *text = "";

	for (size_t i = 0; i < u->n; i++)
		text = arena_printf(a, "%s%s %s\n", text, u->files[i].sha256,
				    u->files[i].filename);
	for (; f->name; f++)
		if (has_value(r, f->name))
			text = arena_printf(
			    a, "%s%s %lld %s\n", text, f->name,
			    (long long)in_int(r, f->name),
			    in_text(r, f->name) ? in_text(r, f->name) : "");
	idempotent_cover(r, text);
}

static enum err
receive(struct upload *u)
{
	struct req *r = u->r;
	const char *type =
	    r->transport->param(r->transport->state, "CONTENT_TYPE");
	uint64_t n = 0;
	enum err e = http_body_length(r, &n, UPLOAD_BODY_MAX);

	if (!e && !r->status)
		e = form_is(type) ? receive_form(u, type, n)
				  : receive_raw(u, n);
	/* answered already */
	if (e == ERR_INVALID && r->status)
		return OK;
	if (e || r->status)
		return e;
	cover_request(u);
	return OK;
}

enum err
upload_receive(struct req *r, const struct attachment_new **files, size_t *n)
{
	enum err e = OK;

	if (!r->upload) {
		r->upload = arena_alloc(r->ctx->arena, sizeof(*r->upload));
		r->upload->r = r;
		e = receive(r->upload);
	}
	*files = r->upload->files;
	*n = r->upload->n;
	return e;
}

bool
upload_keep(void *arg, struct ctx *c, int64_t organization_id,
	    const char *sha256)
{
	struct upload *u = arg;

	for (size_t i = 0; i < u->n; i++)
		if (strcmp(u->files[i].sha256, sha256) == 0 &&
		    incoming_keep(&u->incoming[i], c->conf, organization_id))
			return true;
	(void)store_failed(u);
	return false;
}

void
upload_release(struct req *r)
{
	for (size_t i = 0; r->upload && i < r->upload->n; i++)
		incoming_drop(&r->upload->incoming[i], r->ctx->conf);
	r->upload = NULL;
}
