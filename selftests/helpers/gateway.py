# SPDX-License-Identifier: GPL-2.0-or-later
"""What scripts that drive a gateway share: its netlink family, files, namespaces."""

import contextlib
import ctypes

import ynl

CLONE_NEWNET = 0x40000000  # linux/sched.h

libc = ctypes.CDLL(None, use_errno=True)


@contextlib.contextmanager
def namespace(name=None):
    """Sockets and files of /proc/sys/net are those of a namespace, or the first one."""
    with open("/proc/self/ns/net", encoding="ascii") as here, \
         open(f"/run/netns/{name}" if name else "/proc/1/ns/net",
              encoding="ascii") as there:
        libc.setns(there.fileno(), CLONE_NEWNET)
        try:
            yield
        finally:
            libc.setns(here.fileno(), CLONE_NEWNET)


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def read(path):
    with open(path, encoding="ascii") as file:
        return file.read()


def say(*words):
    """A line for relay_points of lib.sh."""
    print(*words, flush=True)


class Family:
    """Our netlink family in the namespace where this is made."""

    def __init__(self, library):
        make, _ = ynl.library(library)
        self.family = make(ynl.SPEC, "")

    def do(self, operation, **attributes):
        return self.family.do(operation, {name.replace("_", "-"): value
                                          for name, value in attributes.items()})

    def dump(self, operation):
        return self.family.dump(operation, {})

    def drops(self):
        """Of the namespace, by reason."""
        return {drop["reason"]: drop["packets"] for drop in self.do("stats-get")["drop"]}
