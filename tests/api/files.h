#ifndef FILES_TEST_H
#define FILES_TEST_H

#include "tests/lib/fixture.h"

/* What the suites of files share. */

struct answer;

/* Uploads bytes as a raw body; path "": to be bound later. */
struct answer *upload_bytes(const char *token, const char *path,
			    const char *name, const char *bytes, size_t n);
struct answer *upload_text(const char *token, const char *path,
			   const char *name, const char *content);

/* A form with one file, and further fields as "name=value&name=value". */
struct answer *upload_form(const char *token, const char *path,
			   const char *name, const char *content,
			   const char *fields);

/* "/api/attachments/7/" and "/api/issues/7/attachments/". */
const char *file_path(int64_t id, const char *rest);
const char *files_path(int64_t issue);

#endif
