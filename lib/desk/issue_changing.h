#ifndef DESK_ISSUE_CHANGING_H
#define DESK_ISSUE_CHANGING_H

#include "desk/issue.h"

/* One change in progress; for issue_act.c and issue_change.c only. */
struct changing {
	struct ctx *c;
	const struct actor *who;
	const struct issue_change *change;
	const struct issue *was;
	struct issue is;
	/* of the people, suppliers and orders that change; NULL: none */
	const char *was_name[ISSUE_FIELD_MAX], *is_name[ISSUE_FIELD_MAX];
};

/* In issue_act.c, in the order of their use. */

/* Whether this act is possible now, and the status that it leads to. */
enum err change_apply_act(struct changing *g) MUST_CHECK;

void change_apply_fields(struct changing *g);

/* In issue_description.c: people are shown a description with URLs here in
 * place of those of files in Linear; what they send is put back. */
enum err change_restore_assets(struct changing *g) MUST_CHECK;

/* Refuses what a customer may not change. */
enum err change_check_customer(struct changing *g) MUST_CHECK;

/* Unassigns what is reopened when its assignee has left meanwhile. */
enum err change_release_leaver(struct changing *g) MUST_CHECK;

/* Finds the names behind the ids that change; ERR_INVALID where the
 * organization has no such thing. */
enum err change_look_up(struct changing *g) MUST_CHECK;

void change_apply_resolution(struct changing *g);
void change_apply_visibility(struct changing *g);

/* In issue_change.c: whether the issue differs before and after in that field,
 * in any, or in one that Linear has. */
bool change_touches(const struct changing *g, enum issue_field_id id);
bool change_touches_any(const struct changing *g);
bool change_touches_linear(const struct changing *g);

#endif
