#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Clear text that a map wants protected is refused when it comes in from
# outside, and counted; other clear text passes.
#
#   host_a --- gw_a (ours) --- net --- gw_b (no IPsec) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
route_in_clear
check "without a map clear text comes in" pings "$host_b" 10.1.0.2

key=$(random_key 20)
load "$gw_a" < <(ios_manual 198.51.100.2 'host 10.1.0.2' '10.2.0.0 0.0.0.255' 4097 4098 \
	'esp-gcm 128' "cipher $key")
background "$host_a" arrived tcpdump -n -l -i eth0 icmp
wait_for 20 grep -q 'listening on' "$tmp/arrived.log" || bail "tcpdump"

check "what the map wants protected gets no answer" no_ping "$host_b" 10.1.0.2
check "another host of the site is reached in clear" pings "$host_b" 10.1.0.1
is "none of the three arrived" "$(grep -c 'echo request' "$tmp/arrived.log")" 0
is "each is counted as clear text" "$(drops "$gw_a" clear-text)" 3
finish
