#ifndef BASE_ENUM_NAME_H
#define BASE_ENUM_NAME_H

/* The names of an enumeration's values, as the API and the database write them.
 * A list ends with {NULL, 0}. Several names of one value are aliases. */
struct enum_name {
	const char *text;
	int value;
};

/* The first name of a value, or NULL. */
const char *enum_name_text(const struct enum_name *names, int value);

/* The entry with that name, or NULL. `names` may be NULL. */
const struct enum_name *enum_name_find(const struct enum_name *names,
				       const char *text);

#endif
