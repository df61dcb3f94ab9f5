#include <string.h>

#include "base/buf.h"
#include "base/json_writer.h"
#include "mail/incoming.h"
#include "mime/mime.h"

static void
describe_bounce(struct jsonout *j, const struct incoming_bounce *b)
{
	json_object(j, "bounce");
	json_string(j, "action", b->action);
	json_string(j, "status", b->status);
	json_string(j, "recipient", b->recipient);
	json_string(j, "diagnostic", b->diagnostic);
	json_string(j, "message_id", b->message_id);
	json_end(j);
}

static void
describe_files(struct jsonout *j, const struct incoming_mail *m)
{
	json_array(j, "files");
	for (size_t i = 0; i < m->n_files; i++) {
		json_object(j, NULL);
		json_string(j, "name", m->files[i].name);
		json_string(j, "type", m->files[i].type);
		json_integer(j, "size", (int64_t)m->files[i].size);
		json_bool(j, "is_inline", m->files[i].is_inline);
		json_end(j);
	}
	json_end(j);
}

static void
describe_head(struct jsonout *j, const struct incoming_mail *m)
{
	static const char *const dmarc[] = {[DMARC_UNKNOWN] = "unknown",
					    [DMARC_PASS] = "pass",
					    [DMARC_FAIL] = "fail"};

	json_string(j, "message_id", m->message_id);
	json_strings(j, "references", m->references, m->n_references);
	json_string(j, "from", m->from);
	json_string(j, "from_name", m->from_name);
	json_string(j, "subject", m->subject);
	json_integer(j, "date", m->date);
	json_string(j, "automated", m->automated);
	json_string(j, "spam", m->spam);
	json_string(j, "dmarc", dmarc[m->dmarc]);
	json_bool(j, "is_report", m->is_report);
}

void
mime_describe(struct buf *out, const struct incoming_mail *m)
{
	struct jsonout j;

	json_begin(&j, out);
	json_object(&j, NULL);
	describe_head(&j, m);
	describe_bounce(&j, &m->bounce);
	json_string(&j, "text", m->text);
	/* "" stands for a whole text that is the same */
	json_string(&j, "whole",
		    strcmp(m->text, m->whole) == 0 ? "" : m->whole);
	json_bool(&j, "is_html", m->is_html);
	describe_files(&j, m);
	json_strings(&j, "problems", m->problems, m->n_problems);
	json_end(&j);
}

void
mime_describe_refusal(struct buf *out, const char *why)
{
	struct jsonout j;

	json_begin(&j, out);
	json_object(&j, NULL);
	json_string(&j, "refused", why);
	json_end(&j);
}
