#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The module unloads under traffic, several times, with SAs, a configuration
# and packets on their way in both directions, at last while as many as may wait, for an
# SA and for its keys; what is left is plain routing.
#
#   host_a --- gw_a (ours) --- net --- gw_b (ours) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
route_in_clear

# site NAMESPACE PEER LOCAL-NET REMOTE-NET SPI-IN SPI-OUT
key=$(random_key 32)
auth=$(random_key 32)
site() {
	load "$1" < <(ios_manual "$2" "$3 0.0.0.255" "$4 0.0.0.255" "$5" "$6" \
		'esp-aes 256 esp-sha256-hmac' "cipher $key authenticator $auth")
}
sites() {
	site "$gw_a" 198.51.100.2 10.1.0.0 10.2.0.0 4097 4098 &&
		site "$gw_b" 192.0.2.1 10.2.0.0 10.1.0.0 4098 4097
}

check "the module is loaded and configured" sites
check "pings go through" pings "$host_a" 10.2.0.2
# a flood leaves a debug kernel no time for anything else
often=-f
grep -q kmemleak=on /proc/cmdline && often='-i 0.01'
for size in 56 1400; do
	background "$host_a" "flood-a-$size" ping -n -q $often -s "$size" 10.2.0.2
	background "$host_b" "flood-b-$size" ping -n -q $often -s "$size" 10.1.0.2
done
# packets wait in gw_a, which has no SA for the one direction and no keys for the other
make_wait() {
	load "$gw_a" < <(ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255')
	netlink_open "$gw_a"
	request daemon-set '{"daemon": 1}'
	request spi-alloc '{"local": "c0000201", "spi-min": 4097, "spi-max": 4097}'
	check "as many packets as may wait" wait_for 30 full
}
full() {
	request stats-get '' && [[ $answer == *'"held": 128'* ]] &&
		[ "$(drops "$gw_a" larval-full)" -gt 0 ]
}

for i in 1 2 3 4; do
	before=$(flow_count "$gw_a" encaps)
	more() { [ "$(flow_count "$gw_a" encaps)" -gt $((before + 200)) ]; }
	check "$i: traffic is on its way" wait_for 30 more
	[ "$i" != 4 ] || make_wait
	check "$i: unload" timeout 60 rmmod crypto_map
	[ "$i" != 4 ] || netlink_close
	check "$i: load again" insmod "$module"
	check "$i: configure again" sites
	check "$i: pings go through" pings "$host_a" 10.2.0.2
done
finish
