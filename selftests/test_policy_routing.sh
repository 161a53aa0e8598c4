#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Policy routing chooses the interface, and with it the map: marks set at PREROUTING
# for what is forwarded, at OUTPUT for what the gateway sends. The outer packet goes
# where its own route leads, by rules about ESP too.
#
#   host_a --- lan gw_a (ours) wan  --- net --- gw_b (XFRM) --- host_b
#                              wan2 ---          the map is on wan2
. "$(dirname "$0")/lib.sh"
two_sites
route_in_clear
link "$gw_a" wan2 203.0.113.1/24 "$net" to_a2 203.0.113.254/24
ip -n "$gw_a" rule add fwmark 1 table 100
ip -n "$gw_a" route add default via 203.0.113.254 table 100
key=$(random_key 20)
check "a map on the other interface" load "$gw_a" < <(ios_manual_on wan2 198.51.100.2 \
	'10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255' 4097 4098 'esp-gcm 128' "cipher $key")
check "packets of other marks are not its business" pings "$host_a" 10.2.0.2
xfrm_peer "$gw_b" 198.51.100.2 203.0.113.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 \
	"aead rfc4106(gcm(aes)) 0x$key 128"
check "marks" on "$gw_a" nft -f - <<'EOT'
table ip t {
	chain prerouting {
		type filter hook prerouting priority mangle
		iifname lan ip daddr 10.2.0.0/24 meta mark set 1
	}
	chain output {
		type route hook output priority mangle
		ip saddr 10.1.0.1 ip daddr 10.2.0.0/24 meta mark set 1
	}
}
EOT
watch_wire "$net" to_a
check "a marked packet is protected" pings "$host_a" 10.2.0.2
check "one of the gateway itself too" pings "$gw_a" 10.2.0.2 -I 10.1.0.1
is "all of them" "$(flow_count "$gw_a" encaps)" 6
only_esp "nothing but ESP on the first interface"
is "which is that of the route to the peer" "$(wire_count esp and src 203.0.113.1)" 6
is "the answers come by the other one" "$(wire_count esp and dst 203.0.113.1)" 0

check "a rule about ESP" ip -n "$gw_a" rule add ipproto esp table 100
watch_wire "$net" to_a2
check "pings" pings "$host_a" 10.2.0.2
only_esp "nothing but ESP on the other interface"
is "out by it now" "$(wire_count esp and src 203.0.113.1)" 3
is "and in" "$(wire_count esp and dst 203.0.113.1)" 3

check "ESP that arrives is marked" on "$gw_a" nft add rule ip t prerouting ip protocol esp \
	meta mark set 1
check "that is not the mark of what was in it, which would lead back out" \
	pings "$host_a" 10.2.0.2
finish
