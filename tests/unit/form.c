/* files/form.h: forms as browsers and curl send them, whatever bytes the files
 * hold and wherever a piece of the body ends; and what is refused. */

#include "files/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "unit/runner.h"

#define BODY_MAX ((size_t)4 * 1024 * 1024)

static struct arena *arena;
static struct buf body;
static struct form form;
static const char *why;
static char type[256];

/* What the sink got. */
struct got {
	char *filename;
	struct buf content;
	bool closed;
};
static struct got got[FORM_FILES_MAX];
static size_t got_n, read_at;
static enum err sink_error;

static void
set_up(void)
{
	arena = arena_new();
	buf_init(&body, BODY_MAX);
	snprintf(type, sizeof(type), "multipart/form-data; boundary=XyZ");
}

static void
forget(void)
{
	while (got_n)
		buf_release(&got[--got_n].content);
	sink_error = OK;
}

static void
tear_down(void)
{
	forget();
	buf_release(&body);
	arena_free(arena);
}

static enum err
sink_open(void *state, const char *filename)
{
	ck_assert_ptr_eq(state, got);
	ck_assert_uint_lt(got_n, FORM_FILES_MAX);
	got[got_n] = (struct got){.filename = arena_strdup(arena, filename)};
	buf_init(&got[got_n++].content, BODY_MAX);
	return OK;
}

static enum err
sink_write(void *state, const void *p, size_t n)
{
	(void)state;
	buf_add(&got[got_n - 1].content, p, n);
	return sink_error;
}

static enum err
sink_close(void *state)
{
	(void)state;
	got[got_n - 1].closed = true;
	return OK;
}

static size_t
source_read(void *state, void *p, size_t n)
{
	const size_t left = body.len - read_at;

	(void)state;
	if (n > left)
		n = left;
	if (n)
		memcpy(p, body.data + read_at, n);
	read_at += n;
	return n;
}

static enum err
read_form(size_t piece)
{
	const struct form_source from = {.content_type = type,
					 .read = source_read,
					 .n = body.len,
					 .piece = piece};
	const struct form_sink to = {got, sink_open, sink_write, sink_close};

	forget();
	read_at = 0;
	why = NULL;
	return form_read(&form, arena, &from, &to, &why);
}

static void
add_file(const char *disposition, const void *content, size_t n)
{
	buf_printf(&body,
		   "--XyZ\r\nContent-Disposition: form-data; %s\r\n"
		   "Content-Type: application/octet-stream\r\n\r\n",
		   disposition);
	buf_add(&body, content, n);
	buf_adds(&body, "\r\n");
}

static void
end_form(void)
{
	buf_adds(&body, "--XyZ--\r\n");
}

static void
set_body(const char *text)
{
	buf_clear(&body);
	buf_adds(&body, text);
}

/* --- what is read ----------------------------------------------------------
 */

START_TEST(browsers_form)
{
	set_body("--XyZ\r\nContent-Disposition: form-data; name=\"content\"\r\n"
		 "\r\nGr\xc3\xbc\xc3\x9f"
		 "e\r\nzwei\r\n"
		 "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; "
		 "filename=\"a b.txt\"\r\nContent-Type: text/plain\r\n\r\n"
		 "one\r\n\r\n--XyZ\r\nContent-Disposition: form-data; "
		 "name=\"file\"; filename=\"\"\r\n"
		 "Content-Type: application/octet-stream\r\n\r\n\r\n"
		 "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; "
		 "filename=\"mail.eml\"\r\nContent-Type: message/rfc822\r\n\r\n"
		 "Subject: x\r\n\r\ny\r\n--XyZ\r\n"
		 "content-disposition:form-data;name=internal\r\n\r\n"
		 "\r\n--XyZ--\r\n");
	for (size_t piece = 1; piece < 99; piece++) {
		ck_assert_int_eq(read_form(piece), OK);
		ck_assert_str_eq(form_value(&form, "content"),
				 "Gr\xc3\xbc\xc3\x9f"
				 "e\r\nzwei");
		ck_assert_str_eq(form_value(&form, "internal"), "");
		ck_assert_ptr_null(form_value(&form, "file"));
		ck_assert_uint_eq(form.files_n, 2);
		ck_assert_uint_eq(got_n, 2);
		ck_assert_str_eq(got[0].filename, "a b.txt");
		ck_assert_str_eq(got[0].content.data, "one\r\n");
		ck_assert_str_eq(got[1].filename, "mail.eml");
		ck_assert_str_eq(got[1].content.data, "Subject: x\r\n\r\ny");
		ck_assert(got[0].closed && got[1].closed);
	}
}
END_TEST

START_TEST(names_of_files)
{
	static const struct {
		const char *sent, *name;
	} rows[] = {
	    {"filename=\"Stra\xc3\x9f"
	     "e \xf0\x9f\x98\x80.png\"",
	     "Stra\xc3\x9f"
	     "e \xf0\x9f\x98\x80.png"},
	    {"filename=\"a%22b\\\"c.png\"", "a\"b\"c.png"},
	    {"filename=plain.png", "plain.png"},
	    {"filename=\"semi;colon=x.png\"", "semi;colon=x.png"},
	    {"filename*=UTF-8''na%C3%AFve.png", "na\xc3\xafve.png"},
	    {"filename=\"../../etc/passwd\"", "../../etc/passwd"},
	    {"filename=\"100%.png\"", "100%.png"},
	    {"filename=\"<img src=x onerror=alert(1)>.png\"",
	     "<img src=x onerror=alert(1)>.png"},
	};
	char disposition[256];

	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_clear(&body);
		snprintf(disposition, sizeof(disposition), "name=\"file\"; %s",
			 rows[i].sent);
		add_file(disposition, "x", 1);
		end_form();
		ck_assert_msg(read_form(0) == OK, "%s: %s", rows[i].sent, why);
		ck_assert_str_eq(got[0].filename, rows[i].name);
	}
}
END_TEST

/* Whether a delimiter is in what was appended at `from`. */
static bool
has_delimiter(const struct buf *content, size_t from)
{
	const size_t before = from < 7 ? from : 7;

	return memmem(content->data + from - before,
		      content->len - from + before, "\r\n--XyZ", 7) ||
	       (content->len >= 5 && memcmp(content->data, "--XyZ", 5) == 0);
}

/* A file of pieces that look like delimiters, and of any bytes. */
static void
add_hostile(struct buf *out, size_t wanted)
{
	static const char *const parts[] = {
	    "\r\n--Xy",	    "\r\n--XyX", "\n--XyZ\r\n", "\r\n-",
	    "\r",	    "\n",	 "--XyZ--\r\n", "\r\r\n--",
	    "\r\n\r\n--Xy", "\r\n",	 "XyZ",		"\r\n--"};
	unsigned char random[64];
	size_t before;

	while (out->len < wanted) {
		arc4random_buf(random, sizeof(random));
		before = out->len;
		if (random[0] % 4)
			buf_adds(out, parts[random[1] % COUNT(parts)]);
		else
			buf_add(out, random + 2, random[1] % 62);
		if (has_delimiter(out, before))
			out->len = before;
	}
}

/* Also with a delimiter at each place around the end of a piece. */
START_TEST(every_byte_arrives)
{
	static const size_t sizes[] = {0,    1,	    9,	   300,
				       5000, 65400, 65536, 131072};
	struct buf sent[3];
	char disposition[64];

	for (size_t round = 0; round < 300; round++) {
		buf_clear(&body);
		for (size_t i = 0; i < COUNT(sent); i++) {
			buf_init(&sent[i], BODY_MAX);
			add_hostile(&sent[i],
				    sizes[(round + i) % COUNT(sizes)]);
			snprintf(disposition, sizeof(disposition),
				 "name=file; filename=%zu", i);
			add_file(disposition, sent[i].data, sent[i].len);
		}
		end_form();
		ck_assert_msg(read_form(round % 3 ? round : 0) == OK, "%s",
			      why);
		ck_assert_uint_eq(got_n, COUNT(sent));
		for (size_t i = 0; i < COUNT(sent); i++) {
			ck_assert_uint_eq(got[i].content.len, sent[i].len);
			ck_assert(!sent[i].len ||
				  memcmp(got[i].content.data, sent[i].data,
					 sent[i].len) == 0);
			buf_release(&sent[i]);
		}
	}
}
END_TEST

/* --- what is refused -------------------------------------------------------
 */

START_TEST(malformed_forms)
{
#define PART "Content-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n"
	static const char *const bodies[] = {
	    "",
	    "x",
	    "--XyZ",
	    "--XyZ\r\n",
	    "preamble\r\n--XyZ\r\n" PART "\r\nx\r\n--XyZ--\r\n",
	    "--XyZ\r\n" PART "\r\nx\r\n--XyZ--\r\nmore",
	    "--XyZ\r\n" PART "\r\nx\r\n--XyZ--\r\n\r\n",
	    "--XyZ\r\n" PART "\r\nx\r\n--XyZ-",
	    "--XyZ\r\n" PART "\r\nx\r\n--XyZ",
	    "--XyZ\r\n" PART "\r\nx",
	    "--XyZ\r\n" PART "\r\nx\r\n--XyZa\r\n--XyZ--\r\n",
	    "--XyZ\n" PART "\nx\n--XyZ--\n",
	    "--XyZ\r\n\r\nx\r\n--XyZ--\r\n",
	    "--XyZ\r\nContent-Type: text/plain\r\n\r\nx\r\n--XyZ--\r\n",
	    "--XyZ\r\nContent-Disposition: attachment; name=file; filename=a"
	    "\r\n\r\nx\r\n--XyZ--\r\n",
	    "--XyZ\r\nContent-Disposition: form-data; filename=a"
	    "\r\n\r\nx\r\n--XyZ--\r\n",
	    "--XyZ\r\nContent-Disposition: form-data; name=other; filename=a"
	    "\r\n\r\nx\r\n--XyZ--\r\n",
	    "--XyZ\r\nContent-Disposition: form-data; name=file; filename=\"\""
	    "\r\n\r\nx\r\n--XyZ--\r\n",
	    "--XyZ\r\n" PART "Content-Transfer-Encoding: base64\r\n\r\neA=="
	    "\r\n--XyZ--\r\n",
	    "--XyZ\r\n" PART "X: a\rb\r\n\r\nx\r\n--XyZ--\r\n",
	    "--XyZ\r\n" PART "X: a\x01\r\n\r\nx\r\n--XyZ--\r\n",
	    "--XyZ\r\nContent-Disposition: form-data; name=t\r\n\r\n\xff"
	    "\r\n--XyZ--\r\n",
	};

	for (size_t i = 0; i < COUNT(bodies); i++) {
		for (size_t piece = 0; piece < 9; piece++) {
			set_body(bodies[i]);
			ck_assert_msg(read_form(piece) == ERR_INVALID, "%s",
				      bodies[i]);
			ck_assert_ptr_nonnull(why);
		}
	}
}
END_TEST

START_TEST(boundaries)
{
	static const char *const refused[] = {
	    "multipart/form-data",
	    "multipart/form-data; boundary=",
	    "multipart/form-data; boundary=\"\"",
	    "multipart/form-data; boundary=\"a\tb\"",
	    "multipart/form-data; boundary=\"a \"",
	    "multipart/form-data; boundary=1234567890123456789012345678901234"
	    "5678901234567890123456789012345678901",
	    "multipart/mixed; boundary=XyZ",
	    "; boundary=XyZ",
	    "",
	};

	add_file("name=file; filename=a", "x", 1);
	end_form();
	snprintf(type, sizeof(type),
		 "Multipart/Form-Data; charset=utf-8; BOUNDARY=\"XyZ\"");
	ck_assert_int_eq(read_form(0), OK);
	for (size_t i = 0; i < COUNT(refused); i++) {
		snprintf(type, sizeof(type), "%s", refused[i]);
		ck_assert_msg(read_form(0) == ERR_INVALID, "%s", refused[i]);
	}
}
END_TEST

START_TEST(limits)
{
	char disposition[64],
	    *long_text = arena_alloc(arena, FORM_TEXT_MAX + 2);

	for (size_t n = 0; n <= FORM_FILES_MAX; n++) {
		buf_clear(&body);
		for (size_t i = 0; i < n; i++)
			add_file("name=file; filename=a", "x", 1);
		end_form();
		ck_assert_int_eq(read_form(0), OK);
		ck_assert_uint_eq(form.files_n, n);
	}
	buf_clear(&body);
	for (size_t i = 0; i <= FORM_FILES_MAX; i++)
		add_file("name=file; filename=a", "x", 1);
	end_form();
	ck_assert_int_eq(read_form(0), ERR_INVALID);
	ck_assert_str_eq(why, "There are too many files in the form.");

	buf_clear(&body);
	for (size_t i = 0; i <= FORM_FIELDS_MAX; i++) {
		snprintf(disposition, sizeof(disposition), "name=f%zu", i);
		add_file(disposition, "x", 1);
	}
	end_form();
	ck_assert_int_eq(read_form(0), ERR_INVALID);
	ck_assert_str_eq(why, "There are too many fields in the form.");

	memset(long_text, 'x', FORM_TEXT_MAX + 1);
	for (size_t extra = 0; extra < 2; extra++) {
		buf_clear(&body);
		add_file("name=t", long_text, FORM_TEXT_MAX + extra);
		end_form();
		ck_assert_int_eq(read_form(0), extra ? ERR_INVALID : OK);
		buf_clear(&body);
		buf_printf(&body, "--XyZ\r\nX: %.*s\r\n",
			   (int)(FORM_HEAD_MAX + extra), long_text);
		add_file("name=t", "", 0);
		ck_assert_int_eq(read_form(0), ERR_INVALID);
		ck_assert_str_eq(why, "The headers of a part are too long.");
	}
}
END_TEST

START_TEST(errors_of_others)
{
	add_file("name=file; filename=a", "xxxx", 4);
	end_form();
	forget();
	sink_error = ERR_DB;
	read_at = 0;
	{
		const struct form_source from = {
		    .content_type = type, .read = source_read, .n = body.len};
		const struct form_sink to = {got, sink_open, sink_write,
					     sink_close};

		ck_assert_int_eq(form_read(&form, arena, &from, &to, &why),
				 ERR_DB);
	}
	ck_assert(!got[0].closed);
}
END_TEST

/* The sender is gone before all of it has come. */
START_TEST(short_body)
{
	const struct form_sink to = {got, sink_open, sink_write, sink_close};

	add_file("name=file; filename=a", "xxxx", 4);
	end_form();
	for (size_t missing = 1; missing < 9; missing++) {
		const struct form_source from = {.content_type = type,
						 .read = source_read,
						 .n = body.len + missing};

		forget();
		read_at = 0;
		ck_assert_int_eq(form_read(&form, arena, &from, &to, &why),
				 ERR_INVALID);
		ck_assert_str_eq(
		    why,
		    "The request body is shorter than its Content-Length.");
	}
}
END_TEST

START_TEST(types)
{
	ck_assert(form_is("multipart/form-data; boundary=x"));
	ck_assert(form_is("Multipart/Form-Data"));
	ck_assert(!form_is("multipart/form-database"));
	ck_assert(!form_is("application/octet-stream"));
	ck_assert(!form_is(""));
	ck_assert(!form_is(NULL));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("form");
	TCase *tests = tcase_create("form");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, browsers_form);
	tcase_add_test(tests, names_of_files);
	tcase_add_test(tests, every_byte_arrives);
	tcase_add_test(tests, malformed_forms);
	tcase_add_test(tests, boundaries);
	tcase_add_test(tests, limits);
	tcase_add_test(tests, errors_of_others);
	tcase_add_test(tests, short_body);
	tcase_add_test(tests, types);
	tcase_set_timeout(tests, 180);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
