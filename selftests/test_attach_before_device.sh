#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A map bound to a device that does not exist yet takes effect when it appears,
# and again when it has gone and come back.
#
#   gw_a (ours) --- gw_b (XFRM), the link made late
. "$(dirname "$0")/lib.sh"
make_ns gw_a gw_b
key=$(random_key 20)
check "bound before the device exists" load "$gw_a" < <(
	ios_manual 192.0.2.2 any any 4097 4098 'esp-gcm 128' "cipher $key" |
		sed 's/permit ip/permit icmp/')
for i in first second; do
	link "$gw_a" wan 192.0.2.1/24 "$gw_b" wan 192.0.2.2/24
	xfrm_peer "$gw_b" 192.0.2.2 192.0.2.1 0.0.0.0/0 0.0.0.0/0 tunnel 4098 4097 \
		"aead rfc4106(gcm(aes)) 0x$key 128"
	watch_wire "$gw_b" wan
	check "$i device: pings go through" pings "$gw_a" 192.0.2.2
	wire_stop
	is "$i device: in ESP" "$(wire_count esp)" 6
	ip -n "$gw_a" link del wan
done
finish
