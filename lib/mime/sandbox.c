/* What the reader gives up before it looks at the mail. A hijacked reader can
 * then still write nonsense about its own mail, and nothing else: it can open
 * neither file nor socket, start no process, and signal none. */
#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/confine.h"
#include "mime/mime.h"

#define MEMORY_MAX    (768UL << 20) /* of addresses; a mail has at most 35 MiB */
#define PROCESSOR_MAX 10	    /* seconds */
#define OUTPUT_MAX    (96UL << 20)

/* The converter of a rare charset would be loaded from a file: that fails, as
 * if the charset did not exist. */
static bool
refuse_files(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES),
				SCMP_SYS(openat), 0) == 0;
}

/* abort() sends a signal to this process: a crash is then seen as one. */
static bool
allow_abort(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 2,
				SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()),
				SCMP_A2(SCMP_CMP_EQ, SIGABRT)) == 0;
}

bool
mime_sandbox(void)
{
	static const int allowed[] = {
	    SCMP_SYS(read),	      SCMP_SYS(write),
	    SCMP_SYS(pwrite64),	      SCMP_SYS(lseek),
	    SCMP_SYS(fstat),	      SCMP_SYS(newfstatat),
	    SCMP_SYS(mmap),	      SCMP_SYS(munmap),
	    SCMP_SYS(mremap),	      SCMP_SYS(mprotect),
	    SCMP_SYS(madvise),	      SCMP_SYS(brk),
	    SCMP_SYS(futex),	      SCMP_SYS(getrandom),
	    SCMP_SYS(close),	      SCMP_SYS(rt_sigaction),
	    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
	    SCMP_SYS(clock_gettime),  SCMP_SYS(gettimeofday),
	    SCMP_SYS(sched_yield),    SCMP_SYS(exit),
	    SCMP_SYS(exit_group),     SCMP_SYS(getpid),
	    SCMP_SYS(gettid),
#ifdef DOCKET_ASAN
	    SCMP_SYS(sigaltstack), /* at its end */
#endif
	};
	scmp_filter_ctx filter;
	bool ok;

	if (!confine_process(MEMORY_MAX, PROCESSOR_MAX, OUTPUT_MAX) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return false;
	filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (!filter)
		return false;
	ok = allow_abort(filter) && refuse_files(filter);
	for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++)
		ok = ok && seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i],
					    0) == 0;
	ok = ok && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return ok;
}
