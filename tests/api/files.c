#include "files.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "tests/lib/client.h"
#include "web/input.h"

const char *
file_path(int64_t id, const char *rest)
{
	return text("/api/attachments/%lld/%s", (long long)id, rest);
}

const char *
files_path(int64_t issue)
{
	return issue_path(issue, "attachments/");
}

struct answer *
upload_bytes(const char *token, const char *path, const char *name,
	     const char *bytes, size_t n)
{
	static const char *const headers[] = {
	    "Content-Type: application/octet-stream", NULL};
	const struct request r = {
	    .method = "POST",
	    .token = token,
	    .path = text("%s?filename=%s", *path ? path : "/api/attachments/",
			 percent_encode(test_arena(), name)),
	    .body = bytes,
	    .body_len = n,
	    .headers = headers};

	return send_one(&r);
}

struct answer *
upload_text(const char *token, const char *path, const char *name,
	    const char *content)
{
	return upload_bytes(token, path, name, content, strlen(content));
}

struct answer *
upload_form(const char *token, const char *path, const char *name,
	    const char *content, const char *fields)
{
	struct buf b;
	const char *body;
	size_t n;

	buf_init(&b, 1 << 20);
	for (; *fields; fields += n + (fields[n] == '&')) {
		n = strcspn(fields, "&");
		buf_printf(&b,
			   "--edge\r\nContent-Disposition: form-data; "
			   "name=\"%.*s\"\r\n\r\n%.*s\r\n",
			   (int)strcspn(fields, "="), fields,
			   (int)(n - strcspn(fields, "=") - 1),
			   fields + strcspn(fields, "=") + 1);
	}
	buf_printf(&b,
		   "--edge\r\nContent-Disposition: form-data; name=\"file\"; "
		   "filename=\"%s\"\r\n\r\n%s\r\n--edge--\r\n",
		   name, content);
	body = arena_memdup(test_arena(), b.data, b.len);
	n = b.len;
	buf_release(&b);
	with("Content-Type: multipart/form-data; boundary=edge");
	(void)n; /* text only */
	return POST(token, *path ? path : "/api/attachments/", body);
}
