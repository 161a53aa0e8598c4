#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Super-packets (GSO) of TCP and UDP, forwarded and of the gateway's own sockets: one
# look at the access list for each, cut to packets with right checksums. What was
# decrypted is joined again (GRO), and may be encrypted once more on its way on.
#
#   host_a --- gw_a (ours) --- net --- gw_b (XFRM) --- host_b
#                               |
#                               +----- gw_c (XFRM) --- host_c
. "$(dirname "$0")/lib.sh"
two_sites
third_site
two_sites_ipv6
key=$(random_key 20)
algorithm="aead rfc4106(gcm(aes)) 0x$key 128"
check "maps" load "$gw_a" <<EOT
crypto ipsec transform-set TS esp-gcm 128
ip access-list extended TO-B
 permit ip 10.1.0.0 0.2.0.255 10.2.0.0 0.0.0.255
ip access-list extended TO-C
 permit ip 10.2.0.0 0.0.0.255 10.3.0.0 0.0.0.255
ipv6 access-list TO-B6
 permit ipv6 fd01::/64 fd02::/64
crypto map VPN 10 ipsec-manual
 set peer 198.51.100.2
 set session-key inbound esp 4097 cipher $key
 set session-key outbound esp 4098 cipher $key
 set transform-set TS
 match address TO-B
crypto map VPN 20 ipsec-manual
 set peer 203.0.113.3
 set session-key inbound esp 4099 cipher $key
 set session-key outbound esp 4100 cipher $key
 set transform-set TS
 match address TO-C
crypto map ipv6 VPN6 10 ipsec-manual
 set peer 2001:db8:b::2
 set session-key inbound esp 4097 cipher $key
 set session-key outbound esp 4098 cipher $key
 set transform-set TS
 match address TO-B6
interface wan
 crypto map VPN
 ipv6 crypto map VPN6
EOT
xfrm_peer "$gw_c" 203.0.113.3 192.0.2.1 10.3.0.0/24 10.2.0.0/24 tunnel 4100 4099 "$algorithm"
check "GRO" on "$gw_a" python3 "$top/selftests/helpers/gro.py" wan
check "counters" on "$gw_a" nft -f - <<'EOT'
table inet t {
	counter decrypted { }
	chain forward {
		type filter hook forward priority 0
		iifname wan meta l4proto tcp counter name decrypted
	}
}
EOT
for ns in "$host_a" "$host_b" "$host_c"; do
	tcp_server "$ns"
done
echo_server "$host_b"
transfer() { # NAMESPACE OPTION...
	local ns=$1
	shift
	timeout 60 nsenter --net="/run/netns/$ns" iperf3 -n 2M -c "$@"
}
hits() {
	on "$gw_a" cryptomap show access-lists |
		sed -n 's/.*(\([0-9]*\) match.*/\1/p' | awk '{ n += $1 } END { print n + 0 }'
}
# fewer hits than packets encrypted, although acknowledgements are one each
few_hits() { # WHAT
	local h e
	h=$(hits) e=$(flow_count "$gw_a" encaps)
	if [ $(((e - encaps) * 3)) -gt $(((h - hits) * 4)) ]; then
		pass "$1"
	else
		fail "$1" "$((h - hits)) hits, $((e - encaps)) packets"
	fi
	hits=$h encaps=$e
}
joined() { # WHAT: packets of more than two segments each, on the average
	local packets bytes
	read -r packets bytes < <(on "$gw_a" nft reset counter inet t decrypted |
		sed -n 's/.*packets \([0-9]*\) bytes \([0-9]*\).*/\1 \2/p')
	if [ "$packets" -gt 0 ] && [ $((bytes / packets)) -gt 3000 ]; then
		pass "$1"
	else
		fail "$1" "$packets packets, $bytes bytes"
	fi
}

hits=0 encaps=0
try() { # NAME GATEWAY HOST-A HOST-B
	watch_wire "$net" to_b
	check "$1: TCP from host to host" transfer "$host_a" "$4"
	few_hits "$1: looked at once for each super-packet"
	on "$gw_a" nft reset counter inet t decrypted >/dev/null
	check "$1: TCP from the far end" transfer "$host_b" "$3"
	joined "$1: joined again after decryption"
	hits=$(hits) encaps=$(flow_count "$gw_a" encaps)
	check "$1: TCP of the gateway" transfer "$gw_a" "$4" -B "$2"
	few_hits "$1: looked at once, too"
	check "$1: UDP super-packets" on "$host_a" \
		python3 "$top/selftests/helpers/udp_segment.py" "$4"
	check "$1: UDP super-packets of the gateway" on "$gw_a" \
		python3 "$top/selftests/helpers/udp_segment.py" "$4" "$2"
	only_esp "$1: nothing but ESP on the wire"
}
xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 "$algorithm"
try IPv4 10.1.0.1 10.1.0.2 10.2.0.2
xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.3.0.0/24 tunnel 4098 4097 "$algorithm"
watch_wire "$net" to_c
hits=$(hits) encaps=$(flow_count "$gw_a" encaps)
check "TCP from site to site through the gateway" transfer "$host_b" 10.3.0.2
few_hits "encrypted again in super-packets"
only_esp "nothing but ESP on the wire to the third site"
xfrm_peer "$gw_b" 2001:db8:b::2 2001:db8:a::1 fd02::/64 fd01::/64 tunnel 4098 4097 "$algorithm"
try IPv6 fd01::1 fd01::2 fd02::2

for ns in "$host_a" "$host_b" "$host_c" "$gw_a"; do
	is "no wrong checksum in $ns" "$(on "$ns" nstat -asz |
		awk '/InCsumErrors/ { n += $2 } END { print n + 0 }')" 0
done
finish
