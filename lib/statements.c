#include "statements.h"

/* Each is defined beside its table; nobody but this file needs to see it. */
extern const struct statements activity_statements, admin_statements,
    admin_mail_statements, auth_statements, comment_statements,
    count_statements, directory_statements, issue_statements,
    issue_change_statements, issue_list_statements, issue_names_statements,
    issue_raise_statements, issue_show_statements, mail_optout_statements,
    mail_queue_statements, migrate_statements, notification_statements,
    idempotency_statements, organization_statements, outbox_statements,
    sync_base_statements, sync_fact_statements, sync_import_statements,
    sync_job_statements, sync_plan_statements, sync_reconcile_statements,
    sync_status_statements, sync_thread_statements, webhook_statements,
    token_statements, trend_statements, user_statements, word_statements;

const struct statements *const all_statements[] = {
    &activity_statements,	&admin_statements,
    &admin_mail_statements,	&auth_statements,
    &comment_statements,	&count_statements,
    &directory_statements,	&issue_statements,
    &issue_change_statements,	&issue_list_statements,
    &issue_names_statements,	&issue_raise_statements,
    &issue_show_statements,	&mail_optout_statements,
    &mail_queue_statements,	&migrate_statements,
    &notification_statements,	&organization_statements,
    &outbox_statements,		&sync_base_statements,
    &sync_fact_statements,	&sync_import_statements,
    &sync_job_statements,	&sync_plan_statements,
    &sync_reconcile_statements, &sync_status_statements,
    &sync_thread_statements,	&token_statements,
    &user_statements,		&idempotency_statements,
    &trend_statements,		&webhook_statements,
    &word_statements,		NULL,
};
