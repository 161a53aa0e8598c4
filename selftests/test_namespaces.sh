#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Network namespaces do not see each other's configuration, SAs, counters and daemons,
# and one goes away with all of it.
#
#   host_a --- gw_a (ours) --- net --- gw_b (ours) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
key=$(random_key 20)
# site NAMESPACE MAP PEER LOCAL-NET REMOTE-NET SPI-IN SPI-OUT
site() {
	load "$1" <<-EOT
	crypto ipsec transform-set TS esp-gcm 128
	ip access-list extended VPN-ACL
	 permit ip $4 0.0.0.255 $5 0.0.0.255
	crypto map $2 10 ipsec-manual
	 set peer $3
	 set session-key inbound esp $6 cipher $key
	 set session-key outbound esp $7 cipher $key
	 set transform-set TS
	 match address VPN-ACL
	interface wan
	 crypto map $2
	EOT
}
maps() { ynl "$1" dump map-get; }

check "gw_a is configured" site "$gw_a" MAP-A 198.51.100.2 10.1.0.0 10.2.0.0 4097 4098
like "gw_a has its map" "$(maps "$gw_a")" MAP-A
is "gw_b has none" "$(maps "$gw_b")" ""
is "gw_b has no SAs" "$(ynl "$gw_b" dump sa-get)" ""
# the same SPIs in another namespace are other SAs
check "gw_b is configured" site "$gw_b" MAP-B 192.0.2.1 10.2.0.0 10.1.0.0 4098 4097
is "gw_a has its two SAs" "$(ynl "$gw_a" dump sa-get | wc -l)" 2
is "gw_b has its two SAs" "$(ynl "$gw_b" dump sa-get | wc -l)" 2
like "gw_b has its own map" "$(maps "$gw_b")" MAP-B
is "gw_a does not see it" "$(maps "$gw_a" | grep -c MAP-B)" 0

check "pings between them" pings "$host_a" 10.2.0.2
is "counters are per namespace: gw_a encapsulated" "$(flow_count "$gw_a" encaps)" 3
is "a namespace without a configuration has no flows" "$(ynl "$net" dump flow-get)" ""

remove_ns "$gw_b"
is "gw_a keeps its SAs when gw_b is gone" "$(ynl "$gw_a" dump sa-get | wc -l)" 2

check "gw_a is to negotiate" load "$gw_a" < <(ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255')
netlink_open "$net"
request listen '"ike"'
request daemon-set '{"daemon": 1}'
no_ping "$host_a" 10.2.0.2 -c 2
is "a daemon of another namespace is none of gw_a" "$(drops "$gw_a" no-daemon)" 2
netlink_close
netlink_open "$gw_a"
check "gw_a has one of its own" request daemon-set '{"daemon": 1}'
no_ping "$host_a" 10.2.0.2 -c 2
request stats-get ''
like "for which packets wait" "$answer" '"held": 2'
netlink_close
no_ping "$host_a" 10.2.0.2 -c 2
is "as long as it is there" "$(drops "$gw_a" no-daemon)" 4
finish
