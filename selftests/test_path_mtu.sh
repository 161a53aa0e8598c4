#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A router on the path that takes less than the gateway's own link tells so by
# ICMP: the SA learns, and the hosts are told what then fits. An ICMP error about
# an SPI that does not exist, or of an absurd size, changes nothing. Inside IPv6
# nobody is told of less than 1280 bytes: the outer packet is fragmented.
#
#   host_a --- gw_a (ours) --- net --- gw_b (XFRM, at the end ours) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
two_sites_ipv6
echo_server "$host_b"
key=$(random_key 20)
path_mtu() { ynl "$gw_a" dump flow-get | sed -n 's/.*"mtu": \([0-9]*\).*/\1/p'; }

# forge FAMILY SPI MTU: net tells gw_a that an ESP packet of its did not fit
forge() {
	on "$net" /usr/bin/python3 - "$@" <<-'EOT'
	import sys
	from scapy.all import (ESP, ICMP, IP, ICMPv6PacketTooBig, IPv6, Raw, conf,
	                       send)
	family, spi, mtu = (int(word) for word in sys.argv[1:])
	conf.verb = 0
	esp = ESP(spi=spi, seq=1, data=b"x" * 40)
	if family == 4:
	    send(IP(src="192.0.2.254", dst="192.0.2.1") / ICMP(type=3, code=4, nexthopmtu=mtu) /
	         IP(src="192.0.2.1", dst="198.51.100.2", proto=50) / esp)
	else:
	    send(IPv6(src="2001:db8:a::ff", dst="2001:db8:a::1") / ICMPv6PacketTooBig(mtu=mtu) /
	         IPv6(src="2001:db8:a::1", dst="2001:db8:b::2", nh=50) / esp)
	EOT
}

# try FAMILY PEER LOCAL SITE-A SITE-B HOST-B HEADERS MTU LEARNED
try() {
	local family=$1 headers=$7 mtu=$8 learned=$9 out
	check "IPv$family: configuration" manual_map "$gw_a" wan "$2" "$4" "$5" tunnel 4097 4098 "$key"
	xfrm_peer "$gw_b" "$2" "$3" "$5" "$4" tunnel 4098 4097 "aead rfc4106(gcm(aes)) 0x$key 128"
	check "IPv$family: $mtu bytes fit" pings "$host_a" "$6" -M do -s $((mtu - headers))
	is "IPv$family: path MTU" "$(path_mtu)" 1500
	forge "$family" 9999 1300
	forge "$family" 4098 100
	is "IPv$family: an unknown SPI and an absurd MTU teach nothing" "$(path_mtu)" 1500
	check "IPv$family: pings" pings "$host_a" "$6" -M do -s $((mtu - headers))
	ip -n "$net" link set to_b mtu 1400
	ip -n "$gw_b" link set wan mtu 1400
	# the first is lost on the way, and the gateway learns
	on "$host_a" ping -n -q -c 1 -W 1 -M do -s $((mtu - headers)) "$6" >/dev/null
	is "IPv$family: the path MTU is learned" "$(path_mtu)" 1400
	out=$(on "$host_a" ping -n -c 2 -i 0.2 -W 2 -M do -s $((mtu - headers)) "$6" 2>&1)
	like "IPv$family: the host is told what fits now" "$out" "mtu ?[=:]? ?$learned"
	check "IPv$family: which does" pings "$host_a" "$6" -M do -s $((learned - headers))
	ip -n "$net" link set to_b mtu 1500
	ip -n "$gw_b" link set wan mtu 1500
}

try 4 198.51.100.2 192.0.2.1 10.1.0.0/24 10.2.0.0/24 10.2.0.2 28 1446 1346
try 6 2001:db8:b::2 2001:db8:a::1 fd01::/64 fd02::/64 fd02::2 48 1426 1326

for dev in "$gw_a wan" "$net to_a" "$net to_b" "$gw_b wan"; do
	# shellcheck disable=SC2086 # two words
	set -- $dev
	ip -n "$1" link set "$2" mtu 1280
done
# XFRM would tell of less than 1280, so this is between two of ours
check "IPv6 on a path of 1280: the far end" \
	manual_map "$gw_b" wan 2001:db8:a::1 fd02::/64 fd01::/64 tunnel 4098 4097 "$key"
on "$gw_b" ip xfrm state flush
on "$gw_b" ip xfrm policy flush
watch_wire "$net" to_b
check "IPv6 on a path of 1280: datagrams of all sizes" \
	echo_sizes "$host_a" fd02::2 1100-1232,1400,3000
check "IPv6 on a path of 1280: 1280 bytes and DF" pings "$host_a" fd02::2 -M do -s 1232
out=$(on "$host_a" ping -n -c 2 -i 0.2 -W 2 -M do -s 1233 fd02::2 2>&1)
like "IPv6 on a path of 1280: the host is told of 1280" "$out" "mtu ?[=:]? ?1280"
only_esp "nothing but ESP on the wire"
finish
