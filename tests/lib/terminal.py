#!/usr/bin/python3
"""Runs a command at a terminal, as a person does who answers its questions.

usage: terminal.py COMMAND ANSWER...

COMMAND is for the shell. Each answer is typed once the command has asked: when
what it shows ends in a colon and a space. What the terminal shows is printed.
The status is the command's; one that does nothing for a minute is killed.
"""

import os
import pty
import select
import signal
import sys

PATIENCE_S = 60


def read_some(terminal, pid):
    if not select.select([terminal], [], [], PATIENCE_S)[0]:
        os.kill(pid, signal.SIGKILL)
        return b""
    try:
        return os.read(terminal, 4096)
    except OSError:  # the command has ended
        return b""


def main(command, *answers):
    left = list(answers)
    asked = b""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execlp("sh", "sh", "-c", command)
    while part := read_some(terminal, pid):
        sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
        asked += part
        if left and asked.endswith(b": "):
            os.write(terminal, left.pop(0).encode() + b"\n")
            asked = b""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
