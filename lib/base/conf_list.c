/* Settings that are comma-separated lists: checks them, and looks words up in
 * them. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "conf_key.h"

/* "scheme://host" or "scheme://host:port", as browsers send it: in lower case,
 * without a path. Any other form would never match. */
static bool
is_origin(const char *s, size_t n)
{
	const char *at = strstr(s, "://");
	const size_t scheme = at ? (size_t)(at - s) : n;

	if (scheme == 0 || scheme + 3 >= n)
		return false;
	for (size_t i = 0; i < n; i++)
		if ((i < scheme || i >= scheme + 3) &&
		    !strchr("abcdefghijklmnopqrstuvwxyz0123456789+-._:[]",
			    s[i]))
			return false;
	return true;
}

/* The id of a team, or "*" for all teams. */
static bool
is_id(const char *s, size_t n)
{
	char id[UUID_TEXT];

	if (n == 1 && *s == '*')
		return true;
	if (n != sizeof(id) - 1)
		return false;
	memcpy(id, s, n);
	id[n] = '\0';
	return uuid_valid(id);
}

/* The next word of a comma-separated list (NULL is an empty list), and its
 * length in *n, which is 0 at the end of the list. */
static const char *
next_list_word(const char *list, size_t *n)
{
	const char *word = list ? list + strspn(list, ", ") : "";

	*n = strcspn(word, ", ");
	return word;
}

/* A list of words that each pass `fits`; `words` describes them. */
static bool
set_list(const char **out, const struct key *k, const char *v, char *why,
	 size_t n, bool (*fits)(const char *, size_t), const char *words)
{
	size_t part;

	for (const char *p = next_list_word(v, &part); part;
	     p = next_list_word(p + part, &part)) {
		if (!fits(p, part)) {
			snprintf(why, n, "%s must be %s", k->name, words);
			return false;
		}
	}
	*out = v && *v ? xstrdup(v) : NULL;
	return true;
}

bool
conf_set_origins(const char **out, const struct key *k, const char *v,
		 char *why, size_t n)
{
	return set_list(out, k, v, why, n, is_origin,
			"origins such as https://desk.example.com, "
			"without a path");
}

bool
conf_set_ids(const char **out, const struct key *k, const char *v, char *why,
	     size_t n)
{
	return set_list(out, k, v, why, n, is_id,
			"* or the ids of teams, as docketctl team list shows "
			"them");
}

bool
conf_lists(const char *list, const char *word)
{
	const size_t n = strlen(word);
	size_t part;

	for (const char *p = next_list_word(list, &part); part;
	     p = next_list_word(p + part, &part))
		if (part == n && strncasecmp(p, word, n) == 0)
			return true;
	return false;
}
