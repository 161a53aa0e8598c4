#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Receive on UDP port 4500, and print what comes, a line of hexadecimal each.

    udp_sink.py [encap]

With encap it is a socket as an IKE daemon has it: exempt from policies, ESP in
UDP goes to IPsec, NAT keepalives nowhere, only IKE comes here.
"""

import socket
import struct
import sys

NETLINK_XFRM = 6
IP_XFRM_POLICY = 17
UDP_ENCAP = 100
UDP_ENCAP_ESPINUDP = 2

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 4500))
if sys.argv[1:] == ["encap"]:
    sock.setsockopt(socket.IPPROTO_UDP, UDP_ENCAP, UDP_ENCAP_ESPINUDP)
    # the outer packets of transport mode are between the hosts of its policy
    xfrm = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_XFRM)
    policy = bytearray(168)  # struct xfrm_userpolicy_info: in, allow
    struct.pack_into("=H", policy, 40, socket.AF_INET)
    sock.setsockopt(socket.IPPROTO_IP, IP_XFRM_POLICY, bytes(policy))
print("ready", flush=True)
while True:
    print(sock.recv(65536).hex(), flush=True)
