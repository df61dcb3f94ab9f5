/* Deliveries that are refused before anything is stored. */

#include "sync/webhook.h"

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "unit/runner.h"

static struct arena *arena;
static struct conf conf;
static struct ctx c;

static void
set_up(void)
{
	crypto_init();
	arena = arena_new();
	conf = (struct conf){.linear_webhook_secret = "old,new"};
	c = (struct ctx){.arena = arena, .conf = &conf, .now = clock_now()};
}

static void
tear_down(void)
{
	arena_free(arena);
}

static enum err
receive(const char *secret, const char *delivery, const char *body)
{
	char hex[HMAC_HEX_TEXT];
	struct webhook_request r = {
	    .delivery = delivery, .body = body, .body_len = strlen(body)};
	enum webhook_outcome outcome;

	if (secret) {
		hmac_sha256_hex(hex, secret, body, strlen(body));
		r.signature = hex;
	}
	return webhook_receive(&outcome, &c, &r);
}

START_TEST(unsigned_ones)
{
	ck_assert_int_eq(receive(NULL, "d", "{}"), ERR_CREDENTIALS);
	ck_assert_int_eq(receive("other", "d", "{}"), ERR_CREDENTIALS);
	ck_assert_int_eq(receive("old,new", "d", "{}"), ERR_CREDENTIALS);
	ck_assert_int_eq(receive("", "d", "{}"), ERR_CREDENTIALS);
	conf.linear_webhook_secret = ",,";
	ck_assert_int_eq(receive("", "d", "{}"), ERR_CREDENTIALS);
	conf.linear_webhook_secret = NULL;
	ck_assert_int_eq(receive("old", "d", "{}"), ERR_UPSTREAM);
}
END_TEST

/* Signed with either secret, and still no delivery. */
START_TEST(signed_nonsense)
{
	static const char *const bodies[] = {
	    "",
	    "x",
	    "[]",
	    "{}",
	    "{\"type\":\"Issue\",\"action\":\"update\",\"data\":{\"id\":\"i\"}"
	    "}",
	    "{\"type\":\"Issue\",\"action\":\"update\",\"data\":{},"
	    "\"webhookTimestamp\":1}",
	    "{\"type\":1,\"action\":\"update\",\"data\":{\"id\":\"i\"},"
	    "\"webhookTimestamp\":1}",
	    "{\"type\":\"Issue\",\"action\":\"update\",\"data\":{\"id\":\"i\"},"
	    "\"webhookTimestamp\":\"1\"}",
	    "{\"type\":\"Issue\",\"action\":\"update\",\"data\":{\"id\":\"x\"},"
	    "\"webhookTimestamp\":1e300}",
	    "{\"type\":\"Issue\",\"action\":\"update\",\"data\":{\"id\":\"x\"},"
	    "\"webhookTimestamp\":1.5}",
	    "{\"type\":\"Issue\",\"action\":\"update\",\"data\":{\"id\":"
	    "\"\u00e9\"},\"webhookTimestamp\":1}",
	    "{\"type\":\"Issue\",\"action\":\"\u00e9\",\"data\":{\"id\":"
	    "\"i\"},\"webhookTimestamp\":1}"};

	for (size_t i = 0; i < COUNT(bodies); i++) {
		ck_assert_int_eq(receive("old", "d", bodies[i]), ERR_INVALID);
		ck_assert_int_eq(receive("new", "d", bodies[i]), ERR_INVALID);
	}
	ck_assert_int_eq(receive("new", NULL, "{}"), ERR_INVALID);
	ck_assert_int_eq(receive("new", "", "{}"), ERR_INVALID);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("webhook");
	TCase *tests = tcase_create("refused");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, unsigned_ones);
	tcase_add_test(tests, signed_nonsense);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
