#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

/* A growing byte buffer with a hard maximum. An append beyond it is dropped and
 * sets `overflow`, so that one check at the end is enough. */
struct buf {
	char *data; /* NULL until the first append, then NUL-terminated */
	size_t len, cap, max;
	bool overflow;
};

/* Room for n bytes and a NUL at the end of the buffer, for writing in place;
 * NULL beyond the maximum. Call buf_took with the end of what was written. */
char *buf_grow(struct buf *b, size_t n);

static inline char *
buf_room(struct buf *b, size_t n)
{
	return !b->overflow && n <= b->max - b->len && b->len + n < b->cap
		   ? b->data + b->len
		   : buf_grow(b, n);
}

static inline void
buf_took(struct buf *b, char *end)
{
	*end = '\0';
	b->len = (size_t)(end - b->data);
}

void buf_init(struct buf *b, size_t max);
void buf_clear(struct buf *b);	 /* empties, keeps the memory */
void buf_release(struct buf *b); /* frees; as after buf_init */

void buf_add(struct buf *b, const void *p, size_t n);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
