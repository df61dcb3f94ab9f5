#ifndef HANDLERS_H
#define HANDLERS_H

#include "web/http.h"

/* Every endpoint's handler do_<stem> and its inputs in_<stem>[]; what each
 * does stands above it. The dispatcher has checked method, role, ids and every
 * field before a handler runs. */

#define HANDLER(stem) void do_##stem(struct req *r)
#define INPUT(stem)   extern const struct field in_##stem[]

/* invitations.c */
HANDLER(invitation_list);
HANDLER(invitation_accept);
HANDLER(invitation_decline);

/* addresses.c */
HANDLER(email_change);
HANDLER(email_confirm);
INPUT(email_change);
INPUT(email_confirm);

/* session.c */
/* An error, with Retry-After while the account is locked. */
void reply_refused(struct req *r, enum err e, int retry_after_s);
HANDLER(login);
HANDLER(logout);
HANDLER(user_me);
HANDLER(change_password);
HANDLER(user_export);
HANDLER(user_erase);
INPUT(login);
INPUT(change_password);
INPUT(user_erase);

/* roles.c */
HANDLER(available_roles);
HANDLER(select_role);
HANDLER(current_role);
INPUT(select_role);

/* rights.c */
HANDLER(user_permissions);
HANDLER(context_permissions);
INPUT(user_permissions);
INPUT(context_permissions);

/* issues.c */
HANDLER(issue_list);
HANDLER(client_issue_list);
HANDLER(issue_show);
HANDLER(issue_stats);
INPUT(issue_list);
INPUT(issue_export);
INPUT(issue_stats);

/* issue_actions.c */
HANDLER(issue_update);
HANDLER(issue_resolve);
HANDLER(issue_assign);
HANDLER(issue_reopen);
HANDLER(issue_close);
HANDLER(issue_delete);
INPUT(issue_update);
INPUT(issue_resolve);
INPUT(issue_assign);
INPUT(issue_reopen);

/* client_issues.c */
HANDLER(issue_raise);
HANDLER(issue_raise_own);
INPUT(issue_raise);
INPUT(issue_raise_own);

/* comments.c */
HANDLER(comment_list);
HANDLER(comment_add);
HANDLER(comment_edit);
HANDLER(comment_withdraw);
HANDLER(client_comment);
INPUT(comment_list);
INPUT(comment_add);
INPUT(comment_edit);
INPUT(client_comment);

/* mail.c */
HANDLER(mail_ask);
HANDLER(mail_unsubscribe);
INPUT(mail_unsubscribe);

/* organizations.c */
HANDLER(organization_page);
HANDLER(organization_all);
HANDLER(organization_mine);
HANDLER(organization_show);
HANDLER(organization_update);
INPUT(organization_page);
INPUT(organization_update);

/* directory.c */
HANDLER(employee_list);
HANDLER(employee_show);
HANDLER(employee_invite);
HANDLER(employee_update);
HANDLER(vendor_list);
HANDLER(order_list);
INPUT(employee_list);
INPUT(employee_invite);
INPUT(employee_update);
INPUT(vendor_list);
INPUT(order_list);

/* accounts.c */
HANDLER(sign_up);
HANDLER(password_reset);
HANDLER(password_confirm);
HANDLER(session_list);
HANDLER(session_delete);
HANDLER(token_list);
HANDLER(token_create);
HANDLER(token_delete);
HANDLER(user_update);
INPUT(sign_up);
INPUT(password_reset);
INPUT(password_confirm);
INPUT(session_list);
INPUT(token_list);
INPUT(token_create);
INPUT(user_update);

/* security.c */
HANDLER(security_log);
INPUT(security_log);

/* history.c */
HANDLER(activity_list);
HANDLER(notification_list);
HANDLER(notification_read);
HANDLER(notification_read_all);
INPUT(activity_list);
INPUT(notification_list);

/* bulk.c */
HANDLER(bulk_update);
HANDLER(issue_export);
INPUT(bulk_update);

/* linear.c */
HANDLER(sync_to_linear);
HANDLER(sync_from_linear);
HANDLER(bulk_sync_to_linear);
HANDLER(fetch_from_linear);
HANDLER(linear_status);
HANDLER(linear_failures);
HANDLER(linear_retry);
HANDLER(linear_teams);
HANDLER(linear_webhook);
INPUT(bulk_sync_to_linear);
INPUT(fetch_from_linear);
INPUT(linear_failures);

/* meta.c */
HANDLER(health);

/* openapi.c */
HANDLER(schema);
HANDLER(docs);

#undef HANDLER
#undef INPUT

/* What several handlers of issues share (issue_reply.c). */

/* A change made by `act`, waiting a little for Linear, answered with
 * {message, issue, previous_status, linear_synced} and, if asked, the issue's
 * members at the top as well. */
struct issue_change;
enum reply_shape {
	REPLY_ISSUE,   /* the issue itself and linear_synced */
	REPLY_MESSAGE, /* {message, issue} */
	REPLY_MERGED   /* as above, previous_status, linear_synced, and the
			* issue's members at the top */
};
void reply_change(struct req *r, const struct issue_change *change,
		  const char *done, enum reply_shape shape);

/* If-Match failed: the answer shows what there is now. */
void reply_stale(struct req *r);

/* For what is no change of the issue: false, after answering, when If-Match
 * names another version than it has. */
bool if_match_holds(struct req *r);

/* The issue's filter of the query's inputs (see in_issue_export). */
struct issue_filter;
void read_issue_filter(struct issue_filter *f, const struct req *r);

#endif
