#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Transport mode in UDP against XFRM behind a NAT, which changes the address that
# TCP's and UDP's checksums cover: what comes out of the SA has right ones, for
# sockets, for a packet socket, and when it is forwarded after destination NAT.
#
#   host_a --- gw_a (ours) --- net (NAT) --- gw_b (XFRM)
. "$(dirname "$0")/lib.sh"
two_sites
key=$(random_key 20)
check "the NAT" source_nat 'oifname to_a ip saddr 198.51.100.2 masquerade'

load "$gw_a" < <(ios_map 192.0.2.254 'host 192.0.2.1' 'host 192.0.2.254' transport)
flow=$(first_flow "$gw_a")
sa() { # SPI DIR TWIN
	echo "sa-new" "{\"spi\": $1, \"dir\": \"$2\", \"local\": \"c0000201\", \"remote\": \"c00002fe\"," \
		"\"flow-id\": $flow, \"mode\": \"transport\", \"cipher\": \"aes-gcm\"," \
		"\"enc-key\": \"$key\", \"twin-spi\": $3, \"encap-sport\": 4500," \
		"\"encap-dport\": 4500, \"flags\": [ \"follow-port\" ]}"
}
answers=$({ sa 4097 in 4098; sa 4098 out 4097; } | ynl "$gw_a" session)
is "SAs" "$(printf '%s\n' "$answers" | grep -c errno)" 0
background "$gw_b" sink python3 "$top/selftests/helpers/udp_sink.py" encap
wait_for 20 grep -q ready "$tmp/sink.log" || bail "socket of XFRM"
xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 198.51.100.2/32 192.0.2.1/32 transport 4098 4097 \
	"aead rfc4106(gcm(aes)) 0x$key 128 encap espinudp 4500 4500 0.0.0.0"

on "$gw_a" nft -f - <<'EOT'
table ip t {
	chain pre {
		type nat hook prerouting priority dstnat;
		iifname wan tcp dport 5301 dnat to 10.1.0.2:5201
	}
	chain post {
		type nat hook postrouting priority srcnat;
	}
}
EOT
tcp_server "$gw_a"
tcp_server "$host_a"
echo_server "$gw_a"

# checksums FILTER...: of the capture, how many packets have wrong and right ones
checksums() {
	tcpdump -n -vv -r "$wire" "$@" 2>/dev/null |
		awk '/incorrect|bad udp cksum/ { bad++ } / \(correct\)|udp sum ok/ { good++ }
			END { print bad + 0, (good ? "some" : "none") }'
}

watch_wire "$gw_a" wan
check "datagrams of 1-1400 bytes" echo_sizes "$gw_b" 192.0.2.1 1-16,1000,1400
check "2 MB of TCP" on "$gw_b" timeout 250 iperf3 -c 192.0.2.1 -n 2M
check "and back" on "$gw_b" timeout 250 iperf3 -c 192.0.2.1 -n 2M -R
wire_stop
is "TCP came with right checksums" "$(checksums 'tcp and src 192.0.2.254')" "0 some"
is "and UDP" "$(checksums 'udp and src 192.0.2.254 and dst port 7')" "0 some"
is "only ESP in UDP left" "$(wire_count 'tcp and src 192.0.2.1')" 0

watch_wire "$host_a" eth0
check "2 MB of TCP, forwarded" on "$gw_b" timeout 250 iperf3 -c 192.0.2.1 -p 5301 -n 2M
wire_stop
is "with right checksums" "$(checksums 'tcp and dst 10.1.0.2')" "0 some"
finish
