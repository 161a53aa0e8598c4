#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The shell of cryptomap on a terminal, as a script for routers uses one.

    terminal.py COMMAND... <<LINES

starts the command on a pseudo terminal, does what such scripts do first (find the
prompt, terminal width 511, terminal length 0), and types the lines one by one, each
after the prompt of the one before. Prints what came back, without the escape
sequences of the line editor and with the echo of each line. A line that begins with
"<" is typed without the end of line and without waiting for a prompt: "<\\t" is a tab,
"<?" a question mark, "<\\z" control-Z.
"""
import os
import pty
import re
import select
import sys
import time

PROMPT = re.compile(r"(?:^|\n)\S+# ?$")
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r|\x07|\x00")


def read_until(fd, pattern, seconds):
    """Text up to a match of the pattern at its end."""
    text = ""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        ready, _, _ = select.select([fd], [], [], 0.2)
        if ready:
            try:
                piece = os.read(fd, 65536)
            except OSError:
                return text
            if not piece:
                return text
            text += piece.decode(errors="replace")
        elif pattern is None or pattern.search(ESCAPE.sub("", text)):
            return text
    sys.exit(f"no prompt within {seconds} s after: {text!r}")


def main():
    pid, fd = pty.fork()
    if not pid:
        os.environ["TERM"] = "vt100"
        os.execvp(sys.argv[1], sys.argv[1:])
    seen = read_until(fd, PROMPT, 20)
    for line in ["terminal width 511", "terminal length 0"] + sys.stdin.read().splitlines():
        if line.startswith("<"):
            os.write(fd, line[1:].replace("\\t", "\t").replace("\\z", "\x1a").encode())
            seen += read_until(fd, None, 20)
        else:
            os.write(fd, line.encode() + b"\n")
            seen += read_until(fd, PROMPT, 60)
    os.write(fd, b"exit\n")
    try:
        while True:
            piece = os.read(fd, 65536)
            if not piece:
                break
            seen += piece.decode(errors="replace")
    except OSError:
        pass
    print(ESCAPE.sub("", seen))
    _, status = os.waitpid(pid, 0)
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
