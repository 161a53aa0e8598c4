#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A stateful firewall and source NAT on the gateway: decrypted answers belong to
# the connections that went out encrypted, source NAT comes before the crypto
# map, and what the firewall forbids stays forbidden when it came encrypted. Source
# NAT of ESP itself does not make it a packet to be protected.
#
#   host_a --- gw_a (ours, nftables) --- net --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
key=$(random_key 20)
algorithm="aead rfc4106(gcm(aes)) 0x$key 128"
load "$gw_a" < <(ios_manual 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255' 4097 4098 \
	'esp-gcm 128' "cipher $key")
xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 "$algorithm"

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

# the gateway's own ESP, which the access list would have, too
check "a map for all that there is" load "$gw_a" < <(ios_manual 198.51.100.2 any any 4097 4098 \
	'esp-gcm 128' "cipher $key")
xfrm_peer "$gw_b" 198.51.100.2 192.0.2.9 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 "$algorithm"
ip -n "$gw_a" address add 192.0.2.9/24 dev wan
check "NAT of ESP" on "$gw_a" nft -f - <<'EOT'
table ip t
delete table ip t
table ip t {
	chain nat {
		type nat hook postrouting priority srcnat;
		ip protocol esp snat to 192.0.2.9
	}
}
EOT
on "$gw_a" python3 "$top/selftests/helpers/conntrack_flush.py"
watch_wire "$net" to_a
check "pings" pings "$host_a" 10.2.0.2
only_esp "nothing but ESP on the wire"
is "with the source that NAT gave it" "$(wire_count esp and src 192.0.2.9)" 3
is "and protected once" "$(flow_count "$gw_a" encaps)" 3
finish
