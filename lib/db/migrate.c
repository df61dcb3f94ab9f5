#include "db/migrate.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"

enum { TABLES, STATEMENTS };

static struct stmt sql[] = {
    [TABLES] = {"SELECT COUNT(*) FROM information_schema.tables "
		"WHERE table_schema = DATABASE()"},
};

const struct statements migrate_statements = {sql, STATEMENTS};

/* Skips a comment or one white space at s; returns s if there is neither. */
static const char *
skip_blank(const char *s)
{
	const char *end;

	if (isspace((unsigned char)*s))
		return s + 1;
	if (strncmp(s, "--", 2) == 0 &&
	    (!s[2] || isspace((unsigned char)s[2]))) {
		end = strchr(s, '\n');
		return end ? end + 1 : s + strlen(s);
	}
	/* an exclamation mark makes it a command for MySQL */
	if (strncmp(s, "/*", 2) == 0 && s[2] != '!') {
		end = strstr(s + 2, "*/");
		return end ? end + 2 : s + strlen(s);
	}
	return s;
}

/* Skips the quoted text at s. A backslash escapes the quote; a doubled quote is
 * read as two texts, which does no harm. */
static const char *
skip_quoted(const char *s)
{
	const char quote = *s++;

	for (; *s && *s != quote; s++)
		if (*s == '\\' && quote != '`' && s[1])
			s++;
	return *s ? s + 1 : s;
}

const char *
script_next(struct arena *a, const char **script)
{
	const char *s = *script, *start, *next;

	while ((next = skip_blank(s)) != s || *s == ';')
		s = *s == ';' ? s + 1 : next;
	start = s;
	while (*s && *s != ';') {
		next = skip_blank(s);
		if (next != s)
			s = next;
		else if (strchr("'\"`", *s))
			s = skip_quoted(s);
		else
			s++;
	}
	*script = *s ? s + 1 : s;
	return s == start ? NULL : arena_memdup(a, start, (size_t)(s - start));
}

enum err
count_tables(size_t *n, struct ctx *c)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[TABLES], NO_ARGS);

	if (!e)
		*n = (size_t)col_int(&rows);
	return e;
}

enum err
migrate(struct migration *out, struct ctx *c, const char *script)
{
	struct migration m = {0};
	const char *statement;
	enum err e;

	db_be_patient(c->db);
	e = count_tables(&m.before, c);
	while (!e && (statement = script_next(c->arena, &script))) {
		e = db_script(c->db, statement);
		m.statements++;
	}
	if (!e)
		e = count_tables(&m.after, c);
	if (!e)
		*out = m;
	return e;
}

enum err
statements_check(const char **refused, size_t *n, struct ctx *c)
{
	const struct statements *const *set;
	size_t count = 0;
	enum err e;

	for (set = all_statements; *set; set++) {
		for (size_t i = 0; i < (*set)->n; i++, count++) {
			e = db_check(c->db, &(*set)->table[i]);
			if (e) {
				*refused = (*set)->table[i].sql;
				return e;
			}
		}
	}
	*n = count;
	return OK;
}
