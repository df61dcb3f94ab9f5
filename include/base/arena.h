#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

/* Memory that is released all at once. Every request owns an arena: rows,
 * parsed JSON, strings and the response live in it, and nothing is freed one by
 * one. Running out of memory aborts: workers are supervised, and the size of
 * inputs is limited. Under AddressSanitizer each object is a malloc of its own,
 * so that it still detects overruns and uses after the reset. */
struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a); /* NULL is fine */

/* Releases every object but keeps the arena (and its first block). */
void arena_reset(struct arena *a);

/* `size` zeroed bytes, aligned for any type; never NULL. */
void *arena_alloc(struct arena *a, size_t size);

/* Copies; the result is NUL-terminated. arena_strdup(NULL) is NULL. */
char *arena_strdup(struct arena *a, const char *s);
char *arena_memdup(struct arena *a, const void *p, size_t n);

char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

/* Lets this process keep some freed memory, up to a MiB, for its next requests,
 * instead of returning it to the kernel after each one and faulting it in
 * again. */
void memory_keep_freed(void);

/* malloc and realloc that abort instead of returning NULL. */
void *xmalloc(size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);

#endif
