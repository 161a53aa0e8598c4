#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A flowtable forwards established connections past all hooks. Over an interface
# with a map it gets none: neither new connections, nor those that it had before
# the map came, nor those that it had over another interface. Others it keeps.
#
#   host_a --- gw_a (ours) --- net --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
route_in_clear
key=$(random_key 20)
on "$gw_a" nft -f - <<EOT || bail "nftables with a flowtable"
table inet f {
	flowtable ft { hook ingress priority 0; devices = { lan, wan }; }
	chain forward {
		type filter hook forward priority 0; policy accept;
		ct state established flow add @ft
	}
}
EOT
offloaded() { on "$gw_a" grep -c OFFLOAD /proc/net/nf_conntrack; }
tcp_server "$host_b"

background "$host_a" before iperf3 -c 10.2.0.2 -t 300 -b 2M
before_pid=$background_pid
some_offloaded() { [ "$(offloaded)" -gt 0 ]; }
check "without a map the flowtable takes the connection" wait_for 20 some_offloaded

xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 \
	"aead rfc4106(gcm(aes)) 0x$key 128"
check "the map comes" manual_map "$gw_a" wan 198.51.100.2 10.1.0.0/24 10.2.0.0/24 tunnel \
	4097 4098 "$key"
watch_wire "$net" to_b
encrypted() { [ "$(ynl "$gw_a" dump flow-get | sed -n 's/.*"out-packets": \([0-9]*\).*/\1/p')" -gt 50 ]; }
check "the connection of before goes on, encrypted" wait_for 30 encrypted
only_esp "nothing but ESP on the wire"
kill "$before_pid"
wait "$before_pid" 2>/dev/null
watch_wire "$net" to_b
check "a new connection" on "$host_a" iperf3 -c 10.2.0.2 -n 300K
only_esp "nothing but ESP on the wire"
is "the flowtable has none of them" "$(offloaded)" 0

# one that the flowtable has may have another route one day
on "$gw_b" ip xfrm policy flush
on "$gw_b" ip xfrm state flush
link "$gw_a" wan2 203.0.113.1/24 "$net" to_a2 203.0.113.254/24
ip -n "$gw_a" route add 10.2.0.0/24 via 203.0.113.254
ip -n "$net" route replace 10.1.0.0/24 via 203.0.113.1
check "a flowtable of another interface, too" on "$gw_a" nft -f - <<EOT
delete table inet f
table inet f {
	flowtable ft { hook ingress priority 0; devices = { lan, wan, wan2 }; }
	chain forward {
		type filter hook forward priority 0; policy accept;
		ct state established flow add @ft
	}
}
EOT
background "$host_a" rerouted iperf3 -u -c 10.2.0.2 -t 300 -b 500K -l 1000
# not that by which it was agreed on, and which is silent now
udp_offloaded() { on "$gw_a" grep -c 'udp.*OFFLOAD' /proc/net/nf_conntrack; }
some_udp() { [ "$(udp_offloaded)" -gt 0 ]; }
check "the flowtable takes a connection over an interface without a map" wait_for 20 some_udp
watch_wire "$net" to_a
before=$(flow_count "$gw_a" encaps)
check "it gets a route over the one with the map" ip -n "$gw_a" route del 10.2.0.0/24
more() { [ "$(flow_count "$gw_a" encaps)" -gt $((before + 50)) ]; }
check "it goes on, encrypted" wait_for 30 more
only_esp "nothing but ESP on the wire"
is "the flowtable has it no more" "$(udp_offloaded)" 0
finish
