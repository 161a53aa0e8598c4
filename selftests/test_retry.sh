#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A peer that refuses is not asked again with every packet: packets are dropped
# for a while, with a reason. A new configuration is tried at once.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
config() { # CIPHER
	{
		ios_phase1 198.51.100.2 secret
		ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255'
	} | sed "s/set TS esp-aes 256/set TS $1/" | load "$gw_a"
}
start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
config 'esp-aes 128'
swanctl_load "$gw_b" < <(
	stock_peer 198.51.100.2 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24)

watch_wire "$net" to_b
check "no ping is answered" no_ping "$host_a" 10.2.0.2 -c 100 -i 0.1
wire_stop
asked=$(grep -c 'negotiating VPN' "$tmp/$gw_a.charon.log")
# 10 seconds: after 1, 2, 4, ... seconds, with some allowance for a slow machine
like "the peer was asked a few times ($asked)" "$asked" '^[2-6]$'
dropped=$(drops "$gw_a" acquire-failed)
check "packets in between are dropped with a reason ($dropped)" [ "${dropped:-0}" -gt 50 ]

config 'esp-aes 256'
asked_again() { [ "$(grep -c 'negotiating VPN' "$tmp/$gw_a.charon.log")" -gt "$asked" ]; }
on "$host_a" ping -n -q -c 1 -W 1 10.2.0.2 >/dev/null
check "a new configuration is tried at once" wait_for 1 asked_again
check "the tunnel comes up" comes_up "$host_a" 10.2.0.2
finish
