#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

/* One event, one line of JSON on standard error:
 * {"time":…,"level":"info","program":"docket.fcgi","pid":1,"event":…,<fields>}
 * Only programs log (the dispatcher, the daemon, the tools); the library
 * returns errors. Secrets and bodies are never fields. */
enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Sets the name of the program and the lowest level that is written. */
void log_init(const char *program, enum log_level least);

/* Whether events of this level are written. */
bool log_writes(enum log_level level);

/* Writes `event` and pairs of strings (name, value), ended by NULL. A pair
 * whose value is NULL is left out. */
void log_event(enum log_level level, const char *event, ...)
    __attribute__((sentinel));

#endif
