#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#define COMMANDS_MAX 4

static pid_t
start_child(const char *const *command, int from, int to)
{
	posix_spawn_file_actions_t files;
	pid_t pid;

	posix_spawn_file_actions_init(&files);
	if (from >= 0)
		posix_spawn_file_actions_adddup2(&files, from, STDIN_FILENO);
	if (to >= 0)
		posix_spawn_file_actions_adddup2(&files, to, STDOUT_FILENO);
	/* it does not change them */
	if (posix_spawnp(&pid, command[0], &files, NULL,
			 (char *const *)(uintptr_t)command, environ) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&files);
	return pid;
}

static bool
has_succeeded(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool
run_pipeline(const char *const *const *commands, int from, int to,
	     const char **failed)
{
	pid_t pids[COMMANDS_MAX];
	int n = 0, input = from, ends[2];
	bool ok = true;

	for (; n < COMMANDS_MAX && commands[n]; n++) {
		const bool last = !commands[n + 1];

		if (last)
			ends[1] = to;
		else if (pipe2(ends, O_CLOEXEC) != 0)
			break;
		pids[n] = start_child(commands[n], input, ends[1]);
		if (n > 0)
			close(input);
		if (last)
			continue;
		close(ends[1]);
		input = ends[0];
	}
	for (int i = 0; i < n; i++)
		if (pids[i] < 0 || !has_succeeded(pids[i])) {
			ok = false;
			*failed = commands[i][0];
		}
	return ok && n < COMMANDS_MAX && !commands[n];
}
