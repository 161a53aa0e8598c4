#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every drop reason of the spec, provoked: its counters move by exactly the packets
# that were dropped, of the namespace, the flow and the SA, all others stay, and
# the tracepoint tells of each. See helpers/drop_reasons.py.
#
#   far (a script) --- wan gw (ours) lan --- host
. "$(dirname "$0")/lib.sh"
modprobe -qa pcrypt cryptd crypto_user algif_aead tun dummy
mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing

make_ns far gw host
nsenter --net="/run/netns/$gw" sh -c '
	echo 0 >/proc/sys/net/ipv6/conf/all/disable_ipv6
	echo 0 >/proc/sys/net/ipv6/conf/default/disable_ipv6'
link "$far" wan 192.0.2.2/24 "$gw" wan 192.0.2.1/24
link "$gw" lan 10.1.0.1/24 "$host" eth0 10.1.0.2/24
ip -n "$far" route add 10.1.0.0/24 via 192.0.2.1
ip -n "$host" route add default via 10.1.0.1
ip -n "$gw" -batch - <<EOT
address add fd01::1/64 dev lan nodad
route add 10.0.0.0/8 via 192.0.2.2
route add fd02::/64 dev wan
link add bare type dummy
link set dev bare up
route add 10.4.0.0/24 dev bare
EOT
forward "$gw"

echo 1 >/sys/kernel/tracing/events/crypto_map/enable
defer sh -c 'echo 0 >/sys/kernel/tracing/events/crypto_map/enable'
relay_points nsenter --net="/run/netns/$gw" python3 "$top/selftests/helpers/drop_reasons.py" \
	"$("$top/packaging/kernel-tree.sh")/tools/net/ynl" "$far" "$host"
finish
