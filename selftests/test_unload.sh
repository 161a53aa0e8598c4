#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The module unloads under traffic, several times, with SAs, a configuration
# and packets on their way in both directions; what is left is plain routing.
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
for size in 56 1400; do
	background "$host_a" "flood-a-$size" ping -n -q -f -s "$size" 10.2.0.2
	background "$host_b" "flood-b-$size" ping -n -q -f -s "$size" 10.1.0.2
done
for i in 1 2 3; do
	before=$(flow_count "$gw_a" encaps)
	more() { [ "$(flow_count "$gw_a" encaps)" -gt $((before + 200)) ]; }
	check "$i: traffic is on its way" wait_for 30 more
	check "$i: unload" timeout 60 rmmod crypto_map
	check "$i: load again" insmod "$module"
	check "$i: configure again" sites
	check "$i: pings go through" pings "$host_a" 10.2.0.2
done
finish
