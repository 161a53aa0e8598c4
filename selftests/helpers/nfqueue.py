#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A netfilter queue whose packets go on when they are told to.

    nfqueue.py NUMBER...    serve these queues

Says "ready", then "holds N" for each packet that comes, N being how many wait
now. A line on standard input gives all that wait, and "pass" all that come
later, the verdict to go on; it says "released N".
"""

import select
import socket
import struct
import sys

NETLINK_NETFILTER, SUBSYS_QUEUE = 12, 3
PACKET, VERDICT, CONFIG = 0, 1, 2  # linux/netfilter/nfnetlink_queue.h
CFG_CMD, CFG_PARAMS, CMD_BIND, COPY_META = 1, 2, 1, 1
PACKET_HDR, VERDICT_HDR = 1, 2
NLM_F_REQUEST, NLM_F_ACK, NLMSG_ERROR, NF_ACCEPT = 1, 4, 2, 1


def message(kind, queue, attribute, payload, flags=0):
    padding = bytes(-len(payload) % 4)
    body = struct.pack("!BBH", 0, 0, queue)
    body += struct.pack("HH", 4 + len(payload), attribute) + payload + padding
    return struct.pack("IHHII", 16 + len(body), SUBSYS_QUEUE << 8 | kind,
                       NLM_F_REQUEST | flags, 1, 0) + body


def messages(data):
    while data:
        length, kind = struct.unpack_from("IH", data)
        yield kind, data[16:length]
        data = data[(length + 3) & ~3:]


def packet(body):
    """Queue and id of a packet that came."""
    queue, = struct.unpack_from("!H", body, 2)
    at = 4
    while at < len(body):
        length, kind = struct.unpack_from("HH", body, at)
        if kind == PACKET_HDR:
            return queue, struct.unpack_from("!I", body, at + 4)[0]
        at += (length + 3) & ~3
    raise ValueError("no packet header")


def bind(sock, queue):
    for attribute, payload in (CFG_CMD, struct.pack("!BBH", CMD_BIND, 0, 0)), \
                              (CFG_PARAMS, struct.pack("!IB", 0, COPY_META)):
        sock.send(message(CONFIG, queue, attribute, payload, NLM_F_ACK))
        kind, body = next(messages(sock.recv(65536)))
        error, = struct.unpack_from("i", body)
        if kind != NLMSG_ERROR or error:
            sys.exit(f"queue {queue}: error {error}")


def main():
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    for queue in sys.argv[1:]:
        bind(sock, int(queue))
    print("ready", flush=True)
    waiting, passing = [], False
    while True:
        readable, _, _ = select.select([sock, sys.stdin], [], [])
        if sock in readable:
            new = [packet(body) for kind, body in messages(sock.recv(1 << 20))
                   if kind == SUBSYS_QUEUE << 8 | PACKET]
            waiting += new
            if new and not passing:
                print("holds", len(waiting), flush=True)
        release = passing
        if sys.stdin in readable:
            line = sys.stdin.readline()
            if not line:
                return
            release, passing = True, line == "pass\n"
        if not release:
            continue
        for queue, number in waiting:
            sock.send(message(VERDICT, queue, VERDICT_HDR,
                              struct.pack("!II", NF_ACCEPT, number)))
        if sys.stdin in readable:
            print("released", len(waiting), flush=True)
        waiting.clear()


main()
