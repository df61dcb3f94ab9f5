#include "openapi.h"

/* clang-format off */
const struct operation operations[] = {
{"login", "Session", "Log in", 200, "Login", MAY_LIMIT},
{"logout", "Session", "Log out: the token in use dies", 200, "Message", 0},
{"available_roles", "Session", "What the user may act as", 200, "Profiles", 0},
{"select_role", "Session", "Act as another profile from now on", 200, "SelectedRole", 0},
{"current_role", "Session", "The profile that the token acts as", 200, "CurrentRole", 0},

{"user_permissions", "Session", "What the profile in use may do with issues", 200, "UserPermissions", MAY_MISS},
{"context_permissions", "Session", "The same as words, with the organization", 200, "ContextPermissions", MAY_MISS},

{"user_me", "Account", "The user, and whom he acts as", 200, "User", 0},
{"user_update", "Account", "Change the name, or whether notifications also come by e-mail", 200, "User", 0},
{"change_password", "Account", "Change the password; all other tokens die", 200, "Message", MAY_LIMIT},
{"invitation_list", "Account", "Invitations to the staff of organizations, by the confirmed address", 200, "InvitationPage", 0},
{"invitation_accept", "Account", "Accept an invitation: the user is on that staff from now on", 200, "Message", MAY_CONFLICT},
{"invitation_decline", "Account", "Decline an invitation", 200, "Message", 0},
{"email_change", "Account", "Change or confirm the e-mail address: a link is mailed to it", 200, "Message", MAY_LIMIT},
{"email_confirm", "Account", "Confirm an address by the token of the link that was mailed to it", 200, "User", 0},
{"sign_up", "Account", "Sign up as a customer, where that is allowed", 201, "Login", MAY_REFUSE | MAY_LIMIT},
{"password_reset", "Account", "Ask for a mailed link that sets a password", 200, "Message", MAY_LIMIT},
{"password_confirm", "Account", "Set a password by a mailed link's token", 200, "Message", MAY_LIMIT},
{"session_list", "Account", "One's logins: since when, and from where they were last used", 200, "SessionPage", 0},
{"session_delete", "Account", "End a login", 204, NULL, 0},
{"token_list", "Account", "One's personal tokens", 200, "TokenPage", 0},
{"token_create", "Account", "Make a personal token; it is shown only now", 201, "NewToken", 0},
{"token_delete", "Account", "Revoke a personal token", 204, NULL, 0},

{"security_log", "Account", "What happened to the organization's access, or with `mine` to the own account", 200, "SecurityLogPage", 0},

{"issue_raise", "Customer", "Raise an issue", 201, "RaisedIssue", MAY_LIMIT},
{"issue_raise_own", "Customer", "Raise an issue; by staff, for a customer", 201, "RaisedIssue", MAY_LIMIT},
{"client_comment", "Customer", "Comment on an own issue", 201, "AddedComment", MAY_LIMIT},

{"client_issue_list", "Customer", "One's own issues, filtered and sorted", 200, "IssuePage", 0},
{"issue_list", "Issues", "The issues that one may see, filtered and sorted", 200, "IssuePage", 0},
{"issue_show", "Issues", "One issue with its comments", 200, "IssueWithComments", 0},
{"issue_stats", "Issues", "How many issues there are of each kind", 200, "Stats", 0},
{"issue_update", "Issues", "Change some fields of an issue; its customer corrects it", 200, "UpdatedIssue", MAY_STALE},
{"issue_delete", "Issues", "Delete an issue; of a customer, it is withdrawn", 204, NULL, MAY_STALE | MAY_CONFLICT},
{"issue_resolve", "Issues", "Resolve an issue", 200, "ChangedIssue", MAY_STALE},
{"issue_assign", "Issues", "Assign an issue to an employee, or to nobody", 200, "AssignedIssue", MAY_STALE},
{"issue_reopen", "Issues", "Reopen a resolved or closed issue", 200, "ChangedIssue", MAY_STALE | MAY_LIMIT},
{"issue_close", "Issues", "Close an issue; its customer withdraws it", 200, "ChangedIssue", MAY_STALE},
{"activity_list", "Issues", "The history of an issue, oldest first", 200, "ActivityPage", 0},
{"bulk_update", "Issues", "Change several issues at once", 200, "BulkUpdate", 0},
{"issue_export", "Issues", "The filtered list as CSV", 200, "text/csv", 0},

{"comment_list", "Comments", "The comments of an issue, oldest first", 200, "Comments", 0},
{"comment_add", "Comments", "Comment on an issue; staff also internally", 201, "AddedComment", MAY_LIMIT},
{"comment_edit", "Comments", "Edit an own comment of the last 15 minutes", 200, "AddedComment", 0},
{"comment_withdraw", "Comments", "Withdraw an own comment of the last 15 minutes", 204, NULL, 0},

{"sync_to_linear", "Linear", "Make Linear have the issue as it is, now", 200, "SyncedIssue", MAY_STALE},
{"sync_from_linear", "Linear", "Take over what Linear has of the issue, now", 200, "PulledIssue", MAY_STALE},
{"bulk_sync_to_linear", "Linear", "Make Linear have several issues as they are", 200, "BulkSync", 0},
{"fetch_from_linear", "Linear", "The team's issues in Linear; with `sync` they are taken over", 200, "FetchedIssues", 0},
{"linear_status", "Linear", "Whether the connection is well, and what waits", 200, "LinearStatus", 0},
{"linear_failures", "Linear", "What could not be synced, and why", 200, "LinearFailurePage", 0},
{"linear_retry", "Linear", "Try again what could not be synced", 200, "Message", 0},
{"linear_teams", "Linear", "The teams that the organization can be tied to", 200, "LinearTeams", 0},
{"linear_webhook", "Linear", "Where Linear tells what has changed", 200, "Message", 0},

{"notification_list", "Notifications", "What happened, newest first", 200, "NotificationPage", 0},
{"notification_read", "Notifications", "Mark one as read", 200, "Message", 0},
{"notification_read_all", "Notifications", "Mark all as read", 200, "Message", 0},
{"mail_ask", "Notifications", "A page that asks whether to stop e-mails", 200, "text/html", 0},
{"mail_unsubscribe", "Notifications", "Stop e-mails, by the link in one", 200, "text/html", 0},

{"organization_page", "Organization", "The active organizations, paged", 200, "OrganizationPage", 0},
{"organization_all", "Organization", "All organizations that take issues", 200, "Organizations", 0},
{"organization_mine", "Organization", "Where one is staff or has raised an issue", 200, "Organizations", 0},
{"organization_show", "Organization", "One organization", 200, "Organization", 0},
{"organization_update", "Organization", "Change the own organization", 200, "OrganizationOfStaff", MAY_LIMIT},
{"employee_list", "Organization", "The organization's staff", 200, "EmployeePage", 0},
{"employee_show", "Organization", "One of the organization's staff", 200, "Employee", 0},
{"employee_invite", "Organization", "Invite a person to the staff, by mail", 201, "InvitedEmployee", 0},
{"employee_update", "Organization", "Deactivate or bring back, or make an owner", 200, "UpdatedEmployee", 0},
{"vendor_list", "Organization", "The suppliers that an issue may point to", 200, "VendorPage", 0},
{"order_list", "Organization", "The orders that an issue may point to", 200, "OrderPage", 0},

{"health", "Service", "Whether the service reaches its database", 200, "Health", 0},
{"schema", "Service", "This document", 200, "Document", 0},
{"docs", "Service", "A page that shows this document", 200, "text/html", 0},
{0}
};
/* clang-format on */
