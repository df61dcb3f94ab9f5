#include "addresses.h"

#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

const char *
sign_up(const char *name, const char *email, int64_t *user)
{
	struct answer *a = POST(NULL, "/api/users/",
				json("{'username':'%s','email':'%s',"
				     "'password':'" PASSWORD "'}",
				     name, email));

	expect_status(a, 201);
	if (user)
		*user = int_at(a, "user.id");
	return text_at(login(name, PASSWORD), "token");
}

struct answer *
confirm_address(const char *token, const char *proof)
{
	return POST(token, "/api/auth/confirm-email/",
		    json("{'token':'%s'}", proof));
}

struct answer *
change_address(const char *token, const char *email, const char *password)
{
	return POST(token, "/api/users/me/email/",
		    json("{'email':'%s','password':'%s'}", email, password));
}

const char *
fresh_address(void)
{
	return text("%s@example.com", unique("fresh"));
}

int64_t
mails_to(const char *address, const char *kind)
{
	return sql_int("SELECT COUNT(*) FROM mail_job WHERE kind = ? "
		       "AND address = ?",
		       ARGS(arg_text(kind), arg_text(address)));
}
