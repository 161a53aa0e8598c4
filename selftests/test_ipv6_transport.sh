#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Transport mode over IPv6 between the two gateways themselves, against XFRM,
# with manual keys; also with extension headers, which go before ESP.
#
#   gw_a (ours) --- net --- gw_b (XFRM)
. "$(dirname "$0")/lib.sh"
two_sites
two_sites_ipv6
echo_server "$gw_b"
key=$(random_key 20)
check "configuration" manual_map "$gw_a" wan 2001:db8:b::2 2001:db8:a::1 2001:db8:b::2 \
	transport 4097 4098 "$key"
xfrm_peer "$gw_b" 2001:db8:b::2 2001:db8:a::1 2001:db8:b::2/128 2001:db8:a::1/128 transport \
	4098 4097 "aead rfc4106(gcm(aes)) 0x$key 128"
watch_wire "$net" to_b
check "1-1400 bytes both ways" echo_sizes "$gw_a" 2001:db8:b::2 1-1400
check "larger ones, in fragments of the outer packet" \
	echo_sizes "$gw_a" 2001:db8:b::2 1440-1470,2000,4000
check "a hop-by-hop options header" echo_sizes "$gw_a" 2001:db8:b::2 1-64,1000 hop
check "a destination options header" echo_sizes "$gw_a" 2001:db8:b::2 1-64,1000 destination
check "ping from the far end" pings "$gw_b" 2001:db8:a::1
wire_stop
[ "$(wire_count 'ip6[6] = 0 and ip6[40] = 50')" -ge 65 ] && pass "ESP follows the options" ||
	fail "ESP follows the options" "$(wire_count 'ip6[6] = 0 and ip6[40] = 50') packets"
like "the mode is transport" "$(ynl "$gw_a" dump sa-get)" '"mode": "transport"'
finish
