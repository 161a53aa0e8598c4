#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A gateway's namespace is deleted under traffic, several times, at last while packets
# wait for an SA: it goes, and nothing leaves it in clear meanwhile.
#
#   host_a --- gw (ours) --- sink
. "$(dirname "$0")/lib.sh"
make_ns host_a sink
key=$(random_key 20)
background "$sink" flood-listen sleep 600

gone_device() { ! ip -n "$sink" link show eth0; }
busy() { [ "$(wire_count esp)" -gt 100 ]; }
# packets, as many as may, wait for what the daemon negotiates; then it ends
waiting() {
	load "$gw" < <(ios_map 192.0.2.254 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255') || return
	netlink_open "$gw"
	request daemon-set '{"daemon": 1}'
	wait_for 20 full
	netlink_close
	ynl "$gw" dump flow-get | grep '"held": 128'
}
full() { request stats-get '' && [[ $answer == *'"held": 128'* ]]; }

for i in 1 2 3 4 5 6; do
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
	check "$i: traffic" wait_for 30 busy
	[ "$i" != 6 ] || check "$i: packets that wait" waiting
	umount "$tmp/$gw.mnt"
	rm "$tmp/$gw.mnt"	# for the next one
	check "$i: the namespace goes" ip netns del "$gw"
	check "$i: with its devices" wait_for 60 gone_device
	kill "$flood_pid" "$wire_pid" 2>/dev/null
	wait "$flood_pid" "$wire_pid" 2>/dev/null
	is "$i: nothing left it in clear" "$(wire_count icmp)" 0
done
finish
