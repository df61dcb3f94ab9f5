/* The cache of tokens, and the generation counter that empties it. */

#include "db/auth_generation.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/token_cache.h"
#include "unit/runner.h"

static char path[64];

static void
share(void)
{
	snprintf(path, sizeof(path), "/tmp/docket-stamp.%d", (int)getpid());
	unlink(path);
	auth_generation_open(path, true);
	unlink(path);
}

START_TEST(no_generation_without_its_file)
{
	auth_generation_open("/nowhere/stamp", true);
	ck_assert_uint_eq(auth_generation_now(), 0);
	auth_generation_bump();
	ck_assert_uint_eq(auth_generation_now(), 0);
	snprintf(path, sizeof(path), "/tmp/docket-stamp.%d", (int)getpid());
	auth_generation_open(path, false);
	ck_assert_uint_eq(auth_generation_now(), 0);
}
END_TEST

/* Each process opens the file itself. */
START_TEST(every_process_sees_the_same)
{
	uint64_t before;
	pid_t child;
	int status;

	snprintf(path, sizeof(path), "/tmp/docket-stamp.%d", (int)getpid());
	unlink(path);
	child = fork();
	if (child == 0) {
		for (int i = 0; i < 6000 && access(path, F_OK) != 0; i++)
			usleep(10000);
		auth_generation_open(path, false);
		auth_generation_bump();
		_exit(auth_generation_now() == 2 ? 0 : 1);
	}
	auth_generation_open(path, true);
	before = auth_generation_now();
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert_uint_ge(before, 1);
	ck_assert_uint_eq(auth_generation_now(), 2);
	unlink(path);
}
END_TEST

static const struct actor ann = {.role = ROLE_VENDOR,
				 .user_id = 3,
				 .profile_id = 4,
				 .organization_id = 1,
				 .token_id = 9,
				 .name = "Ann",
				 .organization_name = "Demo"};

static struct token_key
key_of(unsigned char first)
{
	struct token_key key = {.hash = {first},
				.generation = auth_generation_now()};

	return key;
}

START_TEST(a_token_is_cached_for_a_second)
{
	struct ctx c = {.arena = arena_new(), .now = 1000 * USEC_PER_SEC};
	struct token_key key;
	struct actor who;

	share();
	key = key_of(7);
	ck_assert(!token_cache_get(&who, &c, &key));
	token_cache_put(&ann, &c, &key, c.now + 3600 * USEC_PER_SEC);
	c.now += USEC_PER_SEC - 1;
	ck_assert(token_cache_get(&who, &c, &key));
	ck_assert_int_eq(who.user_id, 3);
	ck_assert_str_eq(who.name, "Ann");
	ck_assert_str_eq(who.organization_name, "Demo");
	ck_assert_ptr_null(who.organization_team_id);
	c.now++;
	ck_assert(!token_cache_get(&who, &c, &key));
	arena_free(c.arena);
}
END_TEST

START_TEST(not_after_it_expires)
{
	struct ctx c = {.arena = arena_new(), .now = 1000 * USEC_PER_SEC};
	struct token_key key;
	struct actor who;

	share();
	key = key_of(7);
	token_cache_put(&ann, &c, &key, c.now + 10);
	c.now += 9;
	ck_assert(token_cache_get(&who, &c, &key));
	c.now++;
	ck_assert(!token_cache_get(&who, &c, &key));
	arena_free(c.arena);
}
END_TEST

START_TEST(until_anyones_access_changes)
{
	struct ctx c = {.arena = arena_new(), .now = 1000 * USEC_PER_SEC};
	struct token_key before, after;
	struct actor who;

	share();
	before = key_of(7);
	token_cache_put(&ann, &c, &before, c.now + 3600 * USEC_PER_SEC);
	auth_generation_bump();
	after = key_of(7);
	ck_assert(!token_cache_get(&who, &c, &after));
	/* read before the change, and cached after it */
	token_cache_put(&ann, &c, &before, c.now + 3600 * USEC_PER_SEC);
	ck_assert(!token_cache_get(&who, &c, &after));
	arena_free(c.arena);
}
END_TEST

START_TEST(only_this_token_and_profile)
{
	struct ctx c = {.arena = arena_new(), .now = 1000 * USEC_PER_SEC};
	struct token_key key, other;
	struct actor who;

	share();
	key = key_of(7);
	token_cache_put(&ann, &c, &key, c.now + 3600 * USEC_PER_SEC);
	other = key;
	other.profile_id = 256; /* has the same place in the cache */
	ck_assert(!token_cache_get(&who, &c, &other));
	other = key;
	other.hash[HASH_BYTES - 1] = 1;
	ck_assert(!token_cache_get(&who, &c, &other));
	ck_assert(token_cache_get(&who, &c, &key));
	token_cache_put(&ann, &c, &other, c.now + 3600 * USEC_PER_SEC);
	ck_assert(!token_cache_get(&who, &c, &key));
	arena_free(c.arena);
}
END_TEST

START_TEST(nothing_without_a_generation)
{
	struct ctx c = {.arena = arena_new(), .now = 1000 * USEC_PER_SEC};
	struct token_key key = {.hash = {7}};
	struct actor who;

	token_cache_put(&ann, &c, &key, c.now + 3600 * USEC_PER_SEC);
	ck_assert(!token_cache_get(&who, &c, &key));
	arena_free(c.arena);
}
END_TEST

static bool
begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* The statements that write what token_actor reads. A new one that is not
 * marked must have a reason, and an entry here. */
START_TEST(statements_that_change_actors_are_marked)
{
	static const char *const writes[] = {"DELETE FROM token",
					     "UPDATE token",
					     "UPDATE user SET is_active",
					     "UPDATE user SET first_name",
					     "UPDATE profile",
					     "INSERT INTO profile",
					     "DELETE FROM profile",
					     "DELETE FROM user WHERE",
					     "UPDATE organization SET name"};
	/* expired tokens; the time of last use; what a profile has read */
	static const char *const harmless[] = {
	    "DELETE FROM token WHERE expires_at",
	    "UPDATE token SET last_used_at",
	    "UPDATE profile SET notifications_read_to"};
	size_t said = 0;

	for (size_t i = 0; all_statements[i]; i++) {
		for (size_t k = 0; k < all_statements[i]->n; k++) {
			const struct stmt *s = &all_statements[i]->table[k];
			bool must = false;

			for (size_t w = 0; w < COUNT(writes); w++)
				must |= begins(s->sql, writes[w]);
			for (size_t h = 0; h < COUNT(harmless); h++)
				must &= !begins(s->sql, harmless[h]);
			ck_assert_msg(s->changes_actors == must, "%s", s->sql);
			said += must;
		}
	}
	ck_assert_uint_ge(said, 8);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("auth_generation");

	ADD_TESTS(suite, "stamp", no_generation_without_its_file,
		  every_process_sees_the_same);
	ADD_TESTS(suite, "token", a_token_is_cached_for_a_second,
		  not_after_it_expires, until_anyones_access_changes,
		  only_this_token_and_profile, nothing_without_a_generation);
	ADD_TESTS(suite, "statements",
		  statements_that_change_actors_are_marked);
	return run_suite(suite);
}
