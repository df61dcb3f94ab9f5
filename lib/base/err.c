#include "base/err.h"

#include <stdarg.h>

#include "base/arena.h"

void
faults_init(struct faults *f, struct arena *a)
{
	f->arena = a;
	f->first = NULL;
	f->last = &f->first;
}

enum err
fault_add(struct faults *f, const char *field, const char *fmt, ...)
{
	struct fault *new = arena_alloc(f->arena, sizeof(*new));
	va_list ap;

	va_start(ap, fmt);
	new->text = arena_vprintf(f->arena, fmt, ap);
	va_end(ap);
	new->field = arena_strdup(f->arena, field);
	*f->last = new;
	f->last = &new->next;
	return ERR_INVALID;
}
