#include "files/verify.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/crypto.h"
#include "place.h"
#include "walk.h"

struct verifying {
	struct files_verified *out;
	struct conf place; /* whose files_dir is the folder */
	unsigned every;
	file_fault *fault;
	void *arg;
};

/* Whether the content has the hash. */
static bool
has_hash(int fd, const char *sha256)
{
	static unsigned char piece[FILE_PIECE];
	char found[SHA256_TEXT];
	struct sha256 h;
	ssize_t n;

	sha256_begin(&h);
	while ((n = read(fd, piece, sizeof(piece))) > 0)
		sha256_add(&h, piece, (size_t)n);
	sha256_end(found, &h);
	return n == 0 && strcmp(found, sha256) == 0;
}

/* What is wrong with a file, or NULL. */
static const char *
fault_of(struct verifying *v, const struct stored_file *f)
{
	const int fd =
	    file_open(&v->place, f->organization_id, f->sha256, NULL);
	const char *what = NULL;
	struct stat st;

	if (fd < 0)
		return "is missing";
	if (fstat(fd, &st) != 0 || st.st_size != f->size) {
		what = "has another size";
	} else if (random_below(v->every) == 0) {
		v->out->hashed++;
		if (!has_hash(fd, f->sha256))
			what = "is damaged";
	}
	close(fd);
	return what;
}

static enum err
verify_one(void *arg, struct ctx *c, const struct stored_file *f)
{
	struct verifying *v = arg;
	const char *what = fault_of(v, f);
	bool needed = true;
	enum err e = OK;

	v->out->files++;
	v->out->bytes += f->size;
	/* it may have been removed meanwhile */
	if (what)
		e = stored_file_exists(&needed, c, f->organization_id,
				       f->sha256);
	if (e || !what || !needed)
		return e;
	v->out->faults++;
	v->fault(v->arg, f->organization_id, f->sha256, what);
	return OK;
}

enum err
files_verify(struct files_verified *out, struct ctx *c, const char *dir,
	     unsigned every, file_fault *fault, void *arg)
{
	struct verifying v = {.out = out,
			      .place = *c->conf,
			      .every = every,
			      .fault = fault,
			      .arg = arg};

	*out = (struct files_verified){0};
	if (dir)
		v.place.files_dir = dir;
	return files_walk(c, verify_one, &v);
}
