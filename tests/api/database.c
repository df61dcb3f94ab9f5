/* What the tests of db/db.h share: two connections to the server, and rows of
 * organization to write. */

#include "database.h"

#include "tests/lib/client.h"
#include "tests/lib/fixture.h"

enum { INSERT, HOW_MANY, STATEMENTS };

static struct stmt sql[STATEMENTS] = {
    [INSERT] = {"INSERT INTO organization (name, slug, created_at, updated_at) "
		"VALUES (?, ?, NOW(6), NOW(6))",
		0, 0},
    [HOW_MANY] = {"SELECT COUNT(*) FROM organization WHERE slug = ?", 0, 0},
};

struct conf scratch_conf;
struct db *scratch_db, *other_db;

void
database_set_up(void)
{
	char why[256];

	fixture_begin();
	ck_assert(conf_load(&scratch_conf, why, sizeof(why)));
	scratch_db = db_new(&scratch_conf);
	other_db = db_new(&scratch_conf);
	db_attach(scratch_db, test_arena());
	db_attach(other_db, test_arena());
}

void
database_tear_down(void)
{
	db_free(scratch_db);
	db_free(other_db);
	fixture_end();
}

enum err
insert_organization(const char *slug)
{
	return db_run(scratch_db, &sql[INSERT],
		      ARGS(arg_text("name"), arg_text(slug)));
}

int64_t
count_slug(const char *slug)
{
	struct rows r;

	ck_assert_int_eq(
	    db_one(&r, scratch_db, &sql[HOW_MANY], ARGS(arg_text(slug))), OK);
	return col_int(&r);
}
