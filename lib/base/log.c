#include "base/log.h"

#include <stdarg.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json_writer.h"

#define LINE_MAX_BYTES 8192

static const char *program_name = "docket";
static enum log_level least_level = LOG_INFO;

void
log_init(const char *program, enum log_level least)
{
	program_name = program;
	least_level = least;
}

bool
log_writes(enum log_level level)
{
	return level >= least_level;
}

void
log_event(enum log_level level, const char *event, ...)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};
	const char *name, *value;
	char now[CLOCK_TEXT];
	struct jsonout j;
	struct buf line;
	va_list ap;

	if (!log_writes(level))
		return;
	buf_init(&line, LINE_MAX_BYTES);
	json_begin(&j, &line);
	json_object(&j, NULL);
	json_string(&j, "time", clock_iso(now, clock_now()));
	json_string(&j, "level", names[level]);
	json_string(&j, "program", program_name);
	json_integer(&j, "pid", getpid());
	json_string(&j, "event", event);
	va_start(ap, event);
	while ((name = va_arg(ap, const char *)) != NULL) {
		value = va_arg(ap, const char *);
		if (value)
			json_string(&j, name, value);
	}
	va_end(ap);
	json_end(&j);
	buf_addc(&line, '\n');
	/* one write, so that lines of several processes never mix */
	if (!line.overflow && write(STDERR_FILENO, line.data, line.len) < 0) {
		/* there is nowhere to report it */
	}
	buf_release(&line);
}
