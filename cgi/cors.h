#ifndef CORS_H
#define CORS_H

#include "web/http.h"

/* Lets a page of a configured origin read the answer. */
void cors_allow_origin(struct req *r);

/* Answers OPTIONS, a browser's preflight included. */
void cors_answer_options(struct req *r, unsigned methods);

#endif
