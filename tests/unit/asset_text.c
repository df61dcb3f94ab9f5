/* The URLs of Linear's files in texts: which are found, under which name, and
 * what is shown in their place. */

#include "desk/asset_text.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "unit/runner.h"

#define BASE "https://files.example"

static struct arena *arena;

static void
set_up(void)
{
	arena = arena_new();
}

static void
tear_down(void)
{
	arena_free(arena);
}

/* /1… is ready, /2… awaited, /3… missing; others are unknown. */
static enum asset_shown
find(int64_t *id, const void *arg, const char *url)
{
	const char c = url[strlen(BASE) + 1];

	ck_assert_ptr_null(arg);
	*id = 7;
	return c == '1'	  ? ASSET_READY
	       : c == '2' ? ASSET_AWAITED
	       : c == '3' ? ASSET_MISSING
			  : ASSET_UNKNOWN;
}

/* A text; "url=filename" of each file in it; what is shown; what is mailed. */
static const struct {
	const char *text, *found, *shown, *mailed;
} texts[] = {
    {"", "", "", ""},
    {"no " BASE " here", "", "no " BASE " here", "no " BASE " here"},
    {BASE "/", "", BASE "/", BASE "/"},
    {BASE ".evil/1/a", "", BASE ".evil/1/a", BASE ".evil/1/a"},
    {BASE "@evil/1/a", "", BASE "@evil/1/a", BASE "@evil/1/a"},
    {"x ![a b.png](" BASE "/1/a) y", "/1/a=a b.png;",
     "x ![a b.png](/api/attachments/7/) y", "x [a b.png](U) y"},
    {"[a](<" BASE "/1/a>)", "/1/a=a;", "[a](/api/attachments/7/)", "[a](U)"},
    {"![a\\[1\\]\\_.png](" BASE "/1/a)", "/1/a=a[1]_.png;",
     "![a\\[1\\]\\_.png](/api/attachments/7/)", "[a\\[1\\]\\_.png](U)"},
    {"![a](" BASE "/2/a)![b](" BASE "/3/b)", "/2/a=a;/3/b=b;",
     "a (this file is being fetched)b (this file is not available)",
     "[a](U)[b](U)"},
    {"see " BASE "/1/a.", "/1/a=a;", "see /api/attachments/7/.", "see [a](U)."},
    {"see " BASE "/1/a?signature=x, or", "/1/a=a;",
     "see /api/attachments/7/ or", "see [a](U) or"},
    {"[" BASE "/1/a](<" BASE "/1/a>)", "/1/a=a;", "[a](/api/attachments/7/)",
     "[a](U)"},
    {"[a](" BASE "/9/a)", "/9/a=a;", "[a](" BASE "/9/a)", "[a](U)"},
    {"\\![a](" BASE "/1/a)", "/1/a=a;", "\\![a](/api/attachments/7/)",
     "\\![a](U)"},
    {"[a\n](" BASE "/1/a)", "/1/a=a;", "[a\n](/api/attachments/7/)",
     "[a\n]([a](U))"},
    {"[o ![i](" BASE "/1/i) o](" BASE "/1/o)", "/1/i=i;/1/o=o;",
     "[o ![i](/api/attachments/7/) o](/api/attachments/7/)",
     "[o [i](U) o]([o](U))"},
    {"[](" BASE "/1/a)", "/1/a=a;", "[a](/api/attachments/7/)", "[a](U)"},
};

static const char *
found_in(const char *text)
{
	struct buf b;
	struct asset f;
	const char *p = text, *out;

	buf_init(&b, 4096);
	while (asset_next(&f, arena, BASE, text, p)) {
		ck_assert(f.at >= p);
		p = f.at + f.length;
		ck_assert_uint_le((size_t)(p - text), strlen(text));
		buf_printf(&b, "%s=%s;", f.url + strlen(BASE), f.filename);
	}
	out = arena_memdup(arena, b.len ? b.data : "", b.len);
	buf_release(&b);
	return out;
}

START_TEST(a_text)
{
	const char *text = texts[_i].text;

	ck_assert_str_eq(found_in(text), texts[_i].found);
	ck_assert_str_eq(asset_show(arena, BASE, text, find, NULL),
			 texts[_i].shown);
	ck_assert_str_eq(asset_link(arena, BASE, text, "U"), texts[_i].mailed);
	/* and back, as far as it is told where the files were */
	if (!strstr(texts[_i].found, "/9/"))
		ck_assert_str_eq(asset_restore(arena, BASE, text,
					       texts[_i].shown, find, NULL,
					       "U"),
				 text);
}
END_TEST

START_TEST(an_edited_text)
{
	const char *stored = "a ![x](" BASE "/1/x) [y](" BASE "/2/y)";

	ck_assert_str_eq(
	    asset_restore(arena, BASE, stored,
			  "b y (this file is being fetched) "
			  "![x](/api/attachments/7/)![x](/api/attachments/8/)"
			  "[y](U)",
			  find, NULL, "U"),
	    "b [y](" BASE "/2/y) ![x](" BASE "/1/x)![x](/api/attachments/8/)"
	    "[y](" BASE "/2/y)");
}
END_TEST

/* A text that is all brackets and URLs takes no more than linear time. */
START_TEST(a_long_text)
{
	struct buf b;
	struct asset f;
	const char *p;
	size_t n = 0;

	buf_init(&b, (size_t)4 * 1024 * 1024);
	for (int i = 0; i < 4000; i++)
		buf_adds(&b, "[[[[[[[[x](" BASE "/1/a)");
	for (p = b.data; asset_next(&f, arena, BASE, b.data, p); n++)
		p = f.at + f.length;
	ck_assert_uint_eq(n, 4000);
	buf_release(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("asset_text");
	TCase *t = tcase_create("asset_text");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, a_text, 0, (int)COUNT(texts));
	tcase_add_test(t, an_edited_text);
	tcase_add_test(t, a_long_text);
	suite_add_tcase(s, t);
	return run_suite(s);
}
