#ifndef SHAPES_H
#define SHAPES_H

/* The keys of the objects in responses. */

#define ISSUE_ROW_KEYS                                                     \
	"id issue_number code organization organization_name title "       \
	"description status status_display priority priority_display "     \
	"category category_display vendor vendor_name order order_number " \
	"assigned_to assigned_to_name is_client_issue raised_by_customer " \
	"raised_by_customer_name raised_by_customer_email created_by "     \
	"created_by_name resolved_at resolved_by resolved_by_name "        \
	"resolution_notes linear_issue_id linear_identifier "              \
	"linear_issue_url linear_team_id synced_to_linear sync_state "     \
	"last_synced_at version created_at updated_at"

/* A single issue; rows of a list leave long fields out. */
#define ISSUE_KEYS ISSUE_ROW_KEYS " linear_description linear_warning comments"

#define COMMENT_KEYS                                                   \
	"id issue author author_name author_kind content is_internal " \
	"linear_comment_id synced_to_linear created_at updated_at"

#define PROFILE_KEYS                                            \
	"id user user_email profile_type profile_type_display " \
	"organization organization_id organization_name "       \
	"is_primary is_owner is_active status status_display roles created_at"

#define USER_KEYS                                                \
	"id username email email_verified first_name last_name " \
	"full_name is_active wants_mail last_login_at profiles active_profile"

#define PAGE_KEYS "count next previous results"

#endif
