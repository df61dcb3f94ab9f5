#include "warning.h"

#include <string.h>

#include "assignee.h"
#include "base/arena.h"
#include "base/conf.h"
#include "desk/activity.h"
#include "diff.h"
#include "hash.h"
#include "mapping.h"
#include "merge.h"

static bool
lacks_link(const struct session *s)
{
	struct hash link = link_hash(s->issue, s->c->conf->public_url);
	struct hash refused = link_refused(&link);

	return hash_same(&s->snapshot.link, &refused);
}

/* NULL: Linear has the agreed assignee. */
static const char *
unknown_assignee_warning(struct session *s, int64_t their_profile)
{
	const int64_t ours = s->issue->kind.assigned_to;
	const char *email = NULL;

	if (!ours || ours != s->snapshot.assigned_to || ours == their_profile ||
	    profile_email(&email, s->c, ours) || !email)
		return NULL;
	return arena_printf(s->c->arena,
			    "Assigned here to %s, who has no account in "
			    "Linear.",
			    email);
}

/* A warning for staff: a state or an assignee that has no counterpart on the
 * other side, or a link that Linear refused. NULL: none. */
static const char *
find_warning(struct session *s, const struct linear_issue *theirs)
{
	int64_t profile = 0;
	enum err e = session_find_profile(&profile, s, theirs);

	if (!status_of_type(theirs->state_type))
		return arena_printf(s->c->arena,
				    "Linear's state \"%s\" is of an unknown "
				    "type; the status was left as it is.",
				    theirs->state_name ? theirs->state_name
						       : theirs->state_type);
	if (!e && profile == PROFILE_UNKNOWN)
		return arena_printf(
		    s->c->arena,
		    "Assigned in Linear to %s, who is not "
		    "staff here.",
		    theirs->assignee_name ? theirs->assignee_name : "somebody");
	if (lacks_link(s))
		return "Linear refused the link back to this issue.";
	return e ? NULL : unknown_assignee_warning(s, profile);
}

/* At most `max` characters of a text. */
static const char *
text_cut(struct arena *a, const char *text, size_t max)
{
	const char *p = text;

	for (size_t n = 0; *p; p++)
		if (((unsigned char)*p & 0xC0) != 0x80 && n++ == max)
			return arena_memdup(a, text, (size_t)(p - text));
	return text;
}

/* A new warning is recorded in the history once. */
static enum err
session_set_warning(struct session *s, const char *is)
{
	const char *was = s->snapshot.warning;

	/* Linear's names have no maximum length */
	is = is ? text_cut(s->c->arena, is, WARNING_MAX) : NULL;
	s->snapshot.warning = is;
	if (!is || (was && strcmp(was, is) == 0))
		return OK;
	return activity_add(s->c, &s->who, s->who.organization_id, s->issue->id,
			    "linear_warning", NULL, is, ACTIVITY_INTERNAL);
}

enum err
session_update_warning(struct session *s, const struct linear_issue *theirs)
{
	return session_set_warning(s, find_warning(s, theirs));
}

enum err
session_warn_assignee(struct session *s)
{
	return s->snapshot.warning
		   ? OK
		   : session_set_warning(s, unknown_assignee_warning(s, 0));
}
