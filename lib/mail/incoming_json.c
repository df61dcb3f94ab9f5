/* Reads what docket-mail-read has found in a mail (incoming_json.h). That
 * program handles hostile input, so its output is not trusted either: every
 * member is checked for its type and its limits, and anything unexpected makes
 * all of it unreadable. */
#include "incoming_json.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/unicode.h"

#define LIST_MAX 200

/* What is read; `is_good` ends as soon as something is not as it must be. */
struct incoming_reading {
	struct arena *arena;
	bool is_good;
};

/* A text that must be there. */
static const char *
reported_text(struct incoming_reading *r, const struct json *j,
	      const char *name, bool lines)
{
	const char *s = json_text(name ? json_get(j, name) : j);

	if (!s)
		r->is_good = false;
	return s ? text_clean(r->arena, s, lines) : "";
}

/* A text on one line, or NULL for null. */
static const char *
read_optional(struct incoming_reading *r, const struct json *j,
	      const char *name)
{
	return json_is_null(json_get(j, name))
		   ? NULL
		   : reported_text(r, j, name, false);
}

static bool
read_flag(struct incoming_reading *r, const struct json *j, const char *name)
{
	const struct json *value = json_get(j, name);

	if (!json_is_bool(value))
		r->is_good = false;
	return json_true(value);
}

static const char *const *
read_list(struct incoming_reading *r, const struct json *list, size_t *n)
{
	const char **texts = arena_alloc(r->arena, LIST_MAX * sizeof(*texts));

	*n = 0;
	for (const struct json *e = json_first(list); e && *n < LIST_MAX;
	     e = json_next(e))
		texts[(*n)++] = reported_text(r, e, NULL, false);
	return texts;
}

static const char *
read_whole(struct incoming_reading *r, const struct json *j,
	   const char *otherwise)
{
	const char *whole = reported_text(r, j, "whole", true);

	return *whole ? whole : otherwise;
}

static enum incoming_dmarc
read_dmarc(struct incoming_reading *r, const struct json *j)
{
	const char *result = reported_text(r, j, "dmarc", false);

	if (strcmp(result, "pass") == 0)
		return DMARC_PASS;
	return strcmp(result, "fail") == 0 ? DMARC_FAIL : DMARC_UNKNOWN;
}

static void
read_bounce(struct incoming_bounce *out, struct incoming_reading *r,
	    const struct json *j)
{
	*out = (struct incoming_bounce){
	    .action = reported_text(r, j, "action", false),
	    .status = reported_text(r, j, "status", false),
	    .recipient = reported_text(r, j, "recipient", false),
	    .diagnostic = reported_text(r, j, "diagnostic", false),
	    .message_id = reported_text(r, j, "message_id", false)};
}

static void
reported_files(struct incoming_mail *out, struct incoming_reading *r,
	       const struct json *list, const char *bytes, size_t n)
{
	struct incoming_file *files =
	    arena_alloc(r->arena, LIST_MAX * sizeof(*files));
	size_t at = 0;

	for (const struct json *e = json_first(list);
	     e && out->n_files < LIST_MAX; e = json_next(e)) {
		int64_t size = 0;

		if (!json_int(&size, json_get(e, "size")) || size < 0 ||
		    (uint64_t)size > n - at)
			r->is_good = false;
		if (!r->is_good)
			return;
		files[out->n_files++] = (struct incoming_file){
		    .name = reported_text(r, e, "name", false),
		    .type = reported_text(r, e, "type", false),
		    .data = bytes + at,
		    .size = (size_t)size,
		    .is_inline = read_flag(r, e, "is_inline")};
		at += (size_t)size;
	}
	out->files = files;
}

enum incoming_result
incoming_json_read(struct incoming_mail *out, const char **why, struct arena *a,
		   const char *text, size_t n, const char *files,
		   size_t files_n)
{
	struct incoming_reading r = {a, true};
	const char *wrong;
	const struct json *j = json_parse(a, text, n, &wrong);
	int64_t date = 0;

	*why = "The program that reads mails wrote something else.";
	if (json_text(json_get(j, "refused"))) {
		*why = text_clean(a, json_text(json_get(j, "refused")), false);
		return INCOMING_REFUSED;
	}
	if (!json_int(&date, json_get(j, "date")))
		return INCOMING_FAILED;
	*out = (struct incoming_mail){
	    .message_id = reported_text(&r, j, "message_id", false),
	    .from = reported_text(&r, j, "from", false),
	    .from_name = reported_text(&r, j, "from_name", false),
	    .subject = reported_text(&r, j, "subject", false),
	    .date = date,
	    .automated = read_optional(&r, j, "automated"),
	    .spam = read_optional(&r, j, "spam"),
	    .is_report = read_flag(&r, j, "is_report"),
	    .dmarc = read_dmarc(&r, j),
	    .text = reported_text(&r, j, "text", true),
	    .is_html = read_flag(&r, j, "is_html")};
	out->whole = read_whole(&r, j, out->text);
	out->references =
	    read_list(&r, json_get(j, "references"), &out->n_references);
	out->problems =
	    read_list(&r, json_get(j, "problems"), &out->n_problems);
	read_bounce(&out->bounce, &r, json_get(j, "bounce"));
	reported_files(out, &r, json_get(j, "files"), files, files_n);
	if (!r.is_good)
		return INCOMING_FAILED;
	*why = NULL;
	return INCOMING_PARSED;
}
