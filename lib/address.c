#include "address.h"

#include "arena.h"

const char *
account_key(struct arena *a, const char *name)
{
	char *key = arena_strdup(a, name);

	for (char *p = key; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return key;
}
