#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What outer and inner headers take from each other (RFC 4301 5.1.2): DSCP, ECN
# (RFC 6040), TTL, IP ID and the IPv6 flow label.
#
#   host_a --- gw_a (ours) --- net --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
two_sites_ipv6
key=$(random_key 20)

# the middle marks what gw_b sends: nft statements for the outer header
mark() {
	on "$net" nft -f - <<-EOT
	table inet marks
	flush table inet marks
	table inet marks {
		chain forward {
			type filter hook forward priority 0
			iifname to_b $1
		}
	}
	EOT
}
unmark() { on "$net" nft delete table inet marks; }

# seen FILTER...: something in the capture matches
seen() { [ "$(wire_count "$@")" -gt 0 ]; }

#
# IPv4 in IPv4
#
check "an IPv4 map" manual_map "$gw_a" wan 198.51.100.2 10.1.0.0/24 10.2.0.0/24 tunnel 4097 4098 "$key"
xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 \
	"aead rfc4106(gcm(aes)) 0x$key 128"
# before the first packet, so that ARP is none of the capture's business
check "the way is there" pings "$host_a" 10.2.0.2

watch_wire "$net" to_a
check "DSCP 46: pings are answered" pings "$host_a" 10.2.0.2 -Q 0xb8 -M do -t 9
check "ECT(0): pings are answered" pings "$host_a" 10.2.0.2 -Q 0x02 -M dont
check "ECT(1): pings are answered" pings "$host_a" 10.2.0.2 -Q 0x01
check "CE: pings are answered" pings "$host_a" 10.2.0.2 -Q 0x03
wire_stop
out='src 192.0.2.1 and esp'
check "out: DSCP is copied" seen "$out and ip[1] = 0xb8"
check "out: ECT(0) is copied" seen "$out and ip[1] = 2"
check "out: ECT(1) is copied" seen "$out and ip[1] = 1"
check "out: CE is copied" seen "$out and ip[1] = 3"
is "out: the TTL is the gateway's own" "$(wire_count "$out and ip[8] != 64")" 0
is "out: with DF there is no ID" "$(wire_count "$out and ip[6] & 0x40 != 0 and ip[4:2] != 0")" 0
check "out: DF is copied" seen "$out and ip[1] = 0xb8 and ip[6] & 0x40 != 0"
check "out: without DF there is none" seen "$out and ip[1] = 2 and ip[6] & 0x40 = 0"
ids=$(tcpdump -n -v -r "$wire" "$out and ip[6] & 0x40 = 0" 2>/dev/null | grep -o 'id [0-9]*' | sort)
is "out: IDs without DF differ" "$(uniq -d <<<"$ids")" ""
like "out: there are such IDs" "$ids" 'id [1-9]'

# arrives TOS TOS: a ping with the first, marked on its way back, has the second
arrives() {
	watch_wire "$host_a" eth0
	pings "$host_a" 10.2.0.2 -Q "$1"
	wire_stop
	seen "src 10.2.0.2 and ip[1] = $2"
}
mark "ip ecn set ce"
check "in: CE outside goes to a packet with ECT(0)" arrives 0x02 3
check "in: CE outside goes to a packet with ECT(1)" arrives 0x01 3
check "in: CE outside on a packet without ECN: it does not arrive" no_ping "$host_a" 10.2.0.2 -Q 0
is "in: it was dropped for that" "$(drops "$gw_a" ecn)" 3
mark "ip ecn set ect0"
check "in: ECT(0) outside changes nothing" arrives 0x01 1
check "in: nor where there is no ECN inside" arrives 0x00 0
mark "ip ecn set ect1"
check "in: ECT(1) outside goes to a packet with ECT(0)" arrives 0x02 1
mark "ip dscp set 10"
check "in: DSCP outside changes nothing" arrives 0xb8 0xb8
unmark
check "the TTL inside: the tunnel is one hop, so that 3 is enough" pings "$host_a" 10.2.0.2 -t 3
check "the TTL inside: 2 is not" no_ping "$host_a" 10.2.0.2 -t 2

#
# IPv6 in IPv6
#
check "an IPv6 map" manual_map "$gw_a" wan 2001:db8:b::2 fd01::/64 fd02::/64 tunnel 4097 4098 "$key"
xfrm_peer "$gw_b" 2001:db8:b::2 2001:db8:a::1 fd02::/64 fd01::/64 tunnel 4098 4097 \
	"aead rfc4106(gcm(aes)) 0x$key 128"
check "IPv6: the way is there" pings "$host_a" fd02::2
watch_wire "$net" to_a
check "IPv6: pings with a traffic class and a flow label" pings "$host_a" fd02::2 -Q 0xb9 -F 0x12345
wire_stop
check "IPv6, out: traffic class and flow label are copied" \
	seen 'src 2001:db8:a::1 and esp and ip6[0:4] = 0x6b912345'
mark "ip6 ecn set ce"
arrives6() {
	watch_wire "$host_a" eth0
	pings "$host_a" fd02::2 -Q "$1"
	wire_stop
	seen "src fd02::2 and ip6[0:4] & 0x0ff00000 = $2"
}
check "IPv6, in: CE outside goes to a packet with ECT(0)" arrives6 0x02 0x00300000
check "IPv6, in: without ECN it does not arrive" no_ping "$host_a" fd02::2 -Q 0
is "IPv6, in: it was dropped for that" "$(drops "$gw_a" ecn)" 6
finish
