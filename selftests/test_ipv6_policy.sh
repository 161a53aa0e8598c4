#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What an IPv6 map wants protected never passes in clear, however it is cut, and
# neighbour discovery goes on when the map wants everything.
#
#   host_a --- gw_a (ours) --- net --- gw_b (ours, or nothing) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
two_sites_ipv6
route_in_clear_ipv6
echo_server "$host_b"
key=$(random_key 20)

# maps LOCAL-NET REMOTE-NET [PROTO PORT]: on both gateways
maps() {
	local here=$1 there=$2
	shift 2
	manual_map "$gw_a" wan 2001:db8:b::2 "$here" "$there" tunnel 4097 4098 "$key" "$@" &&
		manual_map "$gw_b" wan 2001:db8:a::1 "$there" "$here" tunnel 4098 4097 "$key" \
			${1:+"$1" "local:$2"}
}

check "without a map clear text comes in" pings "$host_b" fd01::2
manual_map "$gw_a" wan 2001:db8:b::2 fd01::2/128 fd02::/64 tunnel 4097 4098 "$key"
check "what the map wants protected gets no answer" no_ping "$host_b" fd01::2
check "another host of the site is reached in clear" pings "$host_b" fd01::1
is "each is counted as clear text" "$(drops "$gw_a" clear-text)" 3

check "a map for everything" maps ::/0 ::/0
for ns in "$gw_a" "$gw_b" "$net"; do ip -n "$ns" -6 neigh flush all; done
watch_wire "$net" to_b
check "neighbours find each other, pings go through" pings "$host_a" fd02::2 -W 10
for ns in "$gw_a" "$gw_b" "$net"; do ip -n "$ns" -6 neigh flush all; done
check "and again, from the other side" pings "$host_b" fd01::2 -W 10
only_esp "nothing but ESP and what the link needs on the wire"

check "a map for one port" maps fd01::/64 fd02::/64 17 7
watch_wire "$net" to_a
check "datagrams of the port, in fragments too" echo_sizes "$host_a" fd02::2 1,1400,1500,3000
check "fragments that do not even show their protocol" \
	echo_sizes "$host_a" fd02::2 1500,3000 destination
only_esp "all of it in ESP"
check "other traffic passes in clear" pings "$host_a" fd02::2
finish
