#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Seeds of the fuzzing, of what is in the tree: docs/examples and the texts of the
tests, the table of commands, the netlink specification.

  seeds.py FOLDER    a folder there for each target: ios, shell, filter, kernel, ctl
"""
import ast
import glob
import json
import os
import re
import struct
import sys

import yaml

top = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SIZES = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "s32": 4, "flag": 0, "pad": 0}
LITERALS = re.compile(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*')
HERE_TEXTS = re.compile(r"<<-?\\?'?EOT'?[^\n]*\n(.*?)\n\s*EOT\n", re.DOTALL)


def read(path):
    with open(os.path.join(top, path), encoding="utf-8") as file:
        return file.read()


def paths(pattern):
    return sorted(glob.glob(os.path.join(top, pattern)))


def literal_texts(path):
    """Texts of more than a line in a C source."""
    for match in LITERALS.finditer(read(path)):
        parts = re.findall(r'"(?:[^"\\\n]|\\.)*"', match.group())
        try:
            text = b"".join(ast.literal_eval("b" + part) for part in parts)
        except (SyntaxError, ValueError):
            continue
        if b"\n" in text:
            yield text


def configurations():
    for path in paths("docs/examples/*.cfg") + paths("packaging/cryptomap.conf"):
        yield read(path).encode()
    for path in paths("selftests/unit/test_ios_*.c"):
        yield from literal_texts(path)
    for path in paths("selftests/*.sh"):
        for match in HERE_TEXTS.finditer(read(path)):
            yield re.sub(r"(?m)^\t+", "", match.group(1)).encode()


def commands():
    words = re.findall(r'COMMAND\("([^"]+)"', read("tools/commands.inc"))
    for row in words:
        yield row.encode()
        yield " ".join(word[:3] for word in row.split()).encode() + b" | i x"
    yield from configurations()


def filters():
    output = read("docs/examples/gw-a.cfg").encode()
    kinds = re.findall(r'\[FILTER_\w+\] = "(\w+)"', read("tools/filter.c"))
    for kind in kinds:
        for pattern in "crypto", "^ set|^interface [a-z]+", "", "(a", "[0-9]*\\.1":
            yield f"{kind} {pattern}\n".encode() + output


def attribute(sets, spec, number, depth):
    kind = spec["type"]
    if kind == "nest":
        if depth > 4:
            return b""
        value = attributes(sets, spec["nested-attributes"], depth + 1)
        number |= 0x8000
    elif kind == "string":
        value = b"a1\0"
    elif kind == "binary":
        value = bytes(16)
    else:
        value = (1).to_bytes(SIZES[kind], "little") if SIZES[kind] else b""
    return struct.pack("=HH", len(value) + 4, number) + value + bytes(-len(value) % 4)


def attributes(sets, name, depth):
    whole = sets[sets[name].get("subset-of", name)]["attributes"]
    names = [spec["name"] for spec in sets[name]["attributes"]]
    return b"".join(attribute(sets, spec, number, depth)
                    for number, spec in enumerate(whole, 1) if spec["name"] in names)


def messages():
    """A message of each operation with all attributes of its set, and all together."""
    spec = yaml.safe_load(read("uapi/specs/crypto_map.yaml"))
    sets = {entry["name"]: entry for entry in spec["attribute-sets"]}
    every = b""
    for cmd, op in enumerate(spec["operations"]["list"], 1):
        if "attribute-set" not in op:
            continue
        body = struct.pack("=BBH", cmd, 1, 0) + attributes(sets, op["attribute-set"], 0)
        message = struct.pack("=IHHII", len(body) + 16, 0x20, 0, 0, 0) + body
        yield message
        if op["name"].endswith("-get"):
            every += message
    yield every


def requests():
    every = b""
    for cmd in re.findall(r'\{ "([a-z-]+)", \w+ \}', read("plugin/kernel_cryptomap_ctl.c")):
        for more in {}, {"text": read("docs/examples/gw-a.cfg"), "conn-id": 1001}:
            seed = json.dumps({"cmd": cmd, **more}).encode() + b"\n"
            every += seed
            yield seed
    yield every


def main():
    for name, seeds in ("ios", configurations), ("shell", commands), ("filter", filters), \
            ("kernel", messages), ("ctl", requests):
        folder = os.path.join(sys.argv[1], name)
        os.makedirs(folder, exist_ok=True)
        for number, seed in enumerate(seeds()):
            with open(os.path.join(folder, f"{number:04}"), "wb") as file:
                file.write(seed)


main()
