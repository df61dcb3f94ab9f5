#include "web/route.h"

#include <string.h>

#include "unit/runner.h"

#define ROW(m, path, who, name)                                           \
	{                                                                 \
		.method = METHOD_##m, .pattern = (path), .access = (who), \
		.stem = (name)                                            \
	}

static const struct route table[] = {
    ROW(GET, "/api/issues/", ALL, "list"),
    ROW(POST, "/api/issues/", ALL, "make"),
    ROW(GET, "/api/issues/stats/", ALL, "stats"),
    ROW(GET, "/api/issues/{id}/", ALL, "get"),
    ROW(PATCH, "/api/issues/{id}/", STAFF, "patch"),
    ROW(POST, "/api/issues/{id}/close/", STAFF, "close"),
    ROW(POST, "/api/issues/resolve/{id}/", STAFF, "alias"),
    ROW(DELETE, "/api/issues/{id}/parts/{pid}/", STAFF, "part"),
    {0},
};

static const struct {
	enum method method;
	const char *path, *stem; /* NULL: none */
	int64_t id;
	unsigned allow;
	int64_t inner_id;
} finds[] = {
    {METHOD_GET, "/api/issues/", "list", 0, 0, 0},
    {METHOD_POST, "/api/issues/", "make", 0, 0, 0},
    {METHOD_GET, "/api/issues/stats/", "stats", 0, 0, 0},
    {METHOD_GET, "/api/issues/7/", "get", 7, 0, 0},
    {METHOD_GET, "/api/issues/007/", "get", 7, 0, 0},
    {METHOD_GET, "/api/issues/0/", "get", 0, 0, 0},
    {METHOD_PATCH, "/api/issues/7/", "patch", 7, 0, 0},
    {METHOD_POST, "/api/issues/12/close/", "close", 12, 0, 0},
    {METHOD_POST, "/api/issues/resolve/12/", "alias", 12, 0, 0},
    {METHOD_GET, "/api/issues/999999999999999999/", "get",
     INT64_C(999999999999999999), 0, 0},
    {METHOD_GET, "/api/issues/1000000000000000000/", NULL, 0, 0, 0},
    {METHOD_DELETE, "/api/issues/", NULL, 0, METHOD_GET | METHOD_POST, 0},
    {METHOD_DELETE, "/api/issues/7/", NULL, 0, METHOD_GET | METHOD_PATCH, 0},
    {METHOD_POST, "/api/issues/stats/", NULL, 0, METHOD_GET, 0},
    {METHOD_GET, "/api/issues/7/close/", NULL, 0, METHOD_POST, 0},
    {METHOD_OTHER, "/api/issues/stats/", NULL, 0, METHOD_GET, 0},
    {METHOD_GET, "/api/issues", NULL, 0, 0, 0},
    {METHOD_GET, "/api/issues/7", NULL, 0, 0, 0},
    {METHOD_GET, "/api/issues/7/x/", NULL, 0, 0, 0},
    {METHOD_GET, "/api/issues/-7/", NULL, 0, 0, 0},
    {METHOD_GET, "/api/issues/+7/", NULL, 0, 0, 0},
    {METHOD_GET, "/api/issues/7a/", NULL, 0, 0, 0},
    {METHOD_GET, "/api/issues/0x7/", NULL, 0, 0, 0},
    {METHOD_GET, "/api/issues//", NULL, 0, 0, 0},
    {METHOD_GET, "/api/issues/{id}/", NULL, 0, 0, 0},
    {METHOD_GET, "/API/issues/", NULL, 0, 0, 0},
    {METHOD_DELETE, "/api/issues/7/parts/12/", "part", 7, 0, 12},
    {METHOD_GET, "/api/issues/7/parts/12/", NULL, 0, METHOD_DELETE, 0},
    {METHOD_DELETE, "/api/issues/7/parts//", NULL, 0, 0, 0},
    {METHOD_DELETE, "/api/issues/7/parts/x/", NULL, 0, 0, 0},
    {METHOD_DELETE, "/api/issues/7/parts/", NULL, 0, 0, 0},
    {METHOD_GET, "/", NULL, 0, 0, 0},
    {METHOD_GET, "", NULL, 0, 0, 0},
};

START_TEST(finding)
{
	int64_t ids[ROUTE_IDS] = {-1, -1};
	unsigned allow = 99;
	const struct route *r =
	    route_find(table, finds[_i].method, finds[_i].path, ids, &allow);

	if (finds[_i].stem) {
		ck_assert_msg(r != NULL, "%s", finds[_i].path);
		ck_assert_str_eq(r->stem, finds[_i].stem);
	} else {
		ck_assert_msg(r == NULL, "%s", finds[_i].path);
		ck_assert_uint_eq(allow, finds[_i].allow);
	}
	ck_assert_int_eq(ids[0], finds[_i].id);
	ck_assert_int_eq(ids[1], finds[_i].inner_id);
}
END_TEST

START_TEST(allowed_methods)
{
	char text[64];

	route_allow(text, 0);
	ck_assert_str_eq(text, "");
	route_allow(text, METHOD_GET);
	ck_assert_str_eq(text, "GET, HEAD");
	route_allow(text, METHOD_POST | METHOD_DELETE);
	ck_assert_str_eq(text, "POST, DELETE");
	route_allow(text, METHOD_GET | METHOD_POST | METHOD_PUT | METHOD_PATCH |
			      METHOD_DELETE | METHOD_OPTIONS);
	ck_assert_str_eq(text, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("route");
	TCase *t = tcase_create("route");

	tcase_add_loop_test(t, finding, 0, COUNT(finds));
	tcase_add_test(t, allowed_methods);
	suite_add_tcase(s, t);
	return run_suite(s);
}
