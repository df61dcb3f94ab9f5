#include "inputs_rows.h"

#include "tests/lib/fixture.h"

const struct row input_rows[] = {
/* clang-format off */
#define RAISE "POST", "/api/client/issues/raise/", CUSTOMER
#define RAISED "'title':'t','description':'d','organization':$org"
{RAISE, "organization", ID, 0, REQUIRED, "$org", "'title':'t','description':'d'"},
{RAISE, "title", LINE, 255, REQUIRED, "'t'", "'organization':$org,'description':'d'"},
{RAISE, "description", TEXT, 20000, REQUIRED | BLANK, "'d'", "'organization':$org,'title':'t'"},
{RAISE, "priority", CHOICE, 0, 0, "'high'", RAISED},
{RAISE, "category", CHOICE, 0, 0, "'other'", RAISED},
{RAISE, "vendor", ID, 0, NULLABLE, "$vendor", RAISED},
{RAISE, "order", ID, 0, NULLABLE, "$order", RAISED},
{RAISE, "attachments", IDS, 10, BLANK, "[]", RAISED},

#define RAISE_OWN "POST", "/api/issues/raise/", CUSTOMER
{RAISE_OWN, "organization", ID, 0, NULLABLE, "$org", "'title':'t','description':'d'"},
{RAISE_OWN, "title", LINE, 255, REQUIRED, "'t'", "'organization':$org,'description':'d'"},
{RAISE_OWN, "description", TEXT, 20000, REQUIRED | BLANK, "'d'", "'organization':$org,'title':'t'"},
{RAISE_OWN, "priority", CHOICE, 0, 0, "'critical'", RAISED},
{RAISE_OWN, "category", CHOICE, 0, 0, "'payment'", RAISED},
{RAISE_OWN, "vendor", ID, 0, NULLABLE, "$vendor", RAISED},
{RAISE_OWN, "order", ID, 0, NULLABLE, "$order", RAISED},
{RAISE_OWN, "attachments", IDS, 10, BLANK, "[]", RAISED},

{"POST", "/api/issues/raise/", EMPLOYEE, "on_behalf_of", ID, 254, REQUIRED, "$customer", "'title':'t','description':'d'"},

#define CREATE "POST", "/api/issues/", CUSTOMER
{CREATE, "organization", ID, 0, NULLABLE, "$org", "'title':'t','description':'d'"},
{CREATE, "title", LINE, 255, REQUIRED, "'t'", "'organization':$org,'description':'d'"},
{CREATE, "description", TEXT, 20000, REQUIRED | BLANK, "'d'", "'organization':$org,'title':'t'"},
{CREATE, "priority", CHOICE, 0, 0, "'urgent'", RAISED},
{CREATE, "category", CHOICE, 0, 0, "'billing'", RAISED},
{CREATE, "vendor", ID, 0, NULLABLE, "$vendor", RAISED},
{CREATE, "order", ID, 0, NULLABLE, "$order", RAISED},
{CREATE, "attachments", IDS, 10, BLANK, "[]", RAISED},
{"POST", "/api/issues/", EMPLOYEE, "on_behalf_of", ID, 254, REQUIRED, "$customer", "'title':'t','description':'d'"},

{"POST", "/api/issues/$issue/assign/", EMPLOYEE, "employee_id", ID, 0, REQUIRED | NULLABLE, "$profile", NULL},
{"POST", "/api/issues/$issue/resolve/", EMPLOYEE, "resolution_notes", TEXT, 10000, NULLABLE | BLANK | NEVER_FITS, "'n'", NULL},
{"POST", "/api/issues/resolve/$issue/", EMPLOYEE, "resolution_notes", TEXT, 10000, NULLABLE | BLANK | NEVER_FITS, "'n'", NULL},
{"POST", "/api/issues/$issue/reopen/", EMPLOYEE, "comment", TEXT, 10000, NULLABLE | BLANK | NEVER_FITS, "'c'", NULL},
{"POST", "/api/client/issues/$issue/comment/", CUSTOMER, "comment", TEXT, 10000, REQUIRED, "'c'", NULL},
{"POST", "/api/client/issues/$issue/comment/", CUSTOMER, "attachments", IDS, 10, BLANK, "[]", "'comment':'c'"},
{"PATCH", "/api/issues/$issue/comments/$comment/", EMPLOYEE, "content", TEXT, 10000, REQUIRED, "'c'", NULL},
{"POST", "/api/issues/$issue/add_comment/", EMPLOYEE, "content", TEXT, 10000, REQUIRED, "'c'", NULL},
{"POST", "/api/issues/$issue/add_comment/", EMPLOYEE, "internal", BOOL, 0, 0, "true", "'content':'c'"},
{"POST", "/api/issues/$issue/add_comment/", EMPLOYEE, "attachments", IDS, 10, BLANK, "[]", "'content':'c'"},

#define BULK "POST", "/api/issues/bulk_update/", EMPLOYEE
{BULK, "issue_ids", IDS, 100, REQUIRED, "[$issue]", "'priority':'high'"},
{BULK, "status", CHOICE, 0, NEVER_FITS, "'open'", "'issue_ids':[$issue]"},
{BULK, "priority", CHOICE, 0, NEVER_FITS, "'high'", "'issue_ids':[$issue]"},
{BULK, "assigned_to", ID, 0, NULLABLE | NEVER_FITS, "$profile", "'issue_ids':[$issue]"},
{"POST", "/api/issues/bulk_sync_to_linear/", EMPLOYEE, "issue_ids", IDS, 100, REQUIRED, "[$issue]", NULL},

#define FETCH "POST", "/api/issues/fetch_from_linear/", EMPLOYEE
{FETCH, "limit", INT, 250, NEVER_FITS, "50", NULL},
{FETCH, "sync", BOOL, 0, NEVER_FITS, "false", NULL},
{FETCH, "after", LINE, 200, NULLABLE | NEVER_FITS, "'x'", NULL},

#define LOGIN "POST", "/api/auth/login/", NOBODY
{LOGIN, "username", LINE, 254, REQUIRED | NEVER_FITS, "'$new'", "'password':'x'"},
{LOGIN, "password", PASSWORD, 1024, REQUIRED | NEVER_FITS, "'x'", "'username':'$new'"},
{"POST", "/api/auth/change-password/", CUSTOMER, "old_password", PASSWORD, 1024, REQUIRED | UNKNOWN, "'x'", "'new_password':'long enough'"},
{"POST", "/api/users/me/erase/", CUSTOMER, "password", PASSWORD, 1024, REQUIRED | UNKNOWN, "'x'", NULL},
{"POST", "/api/auth/change-password/", CUSTOMER, "new_password", PASSWORD, 128, REQUIRED | NEVER_FITS, "'long enough'", "'old_password':'x'"},
{"POST", "/api/auth/change-password/", CUSTOMER, "new_password_confirm", PASSWORD, 128, UNKNOWN, "'long enough'", "'old_password':'x','new_password':'long enough'"},

#define SIGN_UP "POST", "/api/users/", NOBODY
#define ACCOUNT "'email':'$new@example.com','password':'long enough'"
#define NAMED "'username':'$new'," ACCOUNT
{SIGN_UP, "username", LINE, 150, REQUIRED, "'$new'", ACCOUNT},
{SIGN_UP, "email", EMAIL, 254, REQUIRED, "'$new@example.com'", "'username':'$new','password':'long enough'"},
{SIGN_UP, "password", PASSWORD, 128, REQUIRED, "'long enough'", "'username':'$new','email':'$new@example.com'"},
{SIGN_UP, "first_name", LINE, 80, BLANK, "'F'", NAMED},
{SIGN_UP, "last_name", LINE, 80, BLANK, "'L'", NAMED},

{"POST", "/api/auth/password-reset/", NOBODY, "email", EMAIL, 254, REQUIRED, "'$new@example.com'", NULL},
{"POST", "/api/auth/password-reset/confirm/", NOBODY, "token", LINE, 100, REQUIRED | UNKNOWN, "'x'", "'new_password':'long enough'"},
{"POST", "/api/auth/password-reset/confirm/", NOBODY, "new_password", PASSWORD, 128, REQUIRED | NEVER_FITS, "'long enough'", "'token':'x'"},
{"POST", "/api/users/me/email/", CUSTOMER, "email", EMAIL, 254, REQUIRED | NEVER_FITS, "'$new@example.com'", "'password':'wrong'"},
{"POST", "/api/users/me/email/", CUSTOMER, "password", PASSWORD, 1024, REQUIRED | UNKNOWN, "'x'", "'email':'$new@example.com'"},
{"POST", "/api/auth/confirm-email/", CUSTOMER, "token", LINE, 100, REQUIRED | UNKNOWN, "'x'", NULL},
{"POST", "/api/auth/password-reset/confirm/", NOBODY, "new_password_confirm", PASSWORD, 128, UNKNOWN, "'long enough'", "'token':'x','new_password':'long enough'"},
{"POST", "/api/auth/role-selection/select_role/", EMPLOYEE, "profile_id", ID, 0, REQUIRED | NEVER_FITS, "$profile", NULL},
{"PATCH", "/api/users/me/", CUSTOMER, "wants_mail", BOOL, 0, 0, "true", NULL},
{"PATCH", "/api/users/me/", CUSTOMER, "first_name", LINE, 80, BLANK, "'F'", NULL},
{"PATCH", "/api/users/me/", CUSTOMER, "last_name", LINE, 80, BLANK, "'L'", NULL},
{"PATCH", "/api/users/update_profile/", EMPLOYEE, "wants_mail", BOOL, 0, 0, "true", NULL},
{"PATCH", "/api/users/update_profile/", EMPLOYEE, "first_name", LINE, 80, BLANK, "'F'", NULL},
{"PATCH", "/api/users/update_profile/", EMPLOYEE, "last_name", LINE, 80, BLANK, "'L'", NULL},
{"POST", "/api/tokens/", CUSTOMER, "name", LINE, 100, REQUIRED, "'n'", NULL},
{"POST", "/api/tokens/", CUSTOMER, "expires_in_days", INT, 3650, 0, "1", "'name':'n'"},

#define INVITE "POST", "/api/employees/", VENDOR
{INVITE, "email", EMAIL, 254, REQUIRED, "'$new@example.com'", NULL},
{INVITE, "username", LINE, 150, NULLABLE, "'$new'", "'email':'$new@example.com'"},
{INVITE, "first_name", LINE, 80, BLANK, "'F'", "'email':'$new@example.com'"},
{INVITE, "last_name", LINE, 80, BLANK, "'L'", "'email':'$new@example.com'"},
{INVITE, "profile_type", CHOICE, 0, 0, "'employee'", "'email':'$new@example.com'"},
{"PATCH", "/api/employees/$other/", VENDOR, "is_active", BOOL, 0, 0, "true", NULL},
{"PATCH", "/api/employees/$other/", VENDOR, "successor", ID, 0, NULLABLE, "$profile", "'is_active':false"},
{"PATCH", "/api/employees/$other/", VENDOR, "profile_type", CHOICE, 0, 0, "'employee'", NULL},

{"PATCH", "/api/organizations/$org/", VENDOR, "name", LINE, 255, 0, "'$new'", NULL},
{"PATCH", "/api/organizations/$org/", VENDOR, "is_listed", BOOL, 0, 0, "true", NULL},
{"PATCH", "/api/organizations/$org/", VENDOR, "staff_may_raise", BOOL, 0, 0, "false", NULL},
{"PATCH", "/api/organizations/$org/", VENDOR, "time_zone", CHOICE, 0, 0, "'Europe/Berlin'", NULL},
{"PATCH", "/api/organizations/$org/", VENDOR, "mail_in", CHOICE, 0, 0, "'known'", NULL},
{"POST", "/api/mail/addresses/", VENDOR, "address", EMAIL, 254, REQUIRED, "'$new@in.example.com'", NULL},
{"PATCH", "/api/organizations/$org/", VENDOR, "linear_team_id", UUID, 0, NULLABLE, "null", NULL},
    /* clang-format on */
};

const size_t input_row_count = COUNT(input_rows);
