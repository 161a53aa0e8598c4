#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Bring up many tunnels by traffic: ping until each has answered.

    bring_up.py WINDOW PATIENCE < PAIRS

PAIRS are lines "SOURCE DESTINATION" of IPv4 addresses of this host and of others.
WINDOW of them are being asked at any time, each ten times a second. Prints how
many seconds that took and how many answered within PATIENCE seconds.
"""

import select
import socket
import struct
import sys
import time

AGAIN = 0.1  # seconds until one is asked again
ECHO_REPLY, ECHO_REQUEST = 0, 8
ID = 4712
IP_PKTINFO = 8  # socket has no name for it


def echo_request():
    words = (ECHO_REQUEST << 8, 0, ID, 1)
    total = sum(words)
    return struct.pack("!4H", words[0], ~(total + (total >> 16)) & 0xffff, ID, 1)


def ask(sock, pair):
    source, destination = pair
    info = struct.pack("@i4s4s", 0, socket.inet_aton(source), bytes(4))
    try:
        sock.sendmsg([REQUEST], [(socket.IPPROTO_IP, IP_PKTINFO, info)], 0,
                     (destination, 0))
    except OSError:
        pass  # XFRM says so while it has no SA


def answers(sock, seconds):
    """The pairs that were answered in that time, or at once when any was."""
    while select.select([sock], [], [], seconds)[0]:
        packet = sock.recv(65536)
        kind, _, _, ident = struct.unpack_from("!BBHH", packet, (packet[0] & 15) * 4)
        if kind == ECHO_REPLY and ident == ID:
            yield socket.inet_ntoa(packet[16:20]), socket.inet_ntoa(packet[12:16])
        seconds = 0


REQUEST = echo_request()
window, patience = int(sys.argv[1]), float(sys.argv[2])
sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
waiting = [tuple(line.split()) for line in sys.stdin][::-1]
asked = {}  # pair to when it is to be asked again
count = 0
start = last = time.monotonic()
while waiting or asked:
    now = time.monotonic()
    if now - start > patience:
        break
    while waiting and len(asked) < window:
        asked[waiting.pop()] = now
    for pair, due in asked.items():
        if due <= now:
            ask(sock, pair)
            asked[pair] = now + AGAIN
    for pair in answers(sock, max(0, min(asked.values()) - time.monotonic())):
        if asked.pop(pair, None) is not None:
            count += 1
            last = time.monotonic()
print(f"{last - start:.3f} {count}")
