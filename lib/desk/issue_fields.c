/* The table of an issue's fields as data, and the values that an issue has in
 * them: what views, exports, the history and comparisons read, whichever fields
 * there are. What depends on C types (reading a row, applying a change) is made
 * from ISSUE_FIELDS where it is needed. */

#include "desk/issue_fields.h"

#include <string.h>

#include "base/arena.h"
#include "base/json_writer.h"
#include "desk/issue.h"

const struct issue_field issue_fields[ISSUE_FIELD_MAX] = {
/* kind, max, words, labels */
#define KIND_INT(max)	     KIND_OF_INT, max, NULL, NULL
#define KIND_ID		     KIND_OF_ID, INT64_MAX, NULL, NULL
#define KIND_OBJECT	     KIND_OF_OBJECT, INT64_MAX, NULL, NULL
#define KIND_BOOL	     KIND_OF_BOOL, 1, NULL, NULL
#define KIND_TIME	     KIND_OF_TIME, 0, NULL, NULL
#define KIND_LINE(max)	     KIND_OF_LINE, max, NULL, NULL
#define KIND_TEXT(max)	     KIND_OF_TEXT, max, NULL, NULL
#define KIND_BLANK_TEXT(max) KIND_OF_BLANK_TEXT, max, NULL, NULL
#define KIND_CHOICE(x)	     KIND_OF_CHOICE, 0, x##_words, x##_labels
#define SET_BY_CUSTOMER(id)  SET_##id
#define SET_BY_STAFF(id)     SET_##id
#define SET_BY_DERIVED(id)   0
#define SET_BY_NOBODY(id)    0
#define IS_LINEAR	     true
#define IS_SILENT	     false
/* exported, called, called_email */
#define IS_CELL			  true, NULL, NULL
#define IS_CALLED(name, m)	  true, name, NULL
#define IS_PERSON(name, m, email) true, name, name "_email"
#define IS_LEFT_OUT		  false, NULL, NULL
#define ENTRY(id, place, column, kind, name, viewers, changers, linear, \
	      history, export)                                          \
	[ISSUE_FIELD_##id] = {name,                                     \
			      #column,                                  \
			      name "_display",                          \
			      VIEWERS_##viewers,                        \
			      CHANGERS_##changers,                      \
			      SET_BY_##changers(id),                    \
			      IS_##linear,                              \
			      HISTORY_##history,                        \
			      IS_##export,                              \
			      KIND_##kind},
    ISSUE_FIELDS(ENTRY)
#undef ENTRY
};

bool
issue_field_shown(const struct issue_field *f, enum role role)
{
	switch (f->viewers) {
	case VIEWERS_ANYONE:
	case VIEWERS_SPECIAL:
		return true;
	case VIEWERS_STAFF:
		return role != ROLE_CUSTOMER;
	case VIEWERS_HIDDEN:
		break;
	}
	return false;
}

struct issue_value
issue_value(const struct issue *i, enum issue_field_id id)
{
	switch (id) {
#define VALUE_INT(max)	      .number
#define VALUE_ID	      .number
#define VALUE_OBJECT	      .number
#define VALUE_BOOL	      .number
#define VALUE_CHOICE(x)	      .number
#define VALUE_TIME	      .text
#define VALUE_LINE(max)	      .text
#define VALUE_TEXT(max)	      .text
#define VALUE_BLANK_TEXT(max) .text
#define VALUE(id, place, column, kind, ...)  \
	case ISSUE_FIELD_##id:               \
		return (struct issue_value){ \
		    VALUE_##kind = i->ISSUE_MEMBER(place, column)};
		ISSUE_FIELDS(VALUE)
#undef VALUE
	case ISSUE_FIELD_MAX:
		break;
	}
	return (struct issue_value){0};
}

bool
issue_values_differ(struct issue_value a, struct issue_value b)
{
	if (a.text && b.text)
		return strcmp(a.text, b.text) != 0;
	return a.text != b.text || a.number != b.number;
}

const char *
issue_value_text(struct arena *a, enum issue_field_id id, struct issue_value v)
{
	switch (issue_fields[id].kind) {
	case KIND_OF_CHOICE:
		return enum_name_text(issue_fields[id].words, (int)v.number);
	case KIND_OF_BOOL:
		return v.number ? "true" : "false";
	case KIND_OF_ID:
	case KIND_OF_OBJECT:
		if (!v.number)
			return NULL;
		__attribute__((fallthrough));
	case KIND_OF_INT:
		return arena_printf(a, "%lld", (long long)v.number);
	case KIND_OF_TIME:
	case KIND_OF_LINE:
	case KIND_OF_TEXT:
	case KIND_OF_BLANK_TEXT:
		break;
	}
	return v.text;
}

void
issue_value_json(struct jsonout *j, enum issue_field_id id,
		 struct issue_value v)
{
	const struct issue_field *f = &issue_fields[id];

	switch (f->kind) {
	case KIND_OF_INT:
		json_integer(j, f->name, v.number);
		break;
	case KIND_OF_ID:
	case KIND_OF_OBJECT:
		json_id(j, f->name, v.number);
		break;
	case KIND_OF_BOOL:
		json_bool(j, f->name, v.number);
		break;
	case KIND_OF_CHOICE:
		json_string(j, f->name,
			    enum_name_text(f->words, (int)v.number));
		break;
	case KIND_OF_TIME:
	case KIND_OF_LINE:
	case KIND_OF_TEXT:
	case KIND_OF_BLANK_TEXT:
		json_string(j, f->name, v.text);
		break;
	}
}

struct issue_naming
issue_naming(const struct issue *i, enum issue_field_id id)
{
#define NAMING_CELL		       NULL, NULL
#define NAMING_LEFT_OUT		       NULL, NULL
#define NAMING_CALLED(name, m)	       i->m, NULL
#define NAMING_PERSON(name, m, email_) i->m, i->email_
#define NAMING(id, place, column, kind, name, viewers, changers, linear, \
	       history, export)                                          \
	[ISSUE_FIELD_##id] = {NAMING_##export},
	const struct issue_naming all[ISSUE_FIELD_MAX] = {ISSUE_FIELDS(NAMING)};
#undef NAMING

	return all[id];
}
