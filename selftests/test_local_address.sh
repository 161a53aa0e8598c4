#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the local end point is: the primary address of the interface, although others
# send and receive what is protected, or with local-address that of another device.
# Interfaces that share an end point cannot share SAs of manual keys, which is said.
#
#   host_a --- gw_a (ours) --- net --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
key=$(random_key 20)
sites() { # the map for the two sites on the wan interface, and what stdin adds to it
	ios_manual 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255' 4097 4098 \
		'esp-gcm 128' "cipher $key"
	cat
}
algorithm="aead rfc4106(gcm(aes)) 0x$key 128"
ip -n "$gw_a" address add 192.0.2.10/24 dev wan
ip -n "$gw_a" address add 192.0.2.129/25 dev wan

check "a map for another address of the interface" load "$gw_a" < <(ios_manual 198.51.100.2 \
	'host 192.0.2.10' '10.2.0.0 0.0.0.255' 4097 4098 'esp-gcm 128' "cipher $key")
xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 192.0.2.10/32 tunnel 4098 4097 "$algorithm"
watch_wire "$net" to_b
check "pings from it" pings "$gw_a" 10.2.0.2 -I 192.0.2.10
check "pings to it" pings "$host_b" 192.0.2.10
only_esp "nothing but ESP on the wire"
is "of the primary address" "$(wire_count esp and src 192.0.2.1)" 6

check "the primary address goes" ip -n "$gw_a" address del 192.0.2.1/24 dev wan
shown() { on "$gw_a" cryptomap show crypto ipsec sa | grep -q "local crypto endpt.: $1,"; }
check "another one takes its place" wait_for 20 shown 192.0.2.129
ip -n "$gw_a" address add 192.0.2.1/24 dev wan

ip -n "$gw_a" link add dummy0 type dummy
ip -n "$gw_a" link set dummy0 up
ip -n "$gw_a" address add 10.99.0.1/32 dev dummy0
ip -n "$net" route add 10.99.0.1 via 192.0.2.1
of_loopback='interface Loopback0
 netdev dummy0
crypto map VPN local-address Loopback0'
check "a map with the address of a loopback" load "$gw_a" < <(sites <<<"$of_loopback")
xfrm_peer "$gw_b" 198.51.100.2 10.99.0.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 "$algorithm"
watch_wire "$net" to_b
check "pings" pings "$host_a" 10.2.0.2
check "pings from the far end" pings "$host_b" 10.1.0.2
only_esp "nothing but ESP on the wire"
is "of that address" "$(wire_count esp and src 10.99.0.1)" 6

shared() { # [LINES]: the map is on two interfaces
	load "$gw_a" < <(sites <<-EOT
	interface lan
	 crypto map VPN
	${1:-}
	EOT
	)
}
check "on two interfaces with addresses of their own" shared
refuse "not with one for both" 'SPI 0x1001: wan and lan share a local address' \
	shared "$of_loopback"
again() { # SPI
	load "$gw_a" < <(sites <<-EOT
	crypto map VPN 20 ipsec-manual
	 set peer 203.0.113.3
	 set session-key inbound esp $1 cipher $key
	 set session-key outbound esp 4100 cipher $key
	 set transform-set TS
	 match address VPN-ACL
	EOT
	)
}
refuse "nor two entries with one SPI" 'crypto map .VPN. 20: SPI 0x1001 is that of another entry' \
	again 4097
check "two entries with SPIs of their own" again 4099
finish
