#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether standard input is the text format of Prometheus, strictly, with names by its
conventions: says what is wrong and fails if not.

  prometheus.py [NAME{LABELS}...]    also whether these samples are in it
"""
import re
import sys

NAME = r"[a-z][a-z0-9_]*"
LABEL = r'[a-z_][a-z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (\d+)")
HELP = re.compile(rf"# HELP ({NAME}) (\S.*\.)")
TYPE = re.compile(rf"# TYPE ({NAME}) (counter|gauge)")


def problems(text):
    family = kind = None
    families, samples = set(), set()
    lines = text.split("\n")
    if lines.pop():
        yield "the last line has no end"
    for number, line in enumerate(lines, 1):
        where = f"line {number}: "
        match = HELP.fullmatch(line)
        if match:
            if family and kind is None:
                yield where + "HELP of a metric without TYPE before it"
            family, kind = match[1], None
            if family in families:
                yield where + f"{family} a second time"
            families.add(family)
            continue
        match = TYPE.fullmatch(line)
        if match:
            if match[1] != family or kind:
                yield where + "TYPE does not follow HELP"
            kind = match[2]
            if (kind == "counter") != match[1].endswith("_total"):
                yield where + "counters and nothing else end with _total"
            continue
        match = SAMPLE.fullmatch(line)
        if not match:
            yield where + f"neither HELP, TYPE nor a sample: {line}"
            continue
        if match[1] != family or kind is None:
            yield where + "a sample outside of its metric"
        if not match[1].startswith("cryptomap_"):
            yield where + "another name"
        names = re.findall(r'([a-z_][a-z0-9_]*)="', match[2] or "")
        if len(names) != len(set(names)):
            yield where + "a label twice"
        if line.rsplit(" ", 1)[0] in samples:
            yield where + "a sample twice"
        samples.add(line.rsplit(" ", 1)[0])
    for wanted in sys.argv[1:]:
        if wanted not in samples:
            yield f"no sample {wanted}"


found = list(problems(sys.stdin.read()))
for problem in found:
    print(problem)
sys.exit(bool(found))
