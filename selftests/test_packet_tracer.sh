#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# packet-tracer: what it says of packets is what happens to them, at random and for
# each result; and it changes nothing.
#
#   host_a --- lan gw_a (ours) wan --- net
. "$(dirname "$0")/lib.sh"
two_sites
two_sites_ipv6
route_in_clear
route_in_clear_ipv6
key=$(random_key 20)
entry() { # SEQ SPI LIST [LINE...]
	printf 'crypto map VPN %d ipsec-manual\n set peer 198.51.100.2\n' "$1"
	printf ' set session-key inbound esp %d cipher %s\n' "$2" "$key"
	printf ' set session-key outbound esp %d cipher %s\n' "$2" "$key"
	printf ' set transform-set TS\n match address %s\n' "$3"
	shift 3
	[ $# = 0 ] || printf ' %s\n' "$@"
}
check "a configuration with entries of all kinds" load "$gw_a" <<-EOT
	crypto ipsec transform-set TS esp-gcm 128
	ip access-list extended A
	 10 deny tcp 10.1.0.0 0.0.0.255 10.2.0.0 0.0.3.255 eq 22
	 20 permit tcp 10.1.0.0 0.0.0.255 10.2.0.0 0.0.1.255
	ip access-list extended B
	 10 permit udp 10.1.0.0 0.0.0.255 range 100 200 10.2.0.0 0.0.3.255
	 20 permit icmp 10.1.0.0 0.0.0.255 10.2.2.0 0.0.0.255 echo
	ip access-list extended C
	 10 permit ip 10.1.0.0 0.0.0.255 10.2.3.0 0.0.0.255
	ip access-list extended OUT
	 10 deny tcp any any eq 80
	 20 permit ip any any
	$(entry 10 4097 A 'set ip access-group OUT out')
	$(entry 20 4098 B)
	crypto map VPN 30 ipsec-isakmp
	 set peer 198.51.100.2
	 set transform-set TS
	 match address C
	ipv6 access-list SIX
	 deny tcp fd01::/64 fd02::/64 eq 22
	 permit ipv6 fd01::/64 fd02::/64
	 permit udp fd01::/64 range 100 200 fd02:0:0:1::/64
	crypto map ipv6 SIX 10 ipsec-manual
	 set peer 2001:db8:b::2
	 set session-key inbound esp 4097 cipher $key
	 set session-key outbound esp 4098 cipher $key
	 set transform-set TS
	 match address SIX
	interface GigabitEthernet0/1
	 netdev wan
	 crypto map VPN
	 ipv6 crypto map SIX
EOT
ip -n "$gw_a" route add unreachable 10.9.0.0/16

trace() { on "$gw_a" cryptomap packet-tracer input "$@"; }
counts() {
	on "$gw_a" cryptomap show drops
	on "$gw_a" cryptomap show access-lists
	on "$gw_a" cryptomap show crypto ipsec sa
}
# says WHAT WORDS PATTERN...: the text has a line that matches each pattern
says() {
	local what=$1 text pattern
	# shellcheck disable=SC2086 # words
	text=$(trace $2 2>&1)
	shift 2
	for pattern in "$@"; do
		printf '%s\n' "$text" | grep -qE -e "$pattern" ||
			{ fail "$what" "no line matches /$pattern/:"$'\n'"$text"; return; }
	done
	pass "$what"
}
before=$(counts)
says "protected" "lan tcp 10.1.0.2 1000 10.2.0.2 443" '^crypto map VPN 10: permitted by access list A, entry 20$' \
	'^permitted by entry 20$' '^flow [0-9]+, peer 198\.51\.100\.2, spi 0x1001\(4097\), tunnel$' \
	'^plaintext mtu 1446, path mtu 1500$' '^output-interface: GigabitEthernet0/1$' '^Action: allow, as ESP$'
says "a deny leaves its entry" "lan tcp 10.1.0.2 1000 10.2.3.2 22" \
	'^crypto map VPN 10: denied by access list A, entry 10$' \
	'^crypto map VPN 30: permitted by access list C, entry 10$' '^Drop-reason: \(no-daemon\)'
says "denied by all: in clear" "lan tcp 10.1.0.2 1000 10.2.0.2 22" \
	'^crypto map VPN 10: denied by' '^no entry wants it protected$' '^Action: allow, in clear$'
says "filtered" "lan tcp 10.1.0.2 1000 10.2.0.2 80" '^denied by entry 10$' '^Drop-reason: \(access-group-out\)'
says "larger, without DF" "lan tcp 10.1.0.2 1 10.2.0.2 443 size 1447" '^fragmented before encryption$' 'as ESP$'
says "with DF" "lan tcp 10.1.0.2 1 10.2.0.2 443 size 1447 df" '^plaintext mtu 1446,' '^Drop-reason: \(too-big\)'
says "as large as fits" "lan tcp 10.1.0.2 1 10.2.0.2 443 size 1446 df" '^Action: allow, as ESP$'
says "manual, without SA" "lan icmp 10.1.0.2 8 0 10.2.2.2" '^Drop-reason: \(no-sa-manual\)'
says "ESP of an SA" "GigabitEthernet0/1 esp 198.51.100.2 4097 192.0.2.1" \
	'^not held against it' '^for this host$' '^crypto map VPN 10$' \
	'^what is in it has to be: permit 6 10\.1\.0\.0' '^Action: allow, decrypted$'
says "ESP of none" "wan esp 198.51.100.2 0x9999 192.0.2.1" '^Drop-reason: \(invalid-spi\)'
says "ESP in UDP, of an SA that is not for it" \
	"wan esp 198.51.100.2 4097 192.0.2.1 udp 4500 4500" '^Drop-reason: \(encap-mismatch\)'
says "ESP in UDP, of none" "wan esp 198.51.100.2 0x9999 192.0.2.1 udp 4500 4500" \
	'^not held against it' '^Drop-reason: \(invalid-spi\)'
says "ESP in UDP, with IPv6" "wan esp 2001:db8:b::2 4097 2001:db8:a::1 udp 4500 4500" \
	'^Drop-reason: \(encap-mismatch\)'
says "in UDP that is not for ESP" "wan esp 198.51.100.2 4097 192.0.2.1 udp 4500 4501" \
	'^Action: allow, to this host$'
says "IKE in place of ESP" "wan udp 198.51.100.2 4500 192.0.2.1 4500 size 100" \
	'^Action: allow, to this host$'
says "IKE" "wan udp 198.51.100.2 500 192.0.2.1 500" '^not held against it' '^Action: allow, to this host$'
says "clear text" "Gi0/1 udp 10.2.0.2 7 10.1.0.2 150" \
	'^crypto map VPN 20: permitted by access list B, entry 10$' '^Drop-reason: \(clear-text\)'
says "clear text that may come" "wan rawip 10.2.0.2 47 10.1.0.2" '^mirrored, no entry wants it' \
	'^connected, egress interface lan$' '^Action: allow, in clear$'
says "of this host" "lo tcp 10.1.0.1 1 10.2.0.2 443" '^Action: allow, as ESP$'
says "no route" "lan tcp 10.1.0.2 1 10.9.0.1 443" '^not forwarded' '^Action: drop, not forwarded$'
says "IPv6" "lan tcp fd01::2 1 fd02::2 443" '^crypto map SIX 10: permitted' '^flow [0-9]+, peer 2001:DB8:B::2' \
	'^Action: allow, as ESP$'
says "IPv6, in clear" "wan icmp fd02::2 128 0 fd01::2" '^Drop-reason: \(clear-text\)'
says "IPv6, ESP" "wan esp 2001:db8:b::2 4097 2001:db8:a::1" '^Action: allow, decrypted$'
says "as JSON" "lan tcp 10.1.0.2 1000 10.2.3.2 443 --json" '"result": "drop",' '"reason": "no-daemon"' \
	'"seq": 30,' '"acl": "C",'
is "nothing was counted" "$(counts)" "$before"
refuse "two address families" 'different address families' trace lan tcp 10.1.0.2 1 fd02::2 1
refuse "no such device" 'no device eth9' trace eth9 tcp 10.1.0.2 1 10.2.0.2 1
refuse "too short" 'packet of 20 bytes' trace lan tcp 10.1.0.2 1 10.2.0.2 1 size 20

relay_points nsenter --net="/run/netns/$gw_a" python3 "$top/selftests/helpers/trace_random.py" \
	"$("$top/packaging/kernel-tree.sh")/tools/net/ynl" "$host_a" "$net" 300 "$RANDOM"

netlink_open "$gw_a"
request listen '"ike"'
request daemon-set '{"daemon": 1}'
says "with a daemon" "lan tcp 10.1.0.2 1000 10.2.3.2 443" 'no SA: the packet waits' '^Action: hold'
request events {}
is "nothing was asked for" "$answer" "events: []"
request trace '{"ifname": "lan", "packet": "45000014"}'
like "what is no packet is refused" "$answer" "errno 22: .*not an IP packet"
netlink_close
finish
