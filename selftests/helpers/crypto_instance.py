#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""An instance of a crypto template, by the kernel's crypto_user interface.

    crypto_instance.py TYPE DRIVER           make aead pcrypt(rfc4106-gcm-aesni), say
    crypto_instance.py remove TYPE DRIVER    remove it, if nothing uses it

It has the name of what it wraps and a higher priority, so that new transforms
are made of it. A kernel without that interface makes one for AF_ALG, too; it stays.
"""

import os
import socket
import struct
import sys

NETLINK_CRYPTO = 21  # linux/netlink.h
CRYPTO_MSG_NEWALG, CRYPTO_MSG_DELALG = 0x10, 0x11  # linux/cryptouser.h
CRYPTOCFGA_PRIORITY_VAL = 1
NLM_F_REQUEST, NLM_F_ACK, NLMSG_ERROR = 1, 4, 2
TYPES = {"aead": (3, 0xf), "hash": (0xe, 0xe)}  # type and mask
PRIORITY = 5000


def request(operation, kind, name):
    alg = struct.pack("64s64s64sIIII", b"", name.encode(), b"", *TYPES[kind], 0, 0)
    attribute = struct.pack("HHI", 8, CRYPTOCFGA_PRIORITY_VAL, PRIORITY)
    body = alg + (attribute if operation == CRYPTO_MSG_NEWALG else b"")
    return struct.pack("IHHII", 16 + len(body), operation,
                       NLM_F_REQUEST | NLM_F_ACK, 1, 0) + body


def main():
    match sys.argv[1:]:
        case [kind, name]:
            operation = CRYPTO_MSG_NEWALG
        case ["remove", kind, name]:
            operation = CRYPTO_MSG_DELALG
        case _:
            sys.exit(__doc__)
    try:
        sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_CRYPTO)
    except OSError:
        if operation == CRYPTO_MSG_NEWALG:
            socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET).bind((kind, name))
        return
    sock.send(request(operation, kind, name))
    reply = sock.recv(4096)
    kind, = struct.unpack_from("H", reply, 4)
    error, = struct.unpack_from("i", reply, 16)
    if kind != NLMSG_ERROR or error:
        sys.exit(f"{name}: {os.strerror(-error)}")


main()
