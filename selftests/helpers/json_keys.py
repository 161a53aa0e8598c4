#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What commands print as JSON is what docs/json.md says.

    json_keys.py DOCS COMMAND FILE [COMMAND FILE]... <ABSENT

A file holds what `cryptomap COMMAND --json` printed; a command may have several, and
monitor prints many values. Each key has to be in the section of the document whose title
names the command, and numbers are no texts. Each word of the section has to be a key that
is there, but for those of ABSENT, lines of

    COMMAND[, COMMAND]...: WORD...

which are values, or are keys of what the test has not got. Prints what is wrong, or
nothing; exits with 1 then. Words of ABSENT that are not in the document are wrong, too.
"""

import json
import re
import sys

import ynl


def reasons():
    """Of drops, which are the keys of show drops."""
    with open(ynl.PARSED, encoding="utf-8") as f:
        spec = json.load(f)
    enum = next(it for it in spec["definitions"] if it["name"] == "drop-reason")
    return {entry["name"] for entry in enum["entries"]}


def sections(text):
    """Words in backquotes, by command of the titles; and those of sections referred to."""
    found, others = {}, {}
    for part in re.split(r"^## ", text, flags=re.M)[1:]:
        title, _, body = part.partition("\n")
        for command in re.sub(r" \[[^]]*\]", "", title).split(", "):
            found[command] = set(re.findall(r"`([a-z0-9-]+)`", body))
            others[command] = re.findall(r"`(show [a-z -]+)`", body)
    found["show drops"] = reasons()
    return found, {command: set().union(*(found.get(other, ()) for other in others[command]))
                   for command in found}


def absent(text):
    """The words of ABSENT by command."""
    found = {}
    for line in text.splitlines():
        commands, _, words = line.partition(": ")
        for command in commands.split(", "):
            found.setdefault(command, set()).update(words.split())
    return found


def values(text):
    """The JSON values of a file, one behind the other."""
    decoder, at = json.JSONDecoder(), 0
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        value, at = decoder.raw_decode(text, at)
        yield value


def members(value, own=True):
    """Every (key, value, own) in it, however deep; a whole flow is of show crypto ipsec sa."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield key, item, own
            yield from members(item, own and not (key == "flow" and isinstance(item, dict)))
    if isinstance(value, list):
        for item in value:
            yield from members(item, own)


def main(docs, *rest):
    with open(docs, encoding="utf-8") as f:
        own, others = sections(f.read())
    left_out = absent(sys.stdin.read())
    printed, wrong = {}, set()
    for command, file in zip(rest[::2], rest[1::2]):
        keys, strangers = printed.setdefault(command, (set(), set()))
        with open(file, encoding="utf-8") as f:
            pairs = [pair for value in values(f.read()) for pair in members(value)]
        if not pairs:
            wrong.add(f"{command}: nothing is in it")
        for key, value, its_own in pairs:
            (keys if its_own else strangers).add(key)
            if isinstance(value, str) and value.isdigit():
                wrong.add(f"{command}: {key} is a number, printed as a text")
    for command, (keys, strangers) in printed.items():
        words = own.get(command, set())
        for what, found in (
                ("not in the document", (keys | strangers) - words - others.get(command, set())),
                ("in the document, not printed", words - keys - left_out.get(command, set())),
                ("absent, not in the document", left_out.get(command, set()) - words)):
            if found:
                wrong.add(f"{command}: {what}: {' '.join(sorted(found))}")
    print("\n".join(sorted(wrong)), end="")
    return bool(wrong)


if len(sys.argv) < 4 or len(sys.argv) % 2:
    sys.exit(__doc__)
sys.exit(main(*sys.argv[1:]))
