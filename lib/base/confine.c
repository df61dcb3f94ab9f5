#include "base/confine.h"

#include <sys/resource.h>

/* The signal of a limit comes at `most`; at `end` the kernel kills. */
static bool
lower_limit(int which, size_t most, size_t end)
{
	const struct rlimit limit = {most, end};

	return setrlimit((__rlimit_resource_t)which, &limit) == 0;
}

bool
confine_process(size_t memory, size_t processor_s, size_t output)
{
#ifdef DOCKET_ASAN
	/* AddressSanitizer reserves terabytes of addresses. */
	(void)memory;
#else
	if (!lower_limit(RLIMIT_AS, memory, memory))
		return false;
#endif
	/* No descriptor can be opened any more; the open ones stay. */
	return lower_limit(RLIMIT_NOFILE, 0, 0) &&
	       lower_limit(RLIMIT_CPU, processor_s, processor_s + 1) &&
	       lower_limit(RLIMIT_FSIZE, output, output) &&
	       lower_limit(RLIMIT_CORE, 0, 0);
}
