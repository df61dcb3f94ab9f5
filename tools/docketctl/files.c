/* Files that people attached: checking them, and removing what is not needed.
 */

#include "files.h"
#include "base/conf.h"
#include "desk/stored_file.h"
#include "docketctl.h"
#include "files/sweep.h"
#include "files/verify.h"

/* Of so many files, one is read in full, unless all are to be. */
#define SAMPLE 20

void
say_file_fault(void *arg, int64_t organization_id, const char *sha256,
	       const char *what)
{
	struct call *call = arg;

	fprintf(stderr, "docketctl: %s: %lld/%.2s/%s %s\n", call->verb->name,
		(long long)organization_id, sha256, sha256, what);
}

static void
print_verified(struct call *call, const struct files_verified *v,
	       int64_t differing)
{
	static const char *const columns[] = {"files", "bytes",	 "read",
					      "wrong", "usages", NULL};
	struct table s;

	table_init(&s, call, columns);
	put_int_cell(&s, v->files);
	put_int_cell(&s, v->bytes);
	put_int_cell(&s, v->hashed);
	put_int_cell(&s, v->faults);
	put_int_cell(&s, differing);
	table_print_one(&s);
}

static enum err
verb_files_verify(struct call *call)
{
	struct files_verified v;
	int64_t differing = 0;
	enum err e = files_verify(&v, call->c, given_text(call, "directory"),
				  given_switch(call, "all") ? 1 : SAMPLE,
				  say_file_fault, call);

	if (!e)
		e = stored_file_check_usage(&differing, call->c,
					    given_switch(call, "repair"));
	if (e)
		return e;
	print_verified(call, &v, differing);
	return v.faults || (differing && !given_switch(call, "repair"))
		   ? refuse(call, ERR_CONFLICT,
			    "%lld files are wrong, and the usage of %lld "
			    "organizations",
			    (long long)v.faults, (long long)differing)
		   : OK;
}

static enum err
verb_files_sweep(struct call *call)
{
	static const char *const columns[] = {"removed", "bytes", "restored",
					      NULL};
	struct files_swept rows, disk;
	struct table s;
	enum err e = files_sweep(&rows, call->c, given_switch(call, "deleted"));

	if (!e)
		e = files_sweep_disk(&disk, call->c);
	if (e)
		return e;
	table_init(&s, call, columns);
	put_int_cell(&s, rows.removed + disk.removed);
	put_int_cell(&s, rows.bytes + disk.bytes);
	put_int_cell(&s, rows.restored + disk.restored);
	table_print_one(&s);
	return OK;
}

static const struct param verify_params[] = {
    ARGUMENT("directory", 0, 4096, "DIRECTORY",
	     "the files of a backup (default: FILES_DIR)"),
    PARAM_SWITCH("all", "read every file in full, not one of 20"),
    PARAM_SWITCH("repair", "correct how much space organizations use"),
    PARAMS_END};

static const struct param sweep_params[] = {
    PARAM_SWITCH("deleted", "also deleted files, before their 30 days end"),
    PARAMS_END};

const struct verb files_verbs[] = {
    {"files verify", "Compares the files on the disk with the database",
     verify_params, verb_files_verify},
    {"files sweep", "Removes files that nothing needs any more", sweep_params,
     verb_files_sweep},
    VERBS_END};
