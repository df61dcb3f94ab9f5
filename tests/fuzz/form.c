/* Reads any bytes as a form (files/form.h). The first byte chooses how many of
 * the body are read at once; the headers' parser, GMime, gets whatever the
 * bytes make of it.
 *
 *   tests/fuzz/run form DIRECTORY -max_len=2048
 *
 * Beside what AddressSanitizer finds, each file must be a piece of the body, in
 * order, between two delimiters. */

#include "files/form.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct input {
	const uint8_t *data; /* what is left to be read */
	size_t n;
	const uint8_t *body, *file; /* where the next file may begin */
	size_t body_len;
	uint8_t content[1 << 16]; /* of the open file */
	size_t content_len;
	int open;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
must(int condition)
{
	if (!condition)
		abort();
}

static size_t
input_read(void *state, void *p, size_t n)
{
	struct input *in = state;

	if (n > in->n)
		n = in->n;
	if (n)
		memcpy(p, in->data, n);
	in->data += n;
	in->n -= n;
	return n;
}

static enum err
file_open(void *state, const char *filename)
{
	struct input *in = state;

	must(!in->open && *filename);
	in->open = 1;
	in->content_len = 0;
	return OK;
}

static enum err
file_write(void *state, const void *p, size_t n)
{
	struct input *in = state;

	must(in->open && n && in->content_len + n <= sizeof(in->content));
	memcpy(in->content + in->content_len, p, n);
	in->content_len += n;
	return OK;
}

/* The file and the delimiter behind it are in the body. */
static enum err
file_close(void *state)
{
	struct input *in = state;
	static const char delimiter[] = "\r\n--b";
	const size_t n = sizeof(delimiter) - 1;

	must(in->open);
	in->open = 0;
	must(!memmem(in->content, in->content_len, delimiter, n));
	memcpy(in->content + in->content_len, delimiter, n);
	in->file =
	    memmem(in->file, in->body_len - (size_t)(in->file - in->body),
		   in->content_len ? in->content : in->content + 2,
		   in->content_len ? in->content_len + n : n - 2);
	must(in->file != NULL);
	in->file += in->content_len;
	return OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct input in;
	static struct arena *arena;
	const struct form_sink to = {&in, file_open, file_write, file_close};
	struct form_source from = {.content_type =
				       "multipart/form-data; boundary=b",
				   .state = &in,
				   .read = input_read};
	struct form form;
	const char *why = NULL;
	enum err e;

	if (n < 1 || n > sizeof(in.content) / 2)
		return -1;
	if (!arena)
		arena = arena_new();
	in.body = in.file = in.data = data + 1;
	in.body_len = in.n = n - 1;
	in.open = 0;
	from.n = n - 1;
	from.piece = 1 + data[0];
	e = form_read(&form, arena, &from, &to, &why);
	must(e == OK || (e == ERR_INVALID && why));
	must(e != OK || (!in.open && in.n == 0));
	must(form.files_n <= FORM_FILES_MAX &&
	     form.fields_n <= FORM_FIELDS_MAX);
	arena_reset(arena);
	return 0;
}
