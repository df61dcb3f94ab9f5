/* The route table, made from routes.def. */

#include "dispatch.h"
#include "handlers.h"

/* clang-format off */
#define INPUTS(x)    in_##x
#define INPUTS_OF(x) in_##x
#define NO_INPUTS    NULL
#define NO_BODY      NULL
#define ALIAS        ROUTE
#define ROUTE(method_, path_, access_, name_, inputs_, tag_, status_, answer_, \
	      errors_, summary_, description_)                                 \
	{                                                                      \
		.method = METHOD_##method_,                                    \
		.pattern = (path_),                                            \
		.access = (access_),                                           \
		.stem = #name_,                                                \
		.handler = do_##name_,                                         \
		.fields = (inputs_),                                           \
		.tag = (tag_),                                                 \
		.status = (status_),                                           \
		.answer = (answer_),                                           \
		.may = (errors_),                                              \
		.summary = (summary_),                                         \
		.description = (description_),                                 \
	},

const struct route routes[] = {
#include "routes.def"
	{0}
};
/* clang-format on */
