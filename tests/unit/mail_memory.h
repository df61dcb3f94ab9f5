#ifndef MAIL_MEMORY_H
#define MAIL_MEMORY_H

#include <sodium.h>
#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "mail/compose.h"
#include "unit/runner.h"

/* What the tests of mails share. */

static struct arena *arena;
static const struct conf conf = {.mail_from = "docket@desk.example",
				 .public_url = "https://desk.example"};

static inline void
set_up(void)
{
	ck_assert_int_ge(sodium_init(), 0);
	arena = arena_new();
}

static inline void
tear_down(void)
{
	arena_free(arena);
}

static inline const char *
repeated(const char *s, size_t times)
{
	char *out = arena_alloc(arena, strlen(s) * times + 1);

	for (size_t i = 0; i < times; i++)
		memcpy(out + i * strlen(s), s, strlen(s));
	return out;
}

/* A mail to a customer about these events. */
static inline struct mail_content
notices(const struct mail_event *events, size_t n)
{
	return (struct mail_content){
	    .id = 5,
	    .kind = MAIL_NOTICES,
	    .created_at = 1795328652622645,
	    .to_name = "Ann",
	    .to_address = "ann@example.com",
	    .issue_id = 7,
	    .is_proved = true,
	    .number = "ISS-2026-0001",
	    .title = "Late",
	    .organization = "Demo \"x\" GmbH",
	    .events = events,
	    .n = n,
	    .unsubscribe = "https://desk.example/api/mail/unsubscribe/"
			   "?u=1&t=ab"};
}

#endif
