/* Every row of what Linear is known to answer, and what it means. */

#include "linear/client.h"

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/json.h"
#include "unit/runner.h"

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

static struct linear_answer
understand(long status, const char *body)
{
	struct linear_answer a;

	linear_classify(&a, arena, status, body, strlen(body));
	return a;
}

/* A refusal as Linear writes one. */
#define REFUSAL(message, type, code, status, words)                           \
	"{\"errors\":[{\"message\":\"" message "\",\"extensions\":{"          \
	"\"type\":\"" type "\",\"code\":\"" code "\",\"statusCode\":" #status \
	",\"userPresentableMessage\":\"" words "\"}}],\"data\":null}"

#define UUID "11111111-2222-4333-8444-555555555555"

static const struct {
	long status;
	const char *body;
	enum linear_outcome outcome;
	const char *text;
} refusals[] = {
    {200,
     REFUSAL("Entity not found: Issue", "invalid input", "INPUT_ERROR", 400,
	     "Could not find referenced Issue."),
     LINEAR_NOT_FOUND, "Could not find referenced Issue."},
    {200,
     REFUSAL("Entity not found: WorkflowState", "invalid input", "INPUT_ERROR",
	     400, "No such state."),
     LINEAR_STALE, "No such state."},
    {400,
     REFUSAL("conflict on insert of Issue", "invalid input", "INPUT_ERROR", 400,
	     "Entity Issue with id " UUID " already exists."),
     LINEAR_DUPLICATE, NULL},
    {200,
     REFUSAL("conflict on insert of DocumentContent", "invalid input",
	     "INPUT_ERROR", 400, "Conflict"),
     LINEAR_RETRY, NULL},
    {401,
     REFUSAL("Authentication required, not authenticated",
	     "authentication error", "AUTHENTICATION_ERROR", 401, "No."),
     LINEAR_AUTH, NULL},
    {400,
     REFUSAL("Authentication required", "authentication error",
	     "AUTHENTICATION_ERROR", 401, "No."),
     LINEAR_AUTH, NULL},
    {400,
     REFUSAL("It looks like you're trying to use an API key as a Bearer token. "
	     "Remove the Bearer prefix from the Authorization header.",
	     "invalid input", "INPUT_ERROR", 400, "Remove it."),
     LINEAR_AUTH, "Remove it."},
    {400,
     REFUSAL("bad", "graphql error", "GRAPHQL_VALIDATION_FAILED", 400, "x"),
     LINEAR_INVALID, "x"},
    {200,
     REFUSAL("Argument Validation Error", "invalid input", "INVALID_INPUT", 400,
	     "stateId must be a UUID."),
     LINEAR_INVALID, "stateId must be a UUID."},
    {400,
     REFUSAL("Query too complex", "invalid input", "INPUT_ERROR", 400, "x"),
     LINEAR_INVALID, NULL},
    {200,
     REFUSAL("Discrepancy between issue team and state, cycle or project",
	     "invalid input", "INVALID_INPUT", 400, "x"),
     LINEAR_STALE, NULL},
    {500,
     REFUSAL("Discrepancy between issue team and state, cycle or project",
	     "internal error", "INTERNAL_SERVER_ERROR", 500, "x"),
     LINEAR_STALE, NULL},
    {400,
     REFUSAL("Rate limit exceeded", "ratelimited", "RATELIMITED", 429, "x"),
     LINEAR_LIMITED, NULL},
    {200,
     REFUSAL("issue limit exceeded", "invalid input", "INPUT_ERROR", 400,
	     "You've exceeded the free issue limit"),
     LINEAR_INVALID, "You've exceeded the free issue limit"},
    {200,
     REFUSAL("Issue is archived", "invalid input", "INPUT_ERROR", 400, "x"),
     LINEAR_ARCHIVED, NULL},
    {200, REFUSAL("lock timeout", "lock timeout", "LOCK_TIMEOUT", 409, "x"),
     LINEAR_RETRY, NULL},
    {200,
     REFUSAL("Internal server error", "internal error", "INTERNAL_SERVER_ERROR",
	     500, "x"),
     LINEAR_RETRY, NULL},
    {403,
     REFUSAL("feature not accessible", "feature not accessible", "FEATURE", 403,
	     "x"),
     LINEAR_INVALID, NULL},
    {503, "<html>503</html>", LINEAR_RETRY,
     "Linear answered with HTTP status 503."},
    {429, "slow down", LINEAR_LIMITED, NULL},
    {401, "", LINEAR_AUTH, NULL},
    {200, "{\"data\":null}", LINEAR_RETRY, NULL},
    {200, "{\"errors\":[{\"message\":\"who knows\"}]}", LINEAR_INVALID,
     "who knows"},
    {502, "{\"errors\":[{\"message\":\"who knows\"}]}", LINEAR_RETRY, NULL},
    {200, "{\"errors\":[{}]}", LINEAR_INVALID, "It gave no reason."},
};

START_TEST(refusals_are_told_apart)
{
	for (size_t i = 0; i < COUNT(refusals); i++) {
		struct linear_answer a =
		    understand(refusals[i].status, refusals[i].body);

		ck_assert_msg(a.outcome == refusals[i].outcome, "%s: %s",
			      refusals[i].body,
			      linear_outcome_words[a.outcome]);
		if (refusals[i].text)
			ck_assert_str_eq(a.text, refusals[i].text);
		ck_assert_ptr_null(a.data);
		ck_assert(a.answered ==
			  (strstr(refusals[i].body, "errors") != NULL));
	}
}
END_TEST

START_TEST(a_refusal_says_of_what)
{
	struct linear_answer a =
	    understand(200, "{\"errors\":[{\"message\":\"no\",\"path\":"
			    "[\"attachmentCreate\"]}],\"data\":null}");

	ck_assert_str_eq(a.field, "attachmentCreate");
	a = understand(200, "{\"errors\":[{\"message\":\"no\"}]}");
	ck_assert_ptr_null(a.field);
}
END_TEST

START_TEST(a_duplicate_says_which)
{
	struct linear_answer a = understand(
	    200, REFUSAL("conflict on insert of Comment", "invalid input",
			 "INPUT_ERROR", 400,
			 "Entity Comment with id " UUID " already exists."));

	ck_assert_int_eq(a.outcome, LINEAR_DUPLICATE);
	ck_assert_str_eq(a.entity, "Comment");
	ck_assert_str_eq(a.id, UUID);
	a = understand(200, REFUSAL("conflict on insert of Comment", "x", "y",
				    400, "Entity with id 12"));
	ck_assert_int_eq(a.outcome, LINEAR_DUPLICATE);
	ck_assert_ptr_null(a.id);
}
END_TEST

START_TEST(an_issue_is_read)
{
	struct linear_answer a = understand(
	    200,
	    "{\"data\":{\"issue\":{\"id\":\"i\",\"title\":\"T\","
	    "\"description\":null,\"priority\":2,"
	    "\"updatedAt\":\"2026-11-22T06:24:12.622Z\",\"archivedAt\":null,"
	    "\"trashed\":true,\"state\":{\"id\":\"s\",\"type\":\"started\"},"
	    "\"team\":{\"id\":\"t\"},\"assignee\":{\"id\":\"u\","
	    "\"email\":\"e@x\"},\"comments\":{\"nodes\":[{\"id\":\"c\","
	    "\"body\":\"B\",\"parentId\":\"p\",\"user\":null,"
	    "\"botActor\":{\"name\":\"Bot\"}}],"
	    "\"pageInfo\":{\"hasNextPage\":false}}}}}");
	struct linear_issue i;

	ck_assert_int_eq(a.outcome, LINEAR_OK);
	ck_assert(linear_read_issue(&i, arena, json_get(a.data, "issue")));
	ck_assert_str_eq(i.description, "");
	ck_assert_str_eq(i.state_type, "started");
	ck_assert_str_eq(i.assignee_email, "e@x");
	ck_assert_int_eq(i.priority, 2);
	ck_assert(i.trashed && !i.archived && i.has_comments);
	ck_assert_uint_eq(i.comment_count, 1);
	ck_assert_str_eq(i.comments[0].author, "Bot");
	ck_assert(!linear_read_issue(&i, arena, a.data));
	ck_assert(!linear_read_issue(&i, arena, NULL));
}
END_TEST

/* Whether it is a page behind the cursor "c", and where the next begins. */
static bool
read_page(const char **next, const char *nodes, const char *info)
{
	const struct linear_answer a =
	    understand(200, arena_printf(arena,
					 "{\"data\":{\"issues\":{\"nodes\":%s,"
					 "\"pageInfo\":%s}}}",
					 nodes, info));
	struct linear_page page;
	const bool is_page = linear_read_page(&page, &a, "c");

	*next = page.next;
	return is_page;
}

START_TEST(pages_end)
{
	const char *next;

	ck_assert(read_page(&next, "[{}]", "{\"hasNextPage\":false}"));
	ck_assert_ptr_null(next);
	ck_assert(read_page(&next, "[{}]",
			    "{\"hasNextPage\":true,\"endCursor\":\"d\"}"));
	ck_assert_str_eq(next, "d");
	ck_assert(read_page(&next, "[]",
			    "{\"hasNextPage\":true,\"endCursor\":\"d\"}"));
	ck_assert_ptr_null(next);
	ck_assert(!read_page(&next, "[{}]",
			     "{\"hasNextPage\":true,\"endCursor\":\"c\"}"));
	ck_assert(!read_page(&next, "null", "null"));
}
END_TEST

static const char *
id_of(const char *text)
{
	const char *why;

	return linear_read_id(json_parse(arena, text, strlen(text), &why));
}

START_TEST(what_is_an_id)
{
	ck_assert_str_eq(id_of("\"" UUID "\""), UUID);
	ck_assert_str_eq(id_of("\"x\""), "x");
	ck_assert_ptr_null(id_of("\"" UUID "x\""));
	ck_assert_ptr_null(id_of("\"\""));
	ck_assert_ptr_null(id_of("\"a b\""));
	ck_assert_ptr_null(id_of("\"\u00e9\""));
	ck_assert_ptr_null(id_of("5"));
	ck_assert_ptr_null(linear_read_id(NULL));
}
END_TEST

START_TEST(texts_are_cleaned)
{
	struct linear_answer a = understand(
	    200, "{\"data\":{\"issue\":{\"id\":\"i\",\"title\":"
		 "\" Ger\\u0001a\\u0308t\\u202e \\u200b\","
		 "\"description\":\"a\\r\\nb\\u0007\\n\",\"priority\":2,"
		 "\"updatedAt\":\"2026-11-22T06:24:12.622Z\","
		 "\"state\":{\"id\":\"s\",\"type\":\"started\","
		 "\"name\":\"Do\\u0000ing\"},\"team\":{\"id\":\"t\"},"
		 "\"assignee\":{\"id\":\"u\",\"name\":\"\\u2800\"},"
		 "\"comments\":{\"nodes\":[{\"id\":\"c\","
		 "\"body\":\"\\tB\\u001b[1m\",\"user\":{\"name\":\"\\u200b\"},"
		 "\"botActor\":{\"name\":\"B\\not\"}}]}}}}");
	struct linear_issue i;

	ck_assert(linear_read_issue(&i, arena, json_get(a.data, "issue")));
	ck_assert_str_eq(i.title, "Ger\xc3\xa4t");
	ck_assert_str_eq(i.description, "a\nb");
	ck_assert_ptr_null(i.assignee_name);
	ck_assert_str_eq(i.comments[0].body, "B[1m");
	ck_assert_str_eq(i.comments[0].author, "B ot");
}
END_TEST

/* Of a comment that has these members. */
static const char *
author_of(const char *members)
{
	const char *why,
	    *body = arena_printf(arena, "{\"id\":\"c\",\"body\":\"B\",%s}",
				 members);
	struct linear_comment m;

	ck_assert(linear_read_comment(
	    &m, arena, json_parse(arena, body, strlen(body), &why)));
	return m.author;
}

START_TEST(whoever_wrote_a_comment)
{
	static const char *const authors[] = {
	    "\"user\":{\"name\":\"Ann\"}",
	    "\"user\":null,\"externalUser\":{\"name\":\"Ann\"}",
	    "\"user\":null,\"externalUser\":null,"
	    "\"botActor\":{\"name\":\"Ann\"}",
	    "\"user\":null,\"botActor\":\"{\\\"name\\\":\\\"Ann\\\"}\""};

	for (size_t i = 0; i < COUNT(authors); i++)
		ck_assert_str_eq(author_of(authors[i]), "Ann");
}
END_TEST

START_TEST(nobody_that_we_can_name)
{
	static const char *const authors[] = {"\"botActor\":null",
					      "\"botActor\":\"no JSON\"",
					      "\"botActor\":\"[]\""};

	for (size_t i = 0; i < COUNT(authors); i++)
		ck_assert_ptr_null(author_of(authors[i]));
}
END_TEST

START_TEST(a_request_is_json)
{
	const struct linear_link link = {"i", "u", "t", "s",
					 "o", "c", "n", "7"};
	const struct linear_issue_change change = {
	    .set = LINEAR_TITLE | LINEAR_ASSIGNEE, .title = "a \"b\" <c>"};
	struct linear_request r =
	    linear_issue_update(arena, &change, &link, true);
	const char *why;
	const struct json *j = json_parse(arena, r.body, strlen(r.body), &why);
	const struct json *sent = json_path(j, "variables", "change", NULL);

	ck_assert_str_eq(r.operation, "IssueUpdate");
	ck_assert_str_eq(json_text(json_get(sent, "title")), "a \"b\" <c>");
	ck_assert(json_is_null(json_get(sent, "assigneeId")));
	ck_assert_ptr_null(json_get(sent, "stateId"));
	ck_assert_ptr_nonnull(
	    strstr(json_text(json_get(j, "query")), "mutation IssueUpdate"));
}
END_TEST

/* Where a file is to be sent, as an answer to fileUpload. */
static bool
read_upload(struct linear_upload *out, const char *asset, const char *upload,
	    const char *headers, const char *files_url)
{
	const struct linear_answer a = understand(
	    200, arena_printf(arena,
			      "{\"data\":{\"fileUpload\":{\"uploadFile\":{"
			      "\"assetUrl\":\"%s\",\"uploadUrl\":\"%s\","
			      "\"headers\":[%s]}}}}",
			      asset, upload, headers));

	ck_assert_int_eq(a.outcome, LINEAR_OK);
	return linear_read_upload(out, arena, &a, "image/png", files_url);
}

#define FILES	  "https://files.example"
#define STORAGE	  "https://storage.example/x?sig=a%2Fb"
#define ONE(k, v) "{\"key\":\"" k "\",\"value\":\"" v "\"}"

START_TEST(where_a_file_is_sent)
{
	struct linear_upload u;

	ck_assert(read_upload(
	    &u, FILES "/a/b", STORAGE,
	    ONE("x-goog-content-length-range", "5,5") "," ONE(
		"Content-Disposition", "inline; filename=\\\"a.png\\\""),
	    FILES));
	ck_assert_str_eq(u.asset_url, FILES "/a/b");
	ck_assert_str_eq(u.upload_url, STORAGE);
	ck_assert_str_eq(u.headers[0], "Content-Type: image/png");
	ck_assert_str_eq(u.headers[1], "x-goog-content-length-range: 5,5");
	ck_assert_str_eq(u.headers[2],
			 "Content-Disposition: inline; filename=\"a.png\"");
	ck_assert_ptr_null(u.headers[3]);
	/* tests have no TLS */
	ck_assert(read_upload(&u, "http://files/a", "http://storage/a", "",
			      "http://files"));
}
END_TEST

START_TEST(where_no_file_is_sent)
{
	static const struct {
		const char *asset, *upload, *headers;
	} wrong[] = {
	    {"https://other.example/a", STORAGE, ""},
	    {FILES, STORAGE, ""},
	    {FILES ".evil/a", STORAGE, ""},
	    {FILES "@evil/a", STORAGE, ""},
	    {FILES "/a)", STORAGE, ""},
	    {FILES "/a b", STORAGE, ""},
	    {FILES "/a", "http://storage.example/x", ""},
	    {FILES "/a", "file:///etc/passwd", ""},
	    {FILES "/a", "", ""},
	    {FILES "/a", STORAGE, ONE("a", "b\\r\\nc: d")},
	    {FILES "/a", STORAGE, ONE("a: b\\nc", "d")},
	    {FILES "/a", STORAGE, ONE("", "d")},
	    {FILES "/a", STORAGE, "{\"key\":\"a\"}"},
	};
	struct linear_upload u;

	for (size_t i = 0; i < COUNT(wrong); i++)
		ck_assert_msg(!read_upload(&u, wrong[i].asset, wrong[i].upload,
					   wrong[i].headers, FILES),
			      "%zu", i);
}
END_TEST

START_TEST(nobody_answers)
{
	const struct conf conf = {.linear_api_url = "http://127.0.0.1:1/",
				  .linear_api_key = "key"};
	struct linear *l = linear_new(&conf);
	struct linear_request r = linear_user_find(arena, "a@b");
	struct linear_answer a;

	linear_call(&a, l, arena, &r);
	ck_assert_int_eq(a.outcome, LINEAR_RETRY);
	ck_assert_str_eq(a.code, "unreachable");
	ck_assert(a.unsent);
	ck_assert_int_eq(a.budget.remaining, -1);
	linear_send(l, arena, &r, NULL);
	ck_assert_uint_eq(linear_pending(l), 1);
	linear_free(l);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("linear");
	TCase *tests = tcase_create("answers");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, refusals_are_told_apart);
	tcase_add_test(tests, a_refusal_says_of_what);
	tcase_add_test(tests, a_duplicate_says_which);
	tcase_add_test(tests, an_issue_is_read);
	tcase_add_test(tests, texts_are_cleaned);
	tcase_add_test(tests, pages_end);
	tcase_add_test(tests, what_is_an_id);
	tcase_add_test(tests, whoever_wrote_a_comment);
	tcase_add_test(tests, nobody_that_we_can_name);
	tcase_add_test(tests, a_request_is_json);
	tcase_add_test(tests, where_a_file_is_sent);
	tcase_add_test(tests, where_no_file_is_sent);
	tcase_add_test(tests, nobody_answers);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
