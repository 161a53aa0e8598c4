#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Datagrams with numbers, by UDP port 9: what became of them on the way.

    numbered.py receive FIRST COUNT         until the last one of COUNT came, or nothing for
                                            5 seconds: how many were lost, how many came twice,
                                            and how many of FIRST came behind later ones of them
    numbered.py send ADDRESS FIRST COUNT    FIRST of COUNT at once; the others, one each half
                                            millisecond, after a line on standard input
"""

import socket
import sys
import time
from itertools import accumulate

PORT = 9
PAUSE = 0.0005  # seconds
PATIENCE = 5.0


def receive(first, count):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    sock.bind(("", PORT))
    print("ready", flush=True)
    found = []
    try:
        while not found or found[-1] != count - 1:
            found.append(int(sock.recv(64)))
            sock.settimeout(PATIENCE)
        sock.settimeout(0.5)  # what was overtaken
        while True:
            found.append(int(sock.recv(64)))
    except socket.timeout:
        pass
    came = len(set(found))
    waited = [number for number in found if number < first]
    late = sum(number < latest for number, latest in zip(waited, accumulate(waited, max)))
    print(f"lost {count - came}, twice {len(found) - came}, late {late}")


def send(address, first, count):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.connect((address, PORT))
    for number in range(count):
        if number == first:
            sys.stdin.readline()
        if number > first:
            time.sleep(PAUSE)
        sock.send(str(number).encode())


match sys.argv[1:]:
    case "receive", first, count:
        receive(int(first), int(count))
    case "send", address, first, count:
        send(address, int(first), int(count))
    case _:
        sys.exit(__doc__)
