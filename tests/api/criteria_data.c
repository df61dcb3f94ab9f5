/* Random data for the tests of criteria, the same in every run: issues that
 * have every kind of value, and the values that each criterion is tried with.
 */

#include "criteria_data.h"

#include <string.h>

#include "base/clock.h"
#include "desk/issue_count.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"

#define DAY (INT64_C(1700000000) * USEC_PER_SEC)

struct world criteria_world;

uint32_t
repeatable(uint32_t n)
{
	static uint32_t state = 12345;

	state = state * 1664525 + 1013904223;
	return (state >> 16) % n;
}

/* A time as SQL reads it; the API wants a Z behind it. Few, so that issues
 * share them. */
static const char *
random_time(void)
{
	char buf[CLOCK_TEXT];

	return text("%.26s",
		    clock_iso(buf, DAY + repeatable(6) * USEC_PER_SEC));
}

const struct issue_field *
criterion_field(enum criterion k)
{
	return &issue_fields[issue_criteria[k].field];
}

static int
words_of(const struct enum_name *words)
{
	int n = 0;

	while (words[n].text)
		n++;
	return n;
}

/* What may stand in the column of ids, besides NULL. */
static int64_t
random_id(enum issue_field_id id)
{
	const int64_t staff[] = {criteria_world.employee.profile,
				 criteria_world.vendor.profile};

	switch ((int)id) {
	case ISSUE_FIELD_ASSIGNEE:
		return staff[repeatable(2)];
	case ISSUE_FIELD_VENDOR:
		return criteria_world.supplier;
	case ISSUE_FIELD_ORDER:
		return criteria_world.order;
	default:
		return 0;
	}
}

static struct arg
random_value(enum issue_field_id id)
{
	const struct issue_field *f = &issue_fields[id];

	switch (f->kind) {
	case KIND_OF_CHOICE:
		return arg_int(
		    f->words[repeatable((uint32_t)words_of(f->words))].value);
	case KIND_OF_BOOL:
		return arg_int(repeatable(2));
	case KIND_OF_INT:
		return arg_int(repeatable(3));
	case KIND_OF_TIME:
		return arg_text(random_time());
	case KIND_OF_LINE:
	case KIND_OF_TEXT:
	case KIND_OF_BLANK_TEXT:
		return arg_text(text("Word%d", (int)repeatable(3)));
	case KIND_OF_ID:
	case KIND_OF_OBJECT:
		break;
	}
	return arg_id(repeatable(2) ? random_id(id) : 0);
}

void
criteria_set_up(void)
{
	int64_t id;

	fixture_begin();
	make_world(&criteria_world);
	for (int i = 0; i < CRITERIA_ISSUES; i++) {
		id = raise_issue(
		    repeatable(3) ? &criteria_world.customer
				  : &criteria_world.stranger,
		    criteria_world.org,
		    text("Issue %d %s", i, repeatable(3) ? "" : "rarity"));
		for (int k = 0; k < CRITERIA; k++) {
			if (k == BY_ORGANIZATION || k == BY_CUSTOMER)
				continue;
			sql_run(
			    text("UPDATE issue SET %s = ? WHERE id = ?",
				 criterion_field((enum criterion)k)->column),
			    ARGS(random_value(issue_criteria[k].field),
				 arg_int(id)));
		}
	}
	ck_assert_int_eq(count_repair(&id, fixture_ctx()), OK);
}

static struct narrowed
narrow_to(enum criterion k, const char *value, const char *literal)
{
	const struct issue_criterion *t = &issue_criteria[k];
	const struct issue_comparison_sql *sql =
	    &issue_comparisons[t->comparison];

	/* ENUMs compare as numbers here, whatever the API makes of their names
	 */
	return (struct narrowed){
	    text("&%s=%s", t->name, value),
	    text(" AND %s(i.%s%s)%.*s%s", sql->before,
		 criterion_field(k)->column,
		 criterion_field(k)->kind == KIND_OF_CHOICE ? " + 0" : "",
		 (int)strcspn(sql->behind, "?"), sql->behind, literal),
	    value, k};
}

bool
criterion_value(struct narrowed *out, enum criterion k, int i)
{
	const struct issue_criterion *t = &issue_criteria[k];
	const char *value;
	int64_t id;

	switch (t->kind) {
	case CRITERION_CHOICE:
		if (i >= words_of(t->words))
			return false;
		*out = narrow_to(k, t->words[i].text,
				 text("%d", t->words[i].value));
		return true;
	case CRITERION_BOOL:
		*out = narrow_to(k, i ? "true" : "false", i ? "1" : "0");
		return i < 2;
	case CRITERION_TIME:
		value = random_time();
		*out = narrow_to(k, text("%sZ", value), text("'%s'", value));
		return i < 3;
	case CRITERION_ASSIGNEE:
		if (i == 0) {
			*out = narrow_to(k, "none", "NULL");
			return true;
		}
		break;
	case CRITERION_ID:
		break;
	}
	id = sql_int(text("SELECT DISTINCT %s FROM issue i WHERE "
			  "i.organization_id = ? AND %s IS NOT NULL "
			  "ORDER BY 1 LIMIT 1 OFFSET %d",
			  criterion_field(k)->column,
			  criterion_field(k)->column, i / 2),
		     ARGS(arg_int(criteria_world.org)));
	value = text("%lld", (long long)id);
	*out = narrow_to(k, value, value);
	return id && i < 4;
}
