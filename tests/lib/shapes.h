#ifndef SHAPES_H
#define SHAPES_H

#include "desk/issue_fields.h"

/* The keys of the objects in responses. */

/* An issue's are those fields of ISSUE_FIELDS that are shown, and what they
 * mean in words. The document of the API has them all by name. */
#define DISPLAYED_INT(max)
#define DISPLAYED_ID
#define DISPLAYED_OBJECT
#define DISPLAYED_BOOL
#define DISPLAYED_TIME
#define DISPLAYED_LINE(max)
#define DISPLAYED_TEXT(max)
#define DISPLAYED_BLANK_TEXT(max)
#define DISPLAYED_CHOICE(x) " " #x "_display"
#define KEY_OF_ANYONE(key)  " " key
#define KEY_OF_STAFF(key)   " " key
#define KEY_OF_HIDDEN(key)  ""
#define KEY_OF_SPECIAL(key) ""
#define KEY_OF(id, place, column, kind, name, viewers, ...) \
	KEY_OF_##viewers(name DISPLAYED_##kind)

#define ISSUE_ROW_KEYS                                               \
	"id code organization_name vendor vendor_name order_number " \
	"assigned_to assigned_to_name raised_by_customer_name "      \
	"raised_by_customer_email created_by_name resolved_by "      \
	"resolved_by_name linear_issue_id sync_state" ISSUE_FIELDS(KEY_OF)

/* A single issue; rows of a list leave long fields out. */
#define ISSUE_KEYS                                           \
	ISSUE_ROW_KEYS " linear_description linear_warning " \
		       "attachments comments"

#define COMMENT_KEYS                                                        \
	"id issue author author_name author_kind content is_internal "      \
	"source linear_comment_id synced_to_linear attachments created_at " \
	"updated_at"

#define PROFILE_KEYS                                            \
	"id user user_email profile_type profile_type_display " \
	"organization organization_id organization_name "       \
	"is_primary is_owner is_active status status_display roles created_at"

#define USER_KEYS                                                       \
	"id username email email_verified first_name last_name "        \
	"full_name is_active wants_mail mail_bounced_at last_login_at " \
	"profiles active_profile"

#define PAGE_KEYS "count next previous results"

#endif
