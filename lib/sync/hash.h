#ifndef SYNC_HASH_H
#define SYNC_HASH_H

#include <stdbool.h>

#include "db/db.h"
#include "sync/snapshot.h"

/* Hashes by which texts are compared, and how they stand in the database. */

struct hash hash_of(const char *text);

/* Hash of a text's letters and digits only, without link targets: the same
 * before and after Linear reformats the Markdown. */
struct hash loose_hash_of(const char *text);

bool hash_same(const struct hash *a, const struct hash *b);

/* True if it is the hash of that text. */
bool hash_matches(const struct hash *h, const char *text);

/* True if the texts have the same loose hash. */
bool texts_are_similar(const char *a, const char *b);

struct hash col_hash(struct rows *r);
struct arg arg_hash(const struct hash *h);

#endif
