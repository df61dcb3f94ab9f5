#include "db/statements.h"

/* Each is defined beside its table, and used only here. */
extern const struct statements account_mail_statements;
extern const struct statements email_proof_statements;
extern const struct statements invitation_statements;
extern const struct statements activity_statements;
extern const struct statements admin_jobs_statements;
extern const struct statements admin_organizations_statements;
extern const struct statements admin_users_statements;
extern const struct statements admin_mail_statements;
extern const struct statements admin_verify_statements;
extern const struct statements auto_increment_statements;
extern const struct statements after_restore_statements;
extern const struct statements admin_security_statements;
extern const struct statements attachment_statements;
extern const struct statements attachment_row_statements;
extern const struct statements attachment_add_statements;
extern const struct statements attachment_bind_statements;
extern const struct statements attachment_change_statements;
extern const struct statements attachment_linear_statements;
extern const struct statements stored_file_statements;
extern const struct statements auth_statements;
extern const struct statements comment_statements;
extern const struct statements comment_change_statements;
extern const struct statements comment_row_statements;
extern const struct statements failure_statements;
extern const struct statements first_answer_statements;
extern const struct statements news_statements;
extern const struct statements outbox_statements;
extern const struct statements count_statements;
extern const struct statements count_sum_statements;
extern const struct statements customer_statements;
extern const struct statements directory_query_statements;
extern const struct statements directory_statements;
extern const struct statements order_statements;
extern const struct statements profile_statements;
extern const struct statements staff_statements;
extern const struct statements supplier_statements;
extern const struct statements erasure_statements;
extern const struct statements handover_statements;
extern const struct statements idempotency_statements;
extern const struct statements issue_statements;
extern const struct statements issue_act_statements;
extern const struct statements issue_age_statements;
extern const struct statements issue_ids_statements;
extern const struct statements issue_link_statements;
extern const struct statements issue_names_statements;
extern const struct statements issue_raise_statements;
extern const struct statements issue_show_statements;
extern const struct statements issue_store_statements;
extern const struct statements list_revision_statements;
extern const struct statements lockout_statements;
extern const struct statements mail_gather_statements;
extern const struct statements mail_reader_statements;
extern const struct statements mail_digest_statements;
extern const struct statements mail_address_statements;
extern const struct statements mail_bounce_statements;
extern const struct statements mail_in_statements;
extern const struct statements mail_in_upkeep_statements;
extern const struct statements mail_in_list_statements;
extern const struct statements mail_recipient_statements;
extern const struct statements mail_sender_statements;
extern const struct statements mail_thread_find_statements;
extern const struct statements mail_job_statements;
extern const struct statements mail_job_upkeep_statements;
extern const struct statements mail_content_statements;
extern const struct statements pending_write_statements;
extern const struct statements migrate_statements;
extern const struct statements migration_text_statements;
extern const struct statements notification_count_statements;
extern const struct statements notification_list_statements;
extern const struct statements notification_read_statements;
extern const struct statements notification_statements;
extern const struct statements organization_statements;
extern const struct statements person_export_statements;
extern const struct statements quota_statements;
extern const struct statements reindex_statements;
extern const struct statements search_statements;
extern const struct statements search_catch_up_statements;
extern const struct statements security_log_statements;
extern const struct statements snapshot_statements;
extern const struct statements sync_download_statements;
extern const struct statements sync_fact_statements;
extern const struct statements sync_adopt_statements;
extern const struct statements sync_assignee_statements;
extern const struct statements sync_history_statements;
extern const struct statements sync_job_statements;
extern const struct statements sync_job_lease_statements;
extern const struct statements sync_reconcile_statements;
extern const struct statements sync_status_statements;
extern const struct statements sync_teams_statements;
extern const struct statements sync_thread_statements;
extern const struct statements sync_thread_ingest_statements;
extern const struct statements sync_thread_edit_statements;
extern const struct statements sync_thread_remove_statements;
extern const struct statements sync_thread_row_statements;
extern const struct statements token_statements;
extern const struct statements token_actor_statements;
extern const struct statements token_personal_statements;
extern const struct statements trend_read_statements;
extern const struct statements trend_statements;
extern const struct statements user_statements;
extern const struct statements user_find_statements;
extern const struct statements webhook_statements;

/* One per line, so that two additions do not conflict. */
/* clang-format off */
const struct statements *const all_statements[] = {
    &account_mail_statements,
    &email_proof_statements,
    &invitation_statements,
    &activity_statements,
    &admin_jobs_statements,
    &admin_organizations_statements,
    &admin_users_statements,
    &admin_mail_statements,
    &admin_verify_statements,
    &auto_increment_statements,
    &after_restore_statements,
    &admin_security_statements,
    &attachment_statements,
    &attachment_row_statements,
    &attachment_add_statements,
    &attachment_bind_statements,
    &attachment_change_statements,
    &attachment_linear_statements,
    &stored_file_statements,
    &auth_statements,
    &comment_statements,
    &comment_change_statements,
    &comment_row_statements,
    &first_answer_statements,
    &count_statements,
    &count_sum_statements,
    &customer_statements,
    &directory_query_statements,
    &directory_statements,
    &order_statements,
    &profile_statements,
    &staff_statements,
    &supplier_statements,
    &erasure_statements,
    &failure_statements,
    &handover_statements,
    &idempotency_statements,
    &issue_statements,
    &issue_act_statements,
    &issue_age_statements,
    &issue_ids_statements,
    &issue_link_statements,
    &issue_names_statements,
    &issue_raise_statements,
    &issue_show_statements,
    &issue_store_statements,
    &list_revision_statements,
    &lockout_statements,
    &mail_gather_statements,
    &mail_reader_statements,
    &mail_digest_statements,
    &mail_address_statements,
    &mail_bounce_statements,
    &mail_in_statements,
    &mail_in_upkeep_statements,
    &mail_in_list_statements,
    &mail_recipient_statements,
    &mail_sender_statements,
    &mail_thread_find_statements,
    &mail_job_statements,
    &mail_job_upkeep_statements,
    &mail_content_statements,
    &pending_write_statements,
    &migrate_statements,
    &news_statements,
    &migration_text_statements,
    &notification_count_statements,
    &notification_list_statements,
    &notification_read_statements,
    &notification_statements,
    &organization_statements,
    &outbox_statements,
    &person_export_statements,
    &quota_statements,
    &reindex_statements,
    &search_statements,
    &search_catch_up_statements,
    &security_log_statements,
    &snapshot_statements,
    &sync_download_statements,
    &sync_fact_statements,
    &sync_adopt_statements,
    &sync_assignee_statements,
    &sync_history_statements,
    &sync_job_statements,
    &sync_job_lease_statements,
    &sync_reconcile_statements,
    &sync_status_statements,
    &sync_teams_statements,
    &sync_thread_statements,
    &sync_thread_ingest_statements,
    &sync_thread_edit_statements,
    &sync_thread_remove_statements,
    &sync_thread_row_statements,
    &token_statements,
    &token_actor_statements,
    &token_personal_statements,
    &trend_read_statements,
    &trend_statements,
    &user_statements,
    &user_find_statements,
    &webhook_statements,
    NULL,
};
/* clang-format on */
