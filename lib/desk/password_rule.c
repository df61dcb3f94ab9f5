#include "desk/password_rule.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "embedded.h"

static bool
is_common(struct ctx *c, const char *password)
{
	char *line = arena_printf(c->arena, "\n%s\n", password);

	for (char *p = line; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p += 'a' - 'A';
	return strstr(embedded_common_passwords_txt, line) != NULL;
}

enum err
password_rule(struct ctx *c, const char *field, const char *password,
	      const char *username, const char *email)
{
	if (is_common(c, password))
		return fault_add(&c->faults, field,
				 "This password is too common.");
	if (strcasecmp(password, username) == 0 ||
	    strcasecmp(password, email) == 0)
		return fault_add(&c->faults, field,
				 "The password must differ from the user name "
				 "and the address.");
	return OK;
}
