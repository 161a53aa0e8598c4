#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two entries of one map on one interface, each with a peer of its own: ours at
# the first, stock strongSwan at the second.
#
#   host_a --- gw_a (ours) --- net +-- gw_b (ours)  --- host_b
#                                  +-- gw_c (stock) --- host_c
. "$(dirname "$0")/lib.sh"
two_sites
third_site
start_charon "$gw_a" cryptomap
start_charon "$gw_b" cryptomap
start_charon "$gw_c" stock

check "gw_a takes two entries" load "$gw_a" <<EOT
$(ios_phase1 198.51.100.2 key-of-b)
crypto isakmp key key-of-c address 203.0.113.3
$(ios_map_two)
EOT
load "$gw_b" < <(ios_phase1 192.0.2.1 key-of-b
	ios_map 192.0.2.1 '10.2.0.0 0.0.0.255' '10.1.0.0 0.0.0.255')
swanctl_load "$gw_c" < <(stock_peer 203.0.113.3 192.0.2.1 key-of-c 10.3.0.0/24 10.1.0.0/24)

check "first entry: comes up" comes_up "$host_a" 10.2.0.2
check "second entry: comes up" comes_up "$host_a" 10.3.0.2
watch_wire "$net" to_a
check "first entry: pings" pings "$host_a" 10.2.0.2
check "second entry: pings" pings "$host_a" 10.3.0.2
wire_stop
is "the first peer gets the pings of its entry" \
	"$(wire_count 'esp and src 192.0.2.1 and dst 198.51.100.2')" 3
is "the second peer gets the pings of its entry" \
	"$(wire_count 'esp and src 192.0.2.1 and dst 203.0.113.3')" 3
only_esp "nothing but ESP and IKE on the wire"

sas=$(on "$gw_a" cryptomap show crypto isakmp sa)
like "IKE SA with the first peer" "$sas" '^198\.51\.100\.2 +192\.0\.2\.1 +QM_IDLE +10[0-9]{2} ACTIVE$'
like "IKE SA with the second peer" "$sas" '^203\.0\.113\.3 +192\.0\.2\.1 +QM_IDLE +10[0-9]{2} ACTIVE$'
finish
