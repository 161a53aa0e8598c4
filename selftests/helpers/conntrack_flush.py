#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Let this network namespace forget all connections, and NAT its mappings."""

import socket
import struct

NETLINK_NETFILTER = 12
CT_DELETE = 1 << 8 | 2  # NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_DELETE
REQUEST_ACK = 1 | 4

sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
sock.send(struct.pack("=IHHIIBBH", 20, CT_DELETE, REQUEST_ACK, 1, 0, socket.AF_UNSPEC, 0, 0))
error = struct.unpack_from("=i", sock.recv(4096), 16)[0]
if error:
    raise OSError(-error, "flushing conntrack")
