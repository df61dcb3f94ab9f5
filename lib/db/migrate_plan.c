/* What migrate() would do. */
#include <string.h>

#include "base/arena.h"
#include "db/db.h"
#include "db/migrate.h"
#include "db/script.h"
#include "migration_text.h"

/* Rows a second: about half of what was measured with 200,000 issues on one
 * processor that was busy. */
#define ROWS_KEYED   100000 /* into a new key */
#define ROWS_CHANGED 20000  /* in batches, copied, or all at once */

/* The statements of a migration that do something by themselves. */
static bool
is_planned(const char *statement)
{
	static const char *const others[] = {"PREPARE ", "EXECUTE ",
					     "DEALLOCATE ", "SET SESSION ",
					     "SET @key_of "};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strncmp(statement, others[i], strlen(others[i])) == 0)
			return false;
	return true;
}

static const char *
way_of(struct arena *a, const char *statement)
{
	if (batch_table(a, statement))
		return "batches";
	if (is_copy(statement))
		return "copy";
	if (strstr(statement, "ALGORITHM = INSTANT"))
		return "instant";
	return strstr(statement, "ALGORITHM = INPLACE") ? "in place" : "once";
}

static int64_t
seconds_of(const struct planned *p)
{
	if (strcmp(p->how, "instant") == 0)
		return 0;
	return p->rows /
	       (strcmp(p->how, "in place") == 0 ? ROWS_KEYED : ROWS_CHANGED);
}

static enum err
plan_statement(struct planned *out, struct ctx *c,
	       const struct script_part *part, const char *statement)
{
	struct planned p = {.version = part->version,
			    .name = part->name,
			    .table = table_of(c->arena, statement),
			    .how = way_of(c->arena, statement)};
	enum err e = estimate_rows(&p.rows, c, p.table);

	p.seconds = seconds_of(&p);
	*out = p;
	return e;
}

/* Adds the statements of a migration to the plan, which has room for them. */
static enum err
plan_part(struct planned *out, size_t *n, struct ctx *c,
	  const struct script_part *part)
{
	const char *text = part->text, *statement;
	enum err e = OK;

	while (!e && (statement = script_next(c->arena, &text)))
		if (is_planned(statement))
			e = plan_statement(&out[(*n)++], c, part, statement);
	return e;
}

static size_t
count_statements(struct arena *a, const char *script)
{
	size_t n = 0;

	while (script_next(a, &script))
		n++;
	return n;
}

enum err
migrate_plan(struct planned **out, size_t *n, struct ctx *c, const char *script)
{
	struct planned *all;
	struct script_part part;
	size_t tables, count = 0;
	bool versions, done;
	enum err e = count_tables(&tables, c);

	if (!e)
		e = has_versions(&versions, c);
	all = arena_alloc(c->arena, (count_statements(c->arena, script) + 1) *
					sizeof(*all));
	while (!e && tables && script_part_next(&part, c->arena, &script)) {
		done = !part.version;
		if (part.version && versions)
			e = has_migration(&done, c, part.version);
		if (!e && !done)
			e = plan_part(all, &count, c, &part);
	}
	*out = all;
	*n = count;
	return e;
}
