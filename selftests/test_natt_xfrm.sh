#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# UDP port 4500 of one host for SAs of ours and of XFRM, and for IKE: to each what
# is for it.
#
#   host_a --- gw_a (ours and XFRM) --- net --- gw_b (XFRM) --- host_b
#                                           \-- gw_c (XFRM) --- host_c
. "$(dirname "$0")/lib.sh"
two_sites
third_site
key=$(random_key 20)
gcm="aead rfc4106(gcm(aes)) 0x$key 128 encap espinudp 4500 4500 0.0.0.0"
load "$gw_a" < <(ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255')
flow=$(first_flow "$gw_a")
sa() { # SPI DIR TWIN
	echo "sa-new" "{\"spi\": $1, \"dir\": \"$2\", \"local\": \"c0000201\", \"remote\": \"c6336402\"," \
		"\"flow-id\": $flow, \"mode\": \"tunnel\", \"cipher\": \"aes-gcm\"," \
		"\"enc-key\": \"$key\", \"twin-spi\": $3, \"encap-sport\": 4500, \"encap-dport\": 4500}"
}
answers=$({ sa 4097 in 4098; sa 4098 out 4097; } | ynl "$gw_a" session)
is "SAs" "$(printf '%s\n' "$answers" | grep -c errno)" 0
for ns in "$gw_a" "$gw_b" "$gw_c"; do
	background "$ns" "sink-$ns" python3 "$top/selftests/helpers/udp_sink.py" encap
	wait_for 20 grep -q ready "$tmp/sink-$ns.log" || bail "socket in $ns"
done
xfrm_peer "$gw_a" 192.0.2.1 203.0.113.3 10.1.0.0/24 10.3.0.0/24 tunnel 8193 8194 "$gcm"
xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 "$gcm"
xfrm_peer "$gw_c" 203.0.113.3 192.0.2.1 10.3.0.0/24 10.1.0.0/24 tunnel 8194 8193 "$gcm"

check "an SA of ours" pings "$host_a" 10.2.0.2
check "the other way" pings "$host_b" 10.1.0.2
is "six came to us" "$(flow_count "$gw_a" decaps)" 6
check "an SA of XFRM" pings "$host_a" 10.3.0.2
check "the other way" pings "$host_c" 10.1.0.2
is "which did not come to us" "$(flow_count "$gw_a" decaps)" 6

on "$gw_b" python3 - <<'EOT'
import socket
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for payload in b"\0\0\0\0IKE", b"\xff", b"\xff\xff", b"\0\0\x10\x01", b"":
    sock.sendto(payload, ("192.0.2.1", 4500))
EOT
came() { [ "$(grep -vc ready "$tmp/sink-$gw_a.log")" = "$1" ]; }
check "IKE and what is too short for ESP comes to the socket, no keepalive" wait_for 10 came 4
is "as it was" "$(sed -n '/ready/!p' "$tmp/sink-$gw_a.log" | tr '\n' ' ')" "00000000494b45 ffff 00001001  "
is "nothing was dropped" "$(on "$gw_a" cryptomap show drops | awk '{ n += $2 } END { print n + 0 }')" 0
finish
