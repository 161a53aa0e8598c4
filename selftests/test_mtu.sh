#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Packets larger than what fits: without DF they come through in fragments;
# with DF the sender is told the MTU that show crypto ipsec sa prints, which
# fits exactly, while one byte more does not.
#
#   host_a --- gw_a (ours) --- net --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
key=$(random_key 32)
auth=$(random_key 32)
load "$gw_a" < <(ios_manual 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255' 4097 4098 \
	'esp-aes 256 esp-sha256-hmac' "cipher $key authenticator $auth")
xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 \
	"enc cbc(aes) 0x$key auth-trunc hmac(sha256) 0x$auth 128"

flush() { on "$1" ip route flush cache; }
mtu=$(on "$gw_a" cryptomap show crypto ipsec sa | sed -n 's/.*plaintext mtu \([0-9]*\),.*/\1/p')
is "plaintext mtu of AES-256 and SHA-256 on 1500" "$mtu" 1438
watch_wire "$net" to_b
for size in 1411 1472 2000 8000; do
	check "$size bytes without DF" pings "$host_a" 10.2.0.2 -M dont -s "$size"
done
for size in 1472 2000; do
	check "$size bytes without DF from the gateway itself" \
		pings "$gw_a" 10.2.0.2 -I 10.1.0.1 -M dont -s "$size"
done
check "with DF: $mtu fit" pings "$host_a" 10.2.0.2 -M do -s $((mtu - 28))
out=$(on "$host_a" ping -n -c 2 -i 0.2 -W 2 -M do -s $((mtu - 27)) 10.2.0.2 2>&1)
like "with DF: one more does not, and the host is told" "$out" "mtu ?= ?$mtu"
out=$(on "$gw_a" ping -n -c 2 -i 0.2 -W 2 -M do -s $((mtu - 27)) -I 10.1.0.1 10.2.0.2 2>&1)
like "the gateway itself is told likewise" "$out" "mtu ?= ?$mtu"

# so small that fragments have no room inside: the outer packet is fragmented
ip -n "$gw_a" route replace default via 192.0.2.254 mtu lock 88
check "200 bytes without DF through what is left of a tiny MTU" \
	pings "$host_a" 10.2.0.2 -M dont -s 200
only_esp "nothing but ESP on the wire"
finish
