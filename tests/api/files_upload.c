/* Uploading files: to an issue, with a comment, or to be bound later; their
 * names, limits and quotas. */

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "desk/attachment.h"
#include "files.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"

#define FILE_MAX ((size_t)25 * 1024 * 1024)
#define PNG                                                     \
	"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x20\0\0\0\x10\x08" \
	"\2\0\0\0abcd"

static struct world w;
static int64_t issue;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
	issue = raise_issue(&w.customer, w.org, "Subject");
}

START_TEST(a_raw_body)
{
	struct answer *a = upload_bytes(w.customer.token, files_path(issue),
					"photo.png", PNG, sizeof(PNG) - 1);
	const int64_t id = int_at(a, "attachment.id");

	expect_status(a, 201);
	expect_keys(a, "", "message attachment attachments comment");
	expect_keys(a, "attachment",
		    "id issue comment filename content_type size is_internal "
		    "state is_image width height source uploaded_by "
		    "uploaded_by_name created_at url");
	expect_int(a, "attachment.issue", issue);
	expect_null(a, "comment");
	expect_text(a, "attachment.content_type", "image/png");
	expect_int(a, "attachment.size", sizeof(PNG) - 1);
	expect_bool(a, "attachment.is_image", true);
	expect_int(a, "attachment.width", 32);
	expect_int(a, "attachment.height", 16);
	expect_text(a, "attachment.state", "ready");
	a = GET(w.employee.token, issue_path(issue, ""));
	expect_int(a, "attachments.0.id", id);
	a = GET(w.vendor.token, files_path(issue));
	expect_keys(a, "", "count attachments");
	expect_int(a, "count", 1);
	a = GET(w.employee.token, file_path(id, ""));
	expect_status(a, 200);
	ck_assert_uint_eq(a->len, sizeof(PNG) - 1);
	ck_assert_mem_eq(a->text, PNG, sizeof(PNG) - 1);
	/* staff hear of it */
	await_derived();
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM activity WHERE "
				 "issue_id = ? AND field = 'attachment' AND "
				 "new_value = 'photo.png' AND is_public",
				 ARGS(arg_int(issue))),
			 1);
}
END_TEST

START_TEST(a_form_with_a_comment)
{
	struct answer *a =
	    upload_form(w.employee.token, files_path(issue), "plan.txt",
			"the plan", "content=see this&internal=true");
	const int64_t id = int_at(a, "attachment.id");

	expect_status(a, 201);
	expect_text(a, "comment.content", "see this");
	expect_bool(a, "comment.is_internal", true);
	expect_bool(a, "attachment.is_internal", true);
	expect_int(a, "comment.attachments.0.id", id);
	a = GET(w.vendor.token, issue_path(issue, ""));
	expect_int(a, "comments.0.attachments.0.id", id);
	/* never for the customer */
	expect_status(GET(w.customer.token, file_path(id, "")), 404);
	expect_status(POST(w.customer.token, file_path(id, "link/"), NULL),
		      404);
	expect_status(DELETE(w.customer.token, file_path(id, "")), 404);
	a = GET(w.customer.token, issue_path(issue, ""));
	expect_without(a, "plan.txt");
	a = GET(w.customer.token, files_path(issue));
	expect_int(a, "count", 0);
	a = GET(w.customer.token, issue_path(issue, "activity/"));
	expect_without(a, "plan.txt");
	/* nor may they do so */
	a = upload_text(w.customer.token,
			text("%s?internal=true&x=", files_path(issue)), "a",
			"x");
	expect_status(a, 403);
	a = upload_form(w.customer.token, files_path(issue), "a", "x",
			"internal=true");
	expect_status(a, 403);
	a = upload_form(w.customer.token, files_path(issue), "a", "x",
			"internal=perhaps");
	expect_error(a, 400, "invalid", "internal");
}
END_TEST

/* Uploads, raises or comments with the id in `attachments`. */
static struct answer *
comment_with(const struct person *who, int64_t id)
{
	return POST(
	    who->token, issue_path(issue, "add_comment/"),
	    json("{'content':'c','attachments':[%lld]}", (long long)id));
}

START_TEST(uploads_are_bound)
{
	const int64_t one =
	    int_at(upload_text(w.customer.token, "", "one.txt", "same"),
		   "attachment.id");
	const int64_t two =
	    int_at(upload_text(w.customer.token, "", "two.txt", "same"),
		   "attachment.id");
	struct answer *a;

	/* only the uploader sees them, and binds them */
	expect_status(GET(w.customer.token, file_path(one, "")), 200);
	expect_status(GET(w.vendor.token, file_path(one, "")), 404);
	expect_status(GET(w.stranger.token, file_path(one, "")), 404);
	expect_status(DELETE(w.stranger.token, file_path(one, "")), 404);
	a = comment_with(&w.employee, one);
	expect_error(a, 400, "invalid", "attachments");
	a = comment_with(&w.customer, 999999999);
	expect_error(a, 400, "invalid", "attachments");
	a = POST(w.customer.token, "/api/client/issues/raise/",
		 json("{" PLAIN_ISSUE ",'organization':%lld,"
		      "'attachments':[%lld,%lld]}",
		      (long long)w.org, (long long)one, (long long)two));
	expect_status(a, 201);
	expect_int(a, "issue.attachments.0.id", one);
	expect_int(a, "issue.attachments.1.id", two);
	expect_status(GET(w.vendor.token, file_path(two, "")), 200);
	expect_status(GET(w.outsider.token, file_path(two, "")), 404);
	/* once */
	a = comment_with(&w.customer, one);
	expect_error(a, 400, "invalid", "attachments");
	/* the same content is there once */
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM stored_file WHERE "
				 "organization_id = ? AND deleting_at IS NULL",
				 ARGS(arg_int(w.org))),
			 1);
	ck_assert_int_eq(sql_int("SELECT bytes FROM file_usage WHERE "
				 "organization_id = ?",
				 ARGS(arg_int(w.org))),
			 4);
}
END_TEST

/* Known malware is not attached to anything. */
START_TEST(an_infected_upload_is_not_bound)
{
	const int64_t id =
	    int_at(upload_text(w.customer.token, "", "bad.exe", "bad"),
		   "attachment.id");
	struct answer *a;

	sql_run("UPDATE attachment SET state = 'infected' WHERE id = ?",
		ARGS(arg_int(id)));
	a = comment_with(&w.customer, id);
	expect_error(a, 400, "invalid", "attachments");
	expect_with(a, "bad.exe contains malware");
	expect_int(GET(w.customer.token, issue_path(issue, "comments/")),
		   "count", 0);
}
END_TEST

START_TEST(a_comment_takes_files_with_it)
{
	const int64_t id =
	    int_at(upload_text(w.employee.token, "", "x.txt", "in a comment"),
		   "attachment.id");
	struct answer *a = comment_with(&w.employee, id);
	const int64_t comment = int_at(a, "comment.id");

	expect_status(a, 201);
	expect_int(a, "comment.attachments.0.id", id);
	a = GET(w.customer.token, issue_path(issue, "comments/"));
	expect_int(a, "comments.0.attachments.0.id", id);
	expect_status(GET(w.customer.token, file_path(id, "")), 200);
	a = PATCH(w.employee.token, comment_path(issue, comment),
		  json("{'content':'edited'}"));
	expect_int(a, "comment.attachments.0.id", id);
	expect_status(DELETE(w.employee.token, comment_path(issue, comment)),
		      204);
	expect_status(GET(w.customer.token, file_path(id, "")), 404);
	expect_status(GET(w.vendor.token, file_path(id, "")), 404);
	expect_int(GET(w.vendor.token, files_path(issue)), "count", 0);
}
END_TEST

static const struct {
	const char *sent, *kept; /* NULL: refused */
} file_names[] = {
    {"a.txt", "a.txt"},
    {"../../etc/passwd", "passwd"},
    {"C:\\Windows\\x.exe", "x.exe"},
    {"a\r\nSet-Cookie: x=1.txt", "a Set-Cookie: x=1.txt"},
    {"\xe2\x80\xaegnp.exe", "gnp.exe"},
    {".htaccess", "htaccess"},
    {"name.txt...  ", "name.txt"},
    {"\"quoted\";x.txt", "\"quoted\";x.txt"},
    {"Gr\xc3\xbc\xc3\x9f"
     "e.pdf",
     "Gr\xc3\xbc\xc3\x9f"
     "e.pdf"},
    {"", NULL},
    {"   ", NULL},
    {"..", NULL},
    {"a/", NULL},
    {"\xe2\x80\x8b", NULL},
};

START_TEST(hostile_names)
{
	struct answer *a = upload_text(w.customer.token, files_path(issue),
				       file_names[_i].sent, "x");

	if (!file_names[_i].kept) {
		expect_error(a, 400, "invalid", "filename");
		return;
	}
	expect_status(a, 201);
	expect_text(a, "attachment.filename", file_names[_i].kept);
	a = GET(w.customer.token, file_path(int_at(a, "attachment.id"), ""));
	expect_status(a, 200);
	ck_assert_ptr_null(header(a, "Set-Cookie"));
}
END_TEST

START_TEST(a_long_name_keeps_its_extension)
{
	struct answer *a;
	char name[301];

	memset(name, 'n', sizeof(name));
	memcpy(name + 296, ".jpg", 5);
	a = upload_text(w.customer.token, files_path(issue), name, "x");
	expect_status(a, 201);
	ck_assert_uint_eq(strlen(text_at(a, "attachment.filename")), 255);
	ck_assert_str_eq(text_at(a, "attachment.filename") + 251, ".jpg");
}
END_TEST

START_TEST(sizes)
{
	char *bytes = calloc(1, FILE_MAX + 1);
	struct answer *a;

	a = upload_bytes(w.customer.token, files_path(issue), "a", bytes, 0);
	expect_error(a, 400, "invalid", "file");
	a = upload_bytes(w.customer.token, files_path(issue), "a", bytes, 1);
	expect_status(a, 201);
	a = upload_bytes(w.customer.token, files_path(issue), "a", bytes,
			 FILE_MAX + 1);
	expect_error(a, 413, "too_large", NULL);
	a = upload_bytes(w.customer.token, files_path(issue), "a", bytes,
			 FILE_MAX);
	expect_status(a, 201);
	expect_int(a, "attachment.size", FILE_MAX);
	free(bytes);
	a = GET(w.customer.token, files_path(issue));
	expect_int(a, "count", 2);
}
END_TEST

START_TEST(a_repetition_uploads_nothing)
{
	struct answer *a;
	int64_t id;

	with("Idempotency-Key: %s", unique("key"));
	a = upload_form(w.customer.token, files_path(issue), "a", "x", "");
	expect_status(a, 201);
	(void)a;
	for (int i = 0; i < 2; i++) {
		with("Idempotency-Key: once-%lld", (long long)issue);
		a = upload_form(w.customer.token, files_path(issue), "b", "x",
				"content=c");
		expect_status(a, 201);
		if (i)
			expect_int(a, "attachment.id", id);
		id = int_at(a, "attachment.id");
	}
	expect_header(a, "Idempotent-Replay", "true");
	with("Idempotency-Key: once-%lld", (long long)issue);
	a = upload_form(w.customer.token, files_path(issue), "b", "y",
			"content=c");
	expect_error(a, 422, "idempotency_key_reused", NULL);
	with("Idempotency-Key: once-%lld", (long long)issue);
	a = upload_form(w.customer.token, files_path(issue), "b", "x",
			"content=d");
	expect_error(a, 422, "idempotency_key_reused", NULL);
	expect_int(GET(w.customer.token, files_path(issue)), "count", 2);
}
END_TEST

#define PARALLEL 50
#define FITTING	 7

/* The quota is exact, however many upload at once. */
START_TEST(the_quota_of_an_organization)
{
	static const char *const headers[] = {
	    "Content-Type: application/octet-stream", NULL};
	struct request list[PARALLEL];
	struct answer **answers;
	int stored = 0;

	sql_run(
	    "INSERT INTO file_usage VALUES (?, ?)",
	    ARGS(arg_int(w.org), arg_int(INT64_C(10737418240) - FITTING * 8)));
	for (int i = 0; i < PARALLEL; i++)
		list[i] = (struct request){
		    .method = "POST",
		    .token = w.employee.token,
		    .path = text("%s?filename=f%d", files_path(issue), i),
		    .body = text("%08d", i),
		    .body_len = 8,
		    .headers = headers};
	answers = send_all(list, PARALLEL);
	for (int i = 0; i < PARALLEL; i++) {
		stored += answers[i]->status == 201;
		if (answers[i]->status != 201)
			expect_error(answers[i], 409, "quota_exceeded", NULL);
	}
	ck_assert_int_eq(stored, FITTING);
	ck_assert_int_eq(sql_int("SELECT bytes FROM file_usage WHERE "
				 "organization_id = ?",
				 ARGS(arg_int(w.org))),
			 INT64_C(10737418240));
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM stored_file WHERE "
				 "organization_id = ?",
				 ARGS(arg_int(w.org))),
			 FITTING);
}
END_TEST

START_TEST(limits_of_an_issue_and_of_people)
{
	struct answer *a =
	    upload_text(w.customer.token, files_path(issue), "first", "x");
	const int64_t id = int_at(a, "attachment.id");

	for (int i = 1; i < ATTACHMENTS_MAX - 1; i++)
		sql_run("INSERT INTO attachment (organization_id, issue_id, "
			"user_id, uploader_name, uploader_kind, source, state, "
			"filename, content_type, size, sha256, is_internal, "
			"created_at) SELECT organization_id, issue_id, "
			"user_id, uploader_name, uploader_kind, source, state, "
			"filename, content_type, size, sha256, is_internal, "
			"created_at FROM attachment WHERE id = ?",
			ARGS(arg_int(id)));
	a = upload_text(w.customer.token, files_path(issue), "last", "y");
	expect_status(a, 201);
	a = upload_text(w.customer.token, files_path(issue), "more", "z");
	expect_error(a, 400, "invalid", "non_field_errors");
	expect_int(GET(w.customer.token, files_path(issue)), "count", 100);
	sql_run("UPDATE quota SET used = 200 WHERE kind = 'uploads' AND "
		"subject_id = ?",
		ARGS(arg_int(w.customer.user)));
	a = upload_text(w.customer.token, "", "too many", "z");
	expect_error_shape(a, 429, "throttled");
	ck_assert_ptr_nonnull(header(a, "Retry-After"));
	expect_status(upload_text(w.stranger.token, "", "other", "z"), 201);
}
END_TEST

Suite *
files_upload_suite(void)
{
	Suite *s = suite_create("files_upload");
	TCase *t = add_case(s, "files_upload", set_up);

	tcase_add_test(t, a_raw_body);
	tcase_add_test(t, a_form_with_a_comment);
	tcase_add_test(t, uploads_are_bound);
	tcase_add_test(t, an_infected_upload_is_not_bound);
	tcase_add_test(t, a_comment_takes_files_with_it);
	tcase_add_loop_test(t, hostile_names, 0, COUNT(file_names));
	tcase_add_test(t, a_long_name_keeps_its_extension);
	tcase_add_test(t, sizes);
	tcase_add_test(t, a_repetition_uploads_nothing);
	tcase_add_test(t, the_quota_of_an_organization);
	tcase_add_test(t, limits_of_an_issue_and_of_people);
	return s;
}
