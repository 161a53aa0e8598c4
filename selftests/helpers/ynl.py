#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The netlink family through the kernel tree's own ynl library and our spec.

    ynl.py LIBRARY dump OPERATION      the objects of a dump, JSON, a line each
    ynl.py LIBRARY session             operations on one socket, see below

LIBRARY is the tree's folder tools/net/ynl. session reads lines "OPERATION
JSON" and answers each with "OPERATION: JSON" or with "OPERATION: errno N:
TEXT", the text being the kernel's.
"""

import json
import os
import sys

import yaml

SPEC = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    "../../uapi/specs/crypto_map.yaml")


def family(library):
    # the same language, parsed in C: seconds instead of a minute in the VM
    yaml.safe_load = lambda text: yaml.load(text, yaml.CSafeLoader)
    for folder in (library, os.path.join(library, "pyynl")):
        sys.path.append(folder)
    from lib import NlError, YnlFamily
    return YnlFamily(SPEC, ""), NlError


def text(reply):
    return json.dumps(reply, default=lambda value: value.hex()
                      if isinstance(value, bytes) else sorted(value))


def session(ynl, error):
    for line in sys.stdin:
        operation, _, arguments = line.strip().partition(" ")
        try:
            print(f"{operation}: {text(ynl.do(operation, json.loads(arguments or '{}')))}",
                  flush=True)
        except error as refused:
            said = refused.nl_msg.extack or {}
            print(f"{operation}: errno {refused.error}: {said.get('msg', '')}", flush=True)


def main():
    library, command, *words = sys.argv[1:]
    ynl, error = family(library)
    match command, words:
        case "dump", [operation]:
            for reply in ynl.dump(operation, {}):
                print(text(reply))
        case "session", []:
            session(ynl, error)
        case _:
            sys.exit(__doc__)


main()
