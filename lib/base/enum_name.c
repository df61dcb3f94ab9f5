#include "base/enum_name.h"

#include <stddef.h>
#include <string.h>

const char *
enum_name_text(const struct enum_name *names, int value)
{
	for (; names->text; names++)
		if (names->value == value)
			return names->text;
	return NULL;
}

const struct enum_name *
enum_name_find(const struct enum_name *names, const char *text)
{
	for (; names && names->text; names++)
		if (strcmp(names->text, text) == 0)
			return names;
	return NULL;
}
