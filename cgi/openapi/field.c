/* The schema of an input, from its declaration. */

#include <string.h>

#include "base/buf.h"
#include "base/enum_name.h"
#include "base/json_writer.h"
#include "openapi.h"

void
openapi_refer(struct jsonout *j, const char *key, const char *to)
{
	json_object(j, key);
	json_string(j, "$ref", to);
	json_end(j);
}

static void
write_type(struct jsonout *j, const struct field *f, const char *type)
{
	if (!(f->flags & F_NULL)) {
		json_string(j, "type", type);
		return;
	}
	json_array(j, "type");
	json_string(j, NULL, type);
	json_string(j, NULL, "null");
	json_end(j);
}

static void
write_text(struct jsonout *j, const struct field *f)
{
	write_type(j, f, "string");
	if (f->type == FIELD_UUID) {
		json_string(j, "format", "uuid");
		return;
	}
	if (f->type == FIELD_EMAIL)
		json_string(j, "format", "email");
	if (f->type == FIELD_VERBATIM && strstr(f->name, "password"))
		json_string(j, "format", "password");
	if (!(f->flags & F_BLANK))
		json_integer(j, "minLength", f->min > 1 ? f->min : 1);
	json_integer(j, "maxLength", f->max);
}

/* A limit of INT64_MAX is left out: JSON numbers are exact only up to 2^53. */
static void
write_integer(struct jsonout *j, const struct field *f)
{
	json_string(j, "format", "int64");
	json_integer(j, "minimum", f->min);
	if (f->max < INT64_MAX)
		json_integer(j, "maximum", f->max);
}

static void
write_enum(struct jsonout *j, const struct field *f)
{
	json_array(j, "enum");
	for (const struct enum_name *w = f->words; w->text; w++)
		json_string(j, NULL, w->text);
	if (f->flags & F_NULL)
		json_null(j, NULL);
	json_end(j);
}

/* What a name alone does not say, the same for all operations. */
static const struct {
	const char *name, *text;
} notes[] = {
    {"after", "Return the entries after this one."},
    {"before", "Return the entries before this one."},
    {"all", "Include those who are deactivated."},
    {"assigned_to", "The id of a staff profile (see `employee_list`)."},
    {"cursor",
     "Page by cursor instead of by `page`: leave it empty for the first page, "
     "and follow `next`. Each page costs the same, however deep."},
    {"days", "For staff: add the trend of so many days."},
    {"employee_id", "The id of a staff profile. Null unassigns."},
    {"internal", "Only for staff. An internal comment is never shown to the "
		 "customer or sent to Linear."},
    {"is_listed", "Whether outsiders find the organization in lists. Those who "
		  "have an issue or an order there always do."},
    {"linear_team_id", "The id of a team in Linear. Null unlinks the team."},
    {"on_behalf_of",
     "Only for staff, where their organization allows it: the user id or the "
     "e-mail address of one of its customers."},
    {"order", "The id of an order."},
    {"ordering", "`-` reverses the order. `priority` sorts by urgency."},
    {"organization", "The id of an organization."},
    {"raised_by_customer", "The id of a customer record."},
    {"search", "Words, or beginnings of words, that must all occur in number, "
	       "title, description or public comments. For staff, also in "
	       "internal comments and the customer's name and address."},
    {"successor",
     "Who takes over the open issues of a person who is deactivated: the id of "
     "a staff profile. Null: nobody."},
    {"staff_may_raise", "Whether staff may raise issues for customers."},
    {"mail_in",
     "Who raises issues by a mail to the organization's addresses: nobody, "
     "people who have confirmed their address, or anyone."},
    {"time_zone", "A name of the IANA time zone database."},
    {"sync", "Import the issues: create or update them in Docket."},
    {"vendor", "The id of a supplier (see `vendor_list`)."},
};

/* "`critical` means `urgent`." */
static void
add_aliases(struct buf *out, const struct enum_name *words)
{
	const char *meant;

	for (const struct enum_name *w = words; w && w->text; w++) {
		meant = enum_name_text(words, w->value);
		if (strcmp(meant, w->text) != 0)
			buf_printf(out, "%s`%s` means `%s`.",
				   out->len ? " " : "", w->text, meant);
	}
}

static void
write_field_description(struct jsonout *j, const struct field *f)
{
	struct buf text;

	buf_init(&text, 4096);
	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		if (strcmp(notes[i].name, f->name) == 0)
			buf_adds(&text, notes[i].text);
	add_aliases(&text, f->words);
	if (text.len)
		json_bytes(j, "description", text.data, text.len);
	buf_release(&text);
}

static void
write_choice(struct jsonout *j, const struct field *f)
{
	write_type(j, f, "string");
	write_enum(j, f);
}

/* An id as the object that answers show, {"id": 7}. */
static void
write_id_object(struct jsonout *j, const struct field *f)
{
	json_object(j, NULL);
	json_string(j, "type", "object");
	json_array(j, "required");
	json_string(j, NULL, "id");
	json_end(j);
	json_object(j, "properties");
	json_object(j, "id");
	json_string(j, "type", "integer");
	write_integer(j, f);
	json_end(j);
	json_end(j);
	json_end(j);
}

/* An id, or instead of it one of the words (in a query) or an object (in a
 * body). */
static void
write_id(struct jsonout *j, const struct field *f)
{
	if (!(f->flags & F_OBJECT) && (!f->words || !(f->flags & F_QUERY))) {
		write_type(j, f, "integer");
		write_integer(j, f);
		return;
	}
	json_array(j, "anyOf");
	json_object(j, NULL);
	write_type(j, f, "integer");
	write_integer(j, f);
	json_end(j);
	if (f->flags & F_OBJECT) {
		write_id_object(j, f);
	} else {
		json_object(j, NULL);
		json_string(j, "type", "string");
		write_enum(j, f);
		json_end(j);
	}
	json_end(j);
}

/* A user id, or an e-mail address. */
static void
write_person(struct jsonout *j, const struct field *f)
{
	json_array(j, "anyOf");
	json_object(j, NULL);
	json_string(j, "type", "integer");
	json_string(j, "format", "int64");
	json_integer(j, "minimum", 1);
	json_end(j);
	json_object(j, NULL);
	write_text(j, f);
	json_end(j);
	json_end(j);
}

static void
write_ids(struct jsonout *j, const struct field *f)
{
	write_type(j, f, "array");
	openapi_refer(j, "items", "#/components/schemas/Id");
	json_integer(j, "minItems", f->min);
	json_integer(j, "maxItems", f->max);
	json_bool(j, "uniqueItems", true);
}

/* A time, or a date. */
static void
write_time(struct jsonout *j)
{
	static const char *const formats[] = {"date-time", "date"};

	json_array(j, "anyOf");
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		json_object(j, NULL);
		json_string(j, "type", "string");
		json_string(j, "format", formats[i]);
		json_end(j);
	}
	json_end(j);
}

void
openapi_field(struct jsonout *j, const char *key, const struct field *f)
{
	json_object(j, key);
	write_field_description(j, f);
	switch (f->type) {
	case FIELD_LINE:
	case FIELD_TEXT:
	case FIELD_VERBATIM:
	case FIELD_UUID:
	case FIELD_EMAIL:
		write_text(j, f);
		break;
	case FIELD_INT:
		write_type(j, f, "integer");
		write_integer(j, f);
		break;
	case FIELD_BOOL:
		write_type(j, f, "boolean");
		break;
	case FIELD_CHOICE:
		write_choice(j, f);
		break;
	case FIELD_ID:
		write_id(j, f);
		break;
	case FIELD_PERSON:
		write_person(j, f);
		break;
	case FIELD_IDS:
		write_ids(j, f);
		break;
	case FIELD_TIME:
		write_time(j);
		break;
	}
	json_end(j);
}
