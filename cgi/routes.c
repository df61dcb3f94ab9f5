/* The route table, made from routes.def. */

#include "dispatch.h"
#include "handlers.h"

#define INPUTS(x)    in_##x
#define INPUTS_OF(x) in_##x
#define NO_INPUTS    NULL
#define NO_BODY	     NULL
#define ALIAS	     ROUTE
#define ROUTE(m, path_, access_, name_, inputs, tag_, status_, answer_, \
	      errors, summary_)                                         \
	{.method = METHOD_##m,                                          \
	 .pattern = (path_),                                            \
	 .access = (access_),                                           \
	 .stem = #name_,                                                \
	 .handler = do_##name_,                                         \
	 .fields = (inputs),                                            \
	 .tag = (tag_),                                                 \
	 .status = (status_),                                           \
	 .answer = (answer_),                                           \
	 .may = (errors),                                               \
	 .summary = (summary_)},

const struct route routes[] = {
#include "routes.def"
    {0}};
