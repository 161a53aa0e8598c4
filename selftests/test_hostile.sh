#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Hostile packets, a part of them from somebody who has the keys: every ESP packet is
# counted once, memory does not grow, and legal traffic still flows afterwards.
#
#   far (packets of all kinds; XFRM) wan --- wan gw (ours) lan --- host
#
# HOSTILE_PACKETS, HOSTILE_SEED: how many, 20000, and which
. "$(dirname "$0")/lib.sh"
packets=${HOSTILE_PACKETS:-20000}
seed=${HOSTILE_SEED:-$((SRANDOM))}

make_ns far gw host
for ns in "$far" "$gw" "$host"; do
	nsenter --net="/run/netns/$ns" sh -c '
		echo 0 >/proc/sys/net/ipv6/conf/all/disable_ipv6
		echo 0 >/proc/sys/net/ipv6/conf/default/disable_ipv6
		echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
		echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
done
link "$far" wan 192.0.2.2/24 "$gw" wan 192.0.2.1/24
link "$gw" lan 10.1.0.1/24 "$host" eth0 10.1.0.2/24
ip -n "$far" -batch - <<EOT
address add 10.2.0.2/32 dev lo
address add fd02::2/128 dev lo
address add 2001:db8:a::2/64 dev wan nodad
route add 10.1.0.0/24 via 192.0.2.1 src 10.2.0.2
route add fd01::/64 via 2001:db8:a::1 src fd02::2
EOT
ip -n "$gw" -batch - <<EOT
address add 2001:db8:a::1/64 dev wan nodad
address add fd01::1/64 dev lan nodad
route add default via 192.0.2.2
route add default via 2001:db8:a::2
EOT
ip -n "$host" -batch - <<EOT
address add fd01::2/64 dev eth0 nodad
route add default via 10.1.0.1
route add default via fd01::1
EOT
forward "$gw"

key=$(printf '%02x' {0..31})
xfrm_peer "$far" 192.0.2.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4353 4097 \
	"enc ecb(cipher_null) '' auth-trunc hmac(sha256) 0x$key 128"
echo "# $packets packets, seed $seed"
relay_points nsenter --net="/run/netns/$gw" python3 "$top/selftests/helpers/hostile.py" \
	"$("$top/packaging/kernel-tree.sh")/tools/net/ynl" "$far" "$top/build/hostile" \
	"$packets" "$seed"
check "legal traffic flows from inside" pings "$host" 10.2.0.2
check "legal traffic flows from outside" pings "$far" 10.1.0.2 -I 10.2.0.2
finish
