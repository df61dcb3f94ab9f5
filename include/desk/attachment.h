#ifndef DESK_ATTACHMENT_H
#define DESK_ATTACHMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/crypto.h"
#include "base/ctx.h"
#include "base/enum_name.h"
#include "desk/asset_text.h"
#include "desk/stored_file.h"

struct issue;

/* The files of issues (table attachment). Their content is stored_file.h's and,
 * on the disk, lib/files's. A file belongs to an issue, and maybe to one of its
 * comments, whose visibility it has. Before, it may be an upload that is not
 * bound yet: then only its uploader sees it, and it is removed after a day. */

/* In the order of attachment.source. */
enum attachment_source {
	ATTACHMENT_UPLOAD = 1,
	ATTACHMENT_MAIL,
	ATTACHMENT_LINEAR
};

/* In the order of attachment.state. */
enum attachment_state {
	ATTACHMENT_CHECKING = 1, /* to be fetched from Linear (no sha256), or
				  * to be scanned */
	ATTACHMENT_READY,
	ATTACHMENT_INFECTED,  /* never served */
	ATTACHMENT_UNCHECKED, /* the scanner could not say */
	ATTACHMENT_GONE	      /* it could not be fetched */
};

extern const struct enum_name attachment_source_words[],
    attachment_state_words[];

#define ATTACHMENTS_MAX	 100 /* of an issue; uploads of a person, unbound */
#define ATTACHED_AT_ONCE 10  /* by one request */

/* How long uploaders may delete a file, in seconds. */
#define ATTACHMENT_DELETE_S (15 * 60)

/* How long uploads wait to be bound, and the content of deleted files is kept.
 */
#define UNBOUND_TIME  (24 * 3600 * USEC_PER_SEC)
#define DELETED_GRACE (30 * 24 * 3600 * USEC_PER_SEC)

struct attachment {
	int64_t id;
	int64_t organization_id, issue_id; /* 0: not bound */
	int64_t comment_id;		   /* 0: of the issue itself */
	int64_t user_id;		   /* 0: somebody in Linear */
	const char *uploader_name;
	enum author_kind uploader_kind;
	enum attachment_source source;
	enum attachment_state state;
	const char *filename, *content_type;
	int64_t size;
	const char *sha256; /* NULL: the content is not here yet */
	bool is_internal;
	int64_t width, height;	      /* 0: unknown */
	const char *linear_asset_url; /* NULL: not in Linear */
	bool sent_to_linear;
	const char *created_at;
	bool is_deleted; /* lists for people have none that are */
};

/* A file to be attached. */
struct attachment_new {
	const char *filename;	  /* as files/name.h makes it */
	const char *content_type; /* at most 127 characters */
	int64_t size;
	const char *sha256;    /* NULL: the content comes later */
	int64_t width, height; /* 0: unknown */
	enum attachment_source source;
	enum attachment_state state;
	const char *linear_asset_url; /* NULL: not from Linear */
};

/* What one request uploads. */
struct attachment_upload {
	int64_t issue_id;    /* 0: to be bound later */
	const char *comment; /* to be added with the files; NULL: none */
	bool is_internal;
	const struct attachment_new *files; /* 1 to ATTACHED_AT_ONCE */
	size_t n;
	content_keep *keep;
	void *arg; /* of `keep` */
};

/* Attaches the files to the issue, or keeps them to be bound, with their
 * history entry and the comment, in one transaction. *id: of the first one.
 * ERR_NOTFOUND: the actor has no such issue; ERR_LIMITED: see quota.h;
 * ERR_CONFLICT: see idempotency.h; ERR_INVALID: the issue, or the person, has
 * too many files; ERR_FULL: see stored_file.h. */
enum err attachment_upload(int64_t *id, struct ctx *c, const struct actor *who,
			   const struct attachment_upload *u) MUST_CHECK;

/* Attaches one file inside a transaction, for an issue that is locked, as
 * `who`: for files from Linear and from mails. comment_id 0: to the issue
 * itself. No limit on people holds, and no history entry is added.
 * ERR_CONFLICT: the comment, or the issue itself, has a file of that
 * linear_asset_url; ERR_INVALID: too
 * many files; ERR_FULL. */
enum err attachment_add_within(int64_t *id, struct ctx *c,
			       const struct actor *who, struct issue *issue,
			       int64_t comment_id, bool is_internal,
			       const struct attachment_new *new,
			       content_keep *keep, void *arg) MUST_CHECK;

/* Inside that transaction: adds the history entry of a file that came without a
 * comment. */
enum err attachment_record(struct ctx *c, const struct actor *who,
			   const struct issue *issue, const char *filename,
			   bool is_internal) MUST_CHECK;

/* Uploads that a request binds to what it creates. */
struct attaching {
	const int64_t *ids; /* different ones */
	size_t n;	    /* at most ATTACHED_AT_ONCE */
	content_keep *keep; /* moves the content into the organization */
	void *arg;
};

/* Inside a transaction, before the issue or comment is written: locks the
 * uploads, which must be the actor's, unbound and without known malware, and
 * makes the organization use their content. ERR_INVALID (attachments);
 * ERR_FULL. */
enum err attachment_take(struct ctx *c, const struct actor *who,
			 int64_t organization_id,
			 const struct attaching *a) MUST_CHECK;

/* Inside that transaction, afterwards: binds them. comment_id 0: to the issue
 * itself. Does not change issue.attachment_count. */
enum err attachment_bind(struct ctx *c, const struct actor *who,
			 int64_t organization_id, int64_t issue_id,
			 int64_t comment_id, bool is_internal,
			 const struct attaching *a) MUST_CHECK;

/* The files of an issue that the actor may see, in the order of their ids. The
 * caller has checked with issue_get() that the actor may see the issue, and
 * passes it: if it has no files, no statement is run. */
enum err attachment_list(struct attachment **out, size_t *n, struct ctx *c,
			 const struct actor *who,
			 const struct issue *issue) MUST_CHECK;

/* Those of a comment that the caller has read for the actor. */
enum err attachment_list_of_comment(struct attachment **out, size_t *n,
				    struct ctx *c,
				    int64_t comment_id) MUST_CHECK;

/* The same of those that were uploaded together with one of them, which is
 * bound or not. */
enum err attachment_list_together(struct attachment **out, size_t *n,
				  struct ctx *c, const struct actor *who,
				  int64_t id) MUST_CHECK;

/* A file that the actor may see: of an issue that they see, or an unbound
 * upload of their own. ERR_NOTFOUND. */
enum err attachment_get(struct attachment **out, struct ctx *c,
			const struct actor *who, int64_t id) MUST_CHECK;

/* The same without an actor, for a request that proves by other means that it
 * may (files/link.h), and for docket-sync. ERR_NOTFOUND: it does not
 * exist, or is deleted. */
enum err attachment_find(struct attachment **out, struct ctx *c,
			 int64_t id) MUST_CHECK;

/* Deletes a file, with its history entry: by its uploader within
 * ATTACHMENT_DELETE_S, by the owner of the organization at any time, unbound
 * ones by their uploader. ERR_NOTFOUND; ERR_FORBIDDEN. */
enum err attachment_delete(struct ctx *c, const struct actor *who,
			   int64_t id) MUST_CHECK;

/* Inside a transaction, for an issue that is locked: a comment was withdrawn,
 * and its files with it; or it is about to be restored. */
enum err attachment_comment_withdrawn(struct ctx *c, const struct issue *issue,
				      int64_t comment_id) MUST_CHECK;
enum err attachment_comment_restored(struct ctx *c, int64_t issue_id,
				     int64_t comment_id) MUST_CHECK;

/* For docket-sync: up to `limit` files that wait in a state, behind that id, in
 * the order of ids; of those that are here (with a sha256), or not. */
enum err attachment_waiting(struct attachment **out, size_t *n, struct ctx *c,
			    enum attachment_state state, bool is_here,
			    int64_t behind, int64_t limit) MUST_CHECK;

/* Changes the state, unless it is another than `from` now. A file that becomes
 * ready also gets a job for Linear, in the same transaction. */
enum err attachment_set_state(struct ctx *c, int64_t id,
			      enum attachment_state from,
			      enum attachment_state to) MUST_CHECK;

/* The state of a file whose content has just come: with a scanner, that is
 * asked first (docket-sync does). */
enum attachment_state attachment_first_state(const struct ctx *c);

/* What a scanner says about a file that was ATTACHMENT_CHECKING: its state,
 * with an entry of its issue's history if it is infected, from which both sides
 * are notified. ERR_NOTFOUND: it is deleted. */
enum err attachment_scanned(struct ctx *c, int64_t id,
			    enum attachment_state state) MUST_CHECK;

/* There is no scanner any more: files that wait for one become ready. */
enum err attachment_stop_waiting(struct ctx *c) MUST_CHECK;

/* The content of a file from Linear is here: type, size, sha256 and, unless
 * empty, filename of `new` are set, and its state, in one transaction.
 * ERR_NOTFOUND: the file is deleted; ERR_FULL. */
enum err attachment_received(struct ctx *c, int64_t id,
			     const struct attachment_new *new,
			     content_keep *keep, void *arg) MUST_CHECK;

/* For what docket-sync sends: the URL that a reply in Linear refers to, once
 * the file is there, and whether a reply refers to it. */
enum err attachment_set_asset(struct ctx *c, const struct attachment *a,
			      const char *url) MUST_CHECK;
enum err attachment_set_sent(struct ctx *c, const struct attachment *a,
			     bool sent) MUST_CHECK;

/* The public files of an issue that are to be in Linear: uploads and files from
 * mails, of the issue itself or of comments that Linear has; and deleted ones
 * that a reply still refers to. */
enum err attachment_list_for_linear(struct attachment **out, size_t *n,
				    struct ctx *c, int64_t issue_id) MUST_CHECK;

/* All files of a comment, deleted ones, too. */
enum err attachment_all_of_comment(struct attachment **out, size_t *n,
				   struct ctx *c,
				   int64_t comment_id) MUST_CHECK;

/* The files that came from Linear with that comment, or (0) with the issue's
 * description; also those that somebody deleted here. */
enum err attachment_list_from_linear(struct attachment **out, size_t *n,
				     struct ctx *c, int64_t issue_id,
				     int64_t comment_id) MUST_CHECK;

/* The files that a text may show, see asset_text.h: those of a comment, or (0)
 * of the issue itself. */
struct attachment_assets {
	const struct attachment *list;
	size_t n;
	int64_t comment_id;
};

/* An asset_find; `arg` is a struct attachment_assets. */
enum asset_shown attachment_find_asset(int64_t *id, const void *arg,
				       const char *url);

/* Inside a transaction, for an issue that is locked: the text in Linear no
 * longer has the file. It is deleted; if it comes back it is another one. */
enum err attachment_forget(struct ctx *c,
			   const struct attachment *a) MUST_CHECK;

/* Removes what is due: rows of deleted files and of unbound uploads, a batch.
 * Their content is then doomed, see stored_file.h. *more: there may be others.
 * all: also deleted files whose time has not come. */
enum err attachment_purge(bool *more, struct ctx *c, bool all) MUST_CHECK;

/* Erasing a person, in a transaction: deletes what they uploaded as a customer,
 * without the grace time. */
enum err attachment_erase_user(struct ctx *c, int64_t user_id) MUST_CHECK;

/* Replaces the name that files keep of their uploader, in those with ids from
 * behind + 1 to `to`. */
enum err attachment_rename_uploader(struct ctx *c, int64_t user_id,
				    const char *name, int64_t behind,
				    int64_t to) MUST_CHECK;

#endif
