#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A stateful firewall and source NAT on the gateway: decrypted answers belong to
# the connections that went out encrypted, source NAT comes before the crypto
# map, and what the firewall forbids stays forbidden when it came encrypted.
#
#   host_a --- gw_a (ours, nftables) --- net --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
manual_sites

# an address of host_a that the access list does not know
ip -n "$host_a" address add 10.9.0.2/32 dev lo
ip -n "$gw_a" route add 10.9.0.2/32 via 10.1.0.2
check "firewall and NAT" on "$gw_a" nft -f - <<'EOT'
table ip t {
	chain input {
		type filter hook input priority 0; policy drop;
		iifname { lan, lo } accept
		meta l4proto esp accept
	}
	chain forward {
		type filter hook forward priority 0; policy drop;
		ct state established accept
		iifname lan accept
	}
	chain nat {
		type nat hook postrouting priority srcnat;
		ip saddr 10.9.0.2 ip daddr 10.2.0.0/24 snat to 10.1.0.50
		ip saddr 10.1.0.0/24 ip daddr != 10.2.0.0/24 oifname wan masquerade
	}
}
EOT
echo_server "$host_b"

check "pings out and their answers" pings "$host_a" 10.2.0.2
check "datagrams out and their answers" echo_sizes "$host_a" 10.2.0.2 1-20
is "protected as they are" "$(flow_count "$gw_a" encaps)" 23
check "NAT before the crypto map" pings "$host_a" 10.2.0.2 -I 10.9.0.2
is "protected after NAT" "$(flow_count "$gw_a" encaps)" 26
check "what the map does not want is masqueraded, in clear" pings "$host_a" 198.51.100.254
is "not protected" "$(flow_count "$gw_a" encaps)" 26
check "a new connection from outside is forbidden, also when it came in ESP" \
	no_ping "$host_b" 10.1.0.2
is "it came in ESP" "$(flow_count "$gw_a" decaps)" 29
finish
