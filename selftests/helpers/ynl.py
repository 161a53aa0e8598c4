#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The netlink family through the kernel tree's own ynl library and our spec.

    ynl.py LIBRARY dump OPERATION      the objects of a dump, JSON, a line each
    ynl.py LIBRARY session             operations on one socket, see below

LIBRARY is the tree's folder tools/net/ynl. session reads lines "OPERATION
JSON" and answers each with "OPERATION: JSON" or with "OPERATION: errno N:
TEXT", the text being the kernel's. Two more are: listen GROUP, once, and events,
whose answer is the notifications since the last time.
"""

import json
import os
import sys
import types

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
SPEC = os.path.join(TOP, "uapi/specs/crypto_map.yaml")
# the same, as `make helpers` wrote it
PARSED = os.path.join(TOP, "build/crypto_map.json")


def library(folder):
    # to load the parser and to parse takes seconds in the VM
    yaml = types.ModuleType("yaml")
    yaml.safe_load = lambda text: json.load(open(PARSED, encoding="utf-8"))
    sys.modules["yaml"] = yaml
    for path in (folder, os.path.join(folder, "pyynl")):
        sys.path.append(path)
    from lib import NlError, YnlFamily
    return YnlFamily, NlError


def text(reply):
    return json.dumps(reply, default=lambda value: value.hex()
                      if isinstance(value, bytes) else sorted(value))


class Session:
    def __init__(self, family):
        self.family = family
        self.ynl = family(SPEC, "")
        # a socket of its own: the library expects answers only on the other
        self.listener = None

    def listen(self, group):
        self.listener = self.family(SPEC, "")
        self.listener.ntf_subscribe(group)

    def events(self):
        self.listener.check_ntf()
        found = [event["msg"] for event in self.listener.async_msg_queue]
        self.listener.async_msg_queue.clear()
        return found

    def answer(self, operation, arguments):
        match operation:
            case "listen":
                return self.listen(arguments)
            case "events":
                return self.events()
        return self.ynl.do(operation, arguments)


def run(session, error):
    for line in sys.stdin:
        operation, _, arguments = line.strip().partition(" ")
        try:
            print(f"{operation}: {text(session.answer(operation, json.loads(arguments or '{}')))}",
                  flush=True)
        except error as refused:
            said = refused.nl_msg.extack or {}
            print(f"{operation}: errno {refused.error}: {said.get('msg', '')}", flush=True)


def main():
    folder, command, *words = sys.argv[1:]
    family, error = library(folder)
    match command, words:
        case "dump", [operation]:
            for reply in family(SPEC, "").dump(operation, {}):
                print(text(reply))
        case "session", []:
            run(Session(family), error)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
