/* Memory that is released all at once. An arena is a chain of blocks of 64 KiB,
 * filled from the front; an object of more than a quarter of that gets a block
 * of its own. A reset keeps one block of the standard size. Under
 * AddressSanitizer every object has a block of its own, which the sanitizer can
 * watch. The functions that abort when memory runs out are here, too. */
#include "base/arena.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The Makefile defines DOCKET_ASAN for each compiler: only gcc has a macro of
 * its own that says so. */
#ifdef DOCKET_ASAN
#define BLOCK_SIZE 0 /* every object gets its own block */
#else
#define BLOCK_SIZE (64 * 1024)
#endif

struct block {
	struct block *next;
	size_t size, used;
	max_align_t data[];
};

struct arena {
	struct block *top;
};

static _Noreturn void
out_of_memory(void)
{
	static const char msg[] = "out of memory\n";

	fwrite(msg, 1, sizeof(msg) - 1, stderr);
	abort();
}

void
memory_keep_freed(void)
{
	const int keep = 1 << 20;

	(void)mallopt(M_TRIM_THRESHOLD, keep);
	(void)mallopt(M_MMAP_THRESHOLD, keep);
}

void *
xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *
xrealloc(void *p, size_t size)
{
	void *q = realloc(p, size ? size : 1);

	if (!q)
		out_of_memory();
	return q;
}

char *
xstrdup(const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(xmalloc(n), s, n);
}

struct arena *
arena_new(void)
{
	struct arena *a = xmalloc(sizeof(*a));

	a->top = NULL;
	return a;
}

static struct block *
block_new(size_t size)
{
	struct block *b;

	if (size > SIZE_MAX / 2)
		out_of_memory();
	b = xmalloc(sizeof(*b) + size);
	b->next = NULL;
	b->size = size;
	b->used = 0;
	return b;
}

static void
free_blocks(struct block *b)
{
	struct block *next;

	for (; b; b = next) {
		next = b->next;
		free(b);
	}
}

void
arena_reset(struct arena *a)
{
	if (!a->top)
		return;
	if (BLOCK_SIZE == 0 || a->top->size != BLOCK_SIZE) {
		free_blocks(a->top);
		a->top = NULL;
		return;
	}
	free_blocks(a->top->next);
	a->top->next = NULL;
	a->top->used = 0;
}

void
arena_free(struct arena *a)
{
	if (!a)
		return;
	free_blocks(a->top);
	free(a);
}

void *
arena_alloc(struct arena *a, size_t size)
{
	const size_t unit = sizeof(max_align_t);
	struct block *b = a->top;
	size_t room;
	char *p;

	if (size > SIZE_MAX / 4)
		out_of_memory();
#ifndef DOCKET_ASAN
	size = (size + unit - 1) / unit * unit;
#else
	(void)unit;
#endif
	room = b ? b->size - b->used : 0;
	if (!b || room < size) {
		b = block_new(size > BLOCK_SIZE / 4 ? size : BLOCK_SIZE);
		if (a->top && b->size != BLOCK_SIZE) {
			/* a large object: the block before it is still filled
			 */
			b->next = a->top->next;
			a->top->next = b;
		} else {
			b->next = a->top;
			a->top = b;
		}
	}
	p = (char *)b->data + b->used;
	b->used += size;
	return memset(p, 0, size);
}

char *
arena_memdup(struct arena *a, const void *p, size_t n)
{
	char *s = arena_alloc(a, n + 1);

	if (n)
		memcpy(s, p, n);
	s[n] = '\0';
	return s;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return s ? arena_memdup(a, s, strlen(s)) : NULL;
}

char *
arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	char shortly[128]; /* most texts: printed once */
	va_list again;
	char *s;
	int n;

	va_copy(again, ap);
	n = vsnprintf(shortly, sizeof(shortly), fmt, again);
	va_end(again);
	if (n < 0)
		out_of_memory();
	if ((size_t)n < sizeof(shortly))
		return arena_memdup(a, shortly, (size_t)n);
	s = arena_alloc(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	return s;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}
