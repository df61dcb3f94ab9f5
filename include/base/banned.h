/*
 * Functions that have a better one here. The build includes this file ahead
 * of every source of lib/, cgi/ and tools/, so that a call to one of them is
 * a compile error that names it.
 *
 * The C library's headers come first: once they are read, their include
 * guards keep the macros below away from their declarations.
 */
#ifndef BANNED_H
#define BANNED_H

#include <alloca.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BANNED(name) banned_function_##name

/* Unbounded, or bounded but silent about the cut: use buf.h, arena.h. */
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

/* No way to tell a wrong number from 0. */
#undef atoi
#define atoi(...) BANNED(atoi)
#undef atol
#define atol(...) BANNED(atol)
#undef atoll
#define atoll(...) BANNED(atoll)
#undef atof
#define atof(...) BANNED(atof)

/* Hidden static state; local time has no place in a server: use date.h. */
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

/* A shell between us and what we meant. */
#undef system
#define system(...) BANNED(system)
#undef popen
#define popen(...) BANNED(popen)

/*
 * Of the libraries, whose headers are not read here: the same declarations
 * as theirs, marked so that a call does not compile.
 */
struct cJSON;
struct FCGX_Stream;

/* Takes trailing bytes, NUL escapes, broken UTF-8, duplicates: json_parse. */
struct cJSON *cJSON_Parse(const char *)
    __attribute__((error("banned: cJSON_Parse")));
/* Looks names up without case: cJSON_GetObjectItemCaseSensitive. */
struct cJSON *cJSON_GetObjectItem(const struct cJSON *, const char *)
    __attribute__((error("banned: cJSON_GetObjectItem")));
/* A printf of its own, without %z. */
int FCGX_FPrintF(struct FCGX_Stream *, const char *, ...)
    __attribute__((error("banned: FCGX_FPrintF")));
/* Unlinks what it finds and exits on failure: the socket is fd 0. */
int FCGX_OpenSocket(const char *, int)
    __attribute__((error("banned: FCGX_OpenSocket")));

#endif
