#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A gateway's namespace is deleted under traffic, several times: it goes, and
# nothing leaves it in clear meanwhile.
#
#   host_a --- gw (ours) --- sink
. "$(dirname "$0")/lib.sh"
make_ns host_a sink
key=$(random_key 20)
background "$sink" flood-listen sleep 600

for i in 1 2 3 4 5; do
	make_ns gw
	link "$host_a" eth0 10.1.0.2/24 "$gw" lan 10.1.0.1/24
	link "$gw" wan 192.0.2.1/24 "$sink" eth0 192.0.2.254/24
	ip -n "$host_a" route add default via 10.1.0.1
	ip -n "$gw" route add default via 192.0.2.254
	forward "$gw"
	check "$i: a map" manual_map "$gw" wan 192.0.2.254 10.1.0.0/24 10.2.0.0/24 tunnel 4097 4098 "$key"
	watch_wire "$sink" eth0
	background "$host_a" "flood-$i" ping -n -q -f 10.2.0.2
	flood_pid=$background_pid
	busy() { [ "$(wire_count esp)" -gt 100 ]; }
	check "$i: traffic" wait_for 30 busy
	umount "$tmp/$gw.mnt"
	rm "$tmp/$gw.mnt"	# for the next one
	check "$i: the namespace goes" ip netns del "$gw"
	gone_device() { ! ip -n "$sink" link show eth0; }
	check "$i: with its devices" wait_for 60 gone_device
	kill "$flood_pid" "$wire_pid" 2>/dev/null
	wait "$flood_pid" "$wire_pid" 2>/dev/null
	is "$i: nothing left it in clear" "$(wire_count icmp)" 0
done
finish
