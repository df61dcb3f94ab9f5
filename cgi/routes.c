#include "dispatch.h"
#include "handlers.h"

/* THE table. A row is the whole declaration of an endpoint: it names
 * do_<stem>(), and R also the inputs in_<stem>[]; N has none. Read the third
 * column as what the outside may do. */

#define R(m, path, who, stem)                                      \
	{                                                          \
		METHOD_##m, path, who, #stem, do_##stem, in_##stem \
	}
#define N(m, path, who, stem)                                 \
	{                                                     \
		METHOD_##m, path, who, #stem, do_##stem, NULL \
	}

/* clang-format off */
const struct route routes[] = {
N(GET,    "/api/health/",                          ANYONE,   health),
N(GET,    "/api/schema/",                          ANYONE,   schema),
N(GET,    "/api/docs/",                            ANYONE,   docs),

R(POST,   "/api/auth/login/",                      ANYONE,   login),
N(POST,   "/api/auth/logout/",                     LOGIN,    logout),
R(POST,   "/api/auth/change-password/",            LOGIN,    change_password),
N(GET,    "/api/users/me/",                        LOGIN,    user_me),
N(GET,    "/api/auth/role-selection/available_roles/", LOGIN, available_roles),
R(POST,   "/api/auth/role-selection/select_role/", LOGIN | SESSION, select_role),
N(GET,    "/api/auth/role-selection/current_role/", LOGIN,   current_role),

R(GET,    "/api/user-roles/user_permissions/",     ALL,      user_permissions),
R(GET,    "/api/user-context/permissions/",        ALL,      context_permissions),

R(PATCH,  "/api/users/me/",                        LOGIN,    user_update),
N(GET,    "/api/invitations/",                     LOGIN,    invitation_list),
N(POST,   "/api/invitations/{id}/accept/",         LOGIN,    invitation_accept),
N(POST,   "/api/invitations/{id}/decline/",        LOGIN,    invitation_decline),
R(POST,   "/api/users/me/email/",                  LOGIN,    email_change),
R(POST,   "/api/auth/confirm-email/",              LOGIN,    email_confirm),
R(PATCH,  "/api/users/update_profile/",            LOGIN,    user_update),
R(POST,   "/api/users/",                           ANYONE,   sign_up),
R(POST,   "/api/auth/password-reset/",             ANYONE,   password_reset),
R(POST,   "/api/auth/password-reset/confirm/",     ANYONE,   password_confirm),
N(GET,    "/api/users/me/export/",                 LOGIN | SESSION, user_export),
R(POST,   "/api/users/me/erase/",                  LOGIN | SESSION, user_erase),
R(GET,    "/api/sessions/",                        LOGIN,    session_list),
N(DELETE, "/api/sessions/{id}/",                   LOGIN,    session_delete),
R(GET,    "/api/tokens/",                          LOGIN,    token_list),
R(POST,   "/api/tokens/",                          LOGIN | SESSION, token_create),
N(DELETE, "/api/tokens/{id}/",                     LOGIN,    token_delete),

R(GET,    "/api/security-log/",                    LOGIN,    security_log),

R(POST,   "/api/client/issues/raise/",             CUSTOMER | ONCE, issue_raise),
R(POST,   "/api/issues/raise/",                    ALL | ONCE, issue_raise_own),
R(POST,   "/api/issues/",                          ALL | ONCE, issue_raise_own),
{METHOD_GET, "/api/client/issues/", CUSTOMER, "client_issue_list", do_client_issue_list, in_issue_list},
N(GET,    "/api/client/issues/{id}/",              CUSTOMER, issue_show),
R(POST,   "/api/client/issues/{id}/comment/",      CUSTOMER | ONCE, client_comment),

R(GET,    "/api/issues/",                          ALL,      issue_list),
R(GET,    "/api/issues/stats/",                    ALL,      issue_stats),
N(GET,    "/api/issues/{id}/",                     ALL,      issue_show),
R(PATCH,  "/api/issues/{id}/",                     ALL,      issue_update),
R(PUT,    "/api/issues/{id}/",                     ALL,      issue_update),
N(DELETE, "/api/issues/{id}/",                     CUSTOMER | VENDOR, issue_delete),
R(POST,   "/api/issues/{id}/resolve/",             STAFF,    issue_resolve),
R(POST,   "/api/issues/resolve/{id}/",             STAFF,    issue_resolve),
R(POST,   "/api/issues/{id}/assign/",              STAFF,    issue_assign),
R(POST,   "/api/issues/{id}/reopen/",              ALL,      issue_reopen),
N(POST,   "/api/issues/{id}/close/",               ALL,      issue_close),
N(POST,   "/api/issues/{id}/sync_to_linear/",      STAFF | WAITS, sync_to_linear),
N(POST,   "/api/issues/{id}/sync_from_linear/",    STAFF | WAITS, sync_from_linear),
R(POST,   "/api/issues/bulk_sync_to_linear/",      STAFF | WAITS, bulk_sync_to_linear),
R(GET,    "/api/issues/fetch_from_linear/",        STAFF | WAITS, fetch_from_linear),
R(POST,   "/api/issues/fetch_from_linear/",        STAFF | WAITS, fetch_from_linear),
R(GET,    "/api/issues/{id}/activity/",            ALL,      activity_list),
R(POST,   "/api/issues/bulk_update/",              STAFF,    bulk_update),
R(GET,    "/api/issues/export/",                   ALL,      issue_export),
R(GET,    "/api/issues/{id}/comments/",            ALL,      comment_list),
R(PATCH,  "/api/issues/{id}/comments/{cid}/",      ALL,      comment_edit),
N(DELETE, "/api/issues/{id}/comments/{cid}/",      ALL,      comment_withdraw),
R(POST,   "/api/issues/{id}/add_comment/",         ALL | ONCE, comment_add),

R(GET,    "/api/organizations/",                   LOGIN,    organization_page),
N(GET,    "/api/organizations/all_organizations/", LOGIN,    organization_all),
N(GET,    "/api/organizations/my_organizations/",  LOGIN,    organization_mine),
N(GET,    "/api/client/organizations/",            LOGIN,    organization_all),
N(GET,    "/api/organizations/{id}/",              LOGIN,    organization_show),
R(PATCH,  "/api/organizations/{id}/",              VENDOR,   organization_update),

R(GET,    "/api/employees/",                       STAFF,    employee_list),
R(POST,   "/api/employees/",                       VENDOR,   employee_invite),
N(GET,    "/api/employees/{id}/",                  STAFF,    employee_show),
R(PATCH,  "/api/employees/{id}/",                  VENDOR,   employee_update),
R(GET,    "/api/vendors/",                         ALL,      vendor_list),
R(GET,    "/api/orders/",                          ALL,      order_list),

R(GET,    "/api/notifications/",                   ALL,      notification_list),
N(POST,   "/api/notifications/{id}/read/",         ALL,      notification_read),
N(POST,   "/api/notifications/read_all/",          ALL,      notification_read_all),

{METHOD_GET, "/api/mail/unsubscribe/", ANYONE, "mail_ask", do_mail_ask, in_mail_unsubscribe},
R(POST,   "/api/mail/unsubscribe/",                ANYONE | FORM, mail_unsubscribe),

N(GET,    "/api/linear/status/",                   STAFF,    linear_status),
R(GET,    "/api/linear/failures/",                 STAFF,    linear_failures),
N(POST,   "/api/linear/failures/{id}/retry/",      STAFF,    linear_retry),
N(GET,    "/api/linear/teams/",                    VENDOR | WAITS, linear_teams),
N(POST,   "/api/webhooks/linear/",                 ANYONE | RAW, linear_webhook),
{0}
};
/* clang-format on */
