/* Reads any bytes as a mail (mime/mime.h).
 *
 *   tests/fuzz/run mail DIRECTORY -max_len=4096
 *
 * Beside what AddressSanitizer finds, what is written must be what the daemon
 * takes, and the text must be a part of the whole. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "mail/incoming.h"
#include "mail/incoming_json.h"
#include "mime/mime.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define must(condition) must_at(condition, #condition)

static void
must_at(int condition, const char *text)
{
	if (condition)
		return;
	fprintf(stderr, "not so: %s\n", text);
	abort();
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	mime_start();
	return 0;
}

static void
take_again(struct arena *a, const struct incoming_mail *mail,
	   const struct buf *json)
{
	struct incoming_mail again;
	struct buf files;
	const char *why;

	buf_init(&files, 1UL << 30);
	for (size_t i = 0; i < mail->n_files; i++)
		buf_add(&files, mail->files[i].data, mail->files[i].size);
	must(incoming_json_read(&again, &why, a, json->data, json->len,
				files.data, files.len) == INCOMING_PARSED);
	must(strcmp(again.text, mail->text) == 0);
	must(strcmp(again.whole, mail->whole) == 0);
	must(again.n_files == mail->n_files);
	buf_release(&files);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new();
	struct incoming_mail mail;
	struct buf json;

	buf_init(&json, 64UL << 20);
	if (!mime_read(&mail, a, (const char *)data, n, "mx.docket.example")) {
		must(strlen(mail.text) <= strlen(mail.whole));
		mime_describe(&json, &mail);
		must(!json.overflow);
		take_again(a, &mail, &json);
	}
	buf_release(&json);
	arena_free(a);
	return 0;
}
