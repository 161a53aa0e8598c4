#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What commands print as JSON is what docs/json.md says.

    json_keys.py DOCS COMMAND FILE [COMMAND FILE]...

A file holds what `cryptomap COMMAND --json` printed. Each key has to be in the section
of the document whose title names the command, and numbers are no texts. Prints what is
wrong, or nothing; exits with 1 then.
"""

import json
import re
import sys


def sections(text):
    """Words in backquotes, by command of the titles; with those of sections referred to."""
    found, others = {}, {}
    for part in re.split(r"^## ", text, flags=re.M)[1:]:
        title, _, body = part.partition("\n")
        for command in re.sub(r" \[[^]]*\]", "", title).split(", "):
            found[command] = set(re.findall(r"`([a-z0-9-]+)`", body))
            others[command] = re.findall(r"`(show [a-z -]+)`", body)
    return {command: words.union(*(found.get(other, ()) for other in others[command]))
            for command, words in found.items()}


def members(value):
    """Every (key, value) in it, however deep."""
    if isinstance(value, dict):
        yield from value.items()
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from members(item)


def check(command, known, text):
    pairs = list(members(json.loads(text)))
    if not pairs:
        yield f"{command}: nothing is in it"
    for key, value in pairs:
        if key not in known:
            yield f"{command}: {key} is not in the document"
        if isinstance(value, str) and value.isdigit():
            yield f"{command}: {key} is a number, printed as a text"


def main(docs, *rest):
    with open(docs, encoding="utf-8") as f:
        known = sections(f.read())
    wrong = set()
    for command, file in zip(rest[::2], rest[1::2]):
        with open(file, encoding="utf-8") as f:
            wrong |= set(check(command, known.get(command, set()), f.read()))
    print("\n".join(sorted(wrong)), end="")
    return bool(wrong)


if len(sys.argv) < 4 or len(sys.argv) % 2:
    sys.exit(__doc__)
sys.exit(main(*sys.argv[1:]))
