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
load "$gw_a" <<EOT
crypto ipsec transform-set TS esp-gcm 128
ip access-list extended VPN-ACL
 permit ip host 10.1.0.2 10.2.0.0 0.0.0.255
crypto map VPN 10 ipsec-manual
 set peer 198.51.100.2
 set session-key inbound esp 4097 cipher $key
 set session-key outbound esp 4098 cipher $key
 set transform-set TS
 match address VPN-ACL
interface wan
 crypto map VPN
EOT
background "$host_a" arrived tcpdump -n -l -i eth0 icmp
wait_for 20 grep -q 'listening on' "$tmp/arrived.log" || bail "tcpdump"

check "what the map wants protected gets no answer" no_ping "$host_b" 10.1.0.2
check "another host of the site is reached in clear" pings "$host_b" 10.1.0.1
is "none of the three arrived" "$(grep -c 'echo request' "$tmp/arrived.log")" 0
is "each is counted as clear text" "$(drops "$gw_a" clear-text)" 3
finish
