/*
 * Functions for which this project has a better replacement. The build includes
 * this file before every source of lib/, cgi/ and tools/, so that a call to one
 * of them is a compile error that names it.
 *
 * The C library's headers come first: their declarations must be read before
 * the macros below exist.
 */
#ifndef BANNED_H
#define BANNED_H

#include <alloca.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BANNED(name) banned_function_##name

/* Unbounded, or truncating silently: use buf.h or arena.h. */
#undef strcpy
#define strcpy(...) BANNED(strcpy)
#undef stpcpy
#define stpcpy(...) BANNED(stpcpy)
#undef strcat
#define strcat(...) BANNED(strcat)
#undef strncpy
#define strncpy(...) BANNED(strncpy)
#undef strncat
#define strncat(...) BANNED(strncat)
#undef sprintf
#define sprintf(...) BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) BANNED(vsprintf)
#undef gets
#define gets(...) BANNED(gets)
#undef alloca
#define alloca(...) BANNED(alloca)

/* They return 0 for text that is not a number: use strtol. */
#undef atoi
#define atoi(...) BANNED(atoi)
#undef atol
#define atol(...) BANNED(atol)
#undef atoll
#define atoll(...) BANNED(atoll)
#undef atof
#define atof(...) BANNED(atof)

/* Hidden static state, or local time, which a server must not use: use clock.h.
 */
#undef strtok
#define strtok(...) BANNED(strtok)
#undef gmtime
#define gmtime(...) BANNED(gmtime)
#undef localtime
#define localtime(...) BANNED(localtime)
#undef localtime_r
#define localtime_r(...) BANNED(localtime_r)
#undef ctime
#define ctime(...) BANNED(ctime)
#undef asctime
#define asctime(...) BANNED(asctime)
#undef mktime
#define mktime(...) BANNED(mktime)

/* Predictable: use crypto.h. */
#undef rand
#define rand(...) BANNED(rand)
#undef srand
#define srand(...) BANNED(srand)
#undef random
#define random(...) BANNED(random)

/* They run a shell, which interprets the text. */
#undef system
#define system(...) BANNED(system)
#undef popen
#define popen(...) BANNED(popen)

/*
 * Functions of libraries whose headers are not included here: their own
 * declarations, with an attribute that makes a call a compile error.
 */
struct cJSON;
struct FCGX_Stream;

/* Accepts trailing bytes, NUL escapes, broken UTF-8, duplicates: use
 * json_parse. */
struct cJSON *cJSON_Parse(const char *)
    __attribute__((error("banned: cJSON_Parse")));
/* Ignores case: use cJSON_GetObjectItemCaseSensitive. */
struct cJSON *cJSON_GetObjectItem(const struct cJSON *, const char *)
    __attribute__((error("banned: cJSON_GetObjectItem")));
/* Its own printf does not know %z. */
int FCGX_FPrintF(struct FCGX_Stream *, const char *, ...)
    __attribute__((error("banned: FCGX_FPrintF")));
/* Unlinks an existing path and exits on failure: use file descriptor 0. */
int FCGX_OpenSocket(const char *, int)
    __attribute__((error("banned: FCGX_OpenSocket")));

#endif
