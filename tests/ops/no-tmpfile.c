/* Runs a command as on a file system without O_TMPFILE (NFS): in it, and in all
 * that it starts, opening a file without a name fails with EOPNOTSUPP. */

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The bit that O_TMPFILE has, and O_DIRECTORY has not. */
#define NO_NAME (O_TMPFILE & ~O_DIRECTORY)

#define MEMBER(m) (unsigned)offsetof(struct seccomp_data, m)

int
main(int argc, char **argv)
{
	struct sock_filter rules[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, MEMBER(nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, MEMBER(args[2])),
	    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, NO_NAME, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EOPNOTSUPP),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	const struct sock_fprog program = {sizeof(rules) / sizeof(*rules),
					   rules};

	if (argc < 2 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
		perror("no-tmpfile");
		return 1;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 1;
}
