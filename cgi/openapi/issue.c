/* The schema of the fields of an issue, from ISSUE_FIELDS: those that are shown
 * as they are. What their ids stand for, and what is shown in a form of its
 * own, is in components.json (IssueMembers). */

#include <stdio.h>

#include "base/enum_name.h"
#include "base/json_writer.h"
#include "desk/issue_fields.h"
#include "openapi.h"

/* Where the kind does not tell all: a schema of components.json. */
static const char *const refined[ISSUE_FIELD_MAX] = {
    [ISSUE_FIELD_NUMBER] = "#/components/schemas/IssueNumber",
    [ISSUE_FIELD_ORGANIZATION] = "#/components/schemas/Id",
    [ISSUE_FIELD_TITLE] = "#/components/schemas/IssueTitle",
    [ISSUE_FIELD_STATUS] = "#/components/schemas/Status",
    [ISSUE_FIELD_PRIORITY] = "#/components/schemas/Priority",
    [ISSUE_FIELD_CATEGORY] = "#/components/schemas/Category",
    [ISSUE_FIELD_CREATED_AT] = "#/components/schemas/Time",
    [ISSUE_FIELD_UPDATED_AT] = "#/components/schemas/Time",
    [ISSUE_FIELD_LINEAR_URL] = "#/components/schemas/LinearUrl",
    [ISSUE_FIELD_LINEAR_TEAM] = "#/components/schemas/LinearUuid",
};

static bool
is_shown_as_it_is(const struct issue_field *f)
{
	return f->viewers == VIEWERS_ANYONE || f->viewers == VIEWERS_STAFF;
}

static void
write_words(struct jsonout *j, const struct enum_name *words)
{
	json_string(j, "type", "string");
	json_array(j, "enum");
	/* aliases are only read */
	for (const struct enum_name *w = words; w->text; w++)
		if (enum_name_text(words, w->value) == w->text)
			json_string(j, NULL, w->text);
	json_end(j);
}

/* The members of the schema of a value that is not null. */
static void
write_kind(struct jsonout *j, const struct issue_field *f)
{
	switch (f->kind) {
	case KIND_OF_INT:
		json_string(j, "type", "integer");
		json_string(j, "format", "int64");
		json_integer(j, "minimum", 0);
		break;
	case KIND_OF_ID:
	case KIND_OF_OBJECT:
		json_string(j, "$ref", "#/components/schemas/Id");
		break;
	case KIND_OF_BOOL:
		json_string(j, "type", "boolean");
		break;
	case KIND_OF_CHOICE:
		write_words(j, f->words);
		break;
	case KIND_OF_TIME:
		json_string(j, "$ref", "#/components/schemas/Time");
		break;
	case KIND_OF_LINE:
	case KIND_OF_TEXT:
	case KIND_OF_BLANK_TEXT:
		json_string(j, "type", "string");
		break;
	}
}

static bool
is_ever_null(const struct issue_field *f)
{
	switch (f->kind) {
	case KIND_OF_INT:
	case KIND_OF_BOOL:
	case KIND_OF_CHOICE:
	case KIND_OF_BLANK_TEXT:
		return f->viewers == VIEWERS_STAFF;
	case KIND_OF_ID:
	case KIND_OF_OBJECT:
	case KIND_OF_TIME:
	case KIND_OF_LINE:
	case KIND_OF_TEXT:
		break;
	}
	return true;
}

/* Opens the schema of a value, and of null beside it; close_nullable() closes
 * it. */
static void
open_nullable(struct jsonout *j, const char *key, bool nullable)
{
	json_object(j, key);
	if (!nullable)
		return;
	json_array(j, "anyOf");
	json_object(j, NULL);
}

static void
close_nullable(struct jsonout *j, bool nullable)
{
	json_end(j);
	if (!nullable)
		return;
	json_object(j, NULL);
	json_string(j, "type", "null");
	json_end(j);
	json_end(j);
	json_end(j);
}

static const char *
display_name(char out[64], const struct issue_field *f)
{
	snprintf(out, 64, "%s_display", f->name);
	return out;
}

static void
write_issue_field(struct jsonout *j, const struct issue_field *f)
{
	const char *schema = refined[f - issue_fields];
	const bool nullable = is_ever_null(f);
	char display[64];

	if (schema) {
		openapi_refer(j, f->name, schema);
	} else {
		open_nullable(j, f->name, nullable);
		write_kind(j, f);
		close_nullable(j, nullable);
	}
	if (!f->labels)
		return;
	open_nullable(j, display_name(display, f), nullable);
	write_words(j, f->labels);
	close_nullable(j, nullable);
}

void
openapi_issue_fields(struct jsonout *j, const char *key)
{
	const struct issue_field *f, *end = issue_fields + ISSUE_FIELD_MAX;
	char display[64];

	json_object(j, key);
	json_string(j, "description", "What is stored of an issue.");
	json_string(j, "type", "object");
	json_array(j, "required");
	for (f = issue_fields; f < end; f++) {
		if (!is_shown_as_it_is(f))
			continue;
		json_string(j, NULL, f->name);
		if (f->labels)
			json_string(j, NULL, display_name(display, f));
	}
	json_end(j);
	json_object(j, "properties");
	for (f = issue_fields; f < end; f++)
		if (is_shown_as_it_is(f))
			write_issue_field(j, f);
	json_end(j);
	json_end(j);
}
