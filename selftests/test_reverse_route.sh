#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Reverse routes of gw_a, which has no other to the far site: with SAs and without,
# over a restart of the daemon, and what becomes of those that cannot be.
#
#   host_a --- gw_a (ours) --- net --- gw_b (ours) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
ip -n "$gw_a" route del default
ip -n "$gw_a" route add 198.51.100.2 via 192.0.2.254

# config LINE...: of gw_a, a flow to the far site of the gateway, and one of the hosts
# that are named in $hosts
hosts='host 10.1.0.2'
config() {
	load "$gw_a" < <(ios_phase1 198.51.100.2 secret
		ios_map 198.51.100.2 'host 10.1.0.1' '10.2.0.0 0.0.0.255' tunnel "$@"
		printf 'ip access-list extended VPN-ACL\n 5 permit ip %s 10.2.0.0 0.0.0.255\n' "$hosts")
}
routes() { ip -n "$gw_a" "$@" route show proto 50; }
# route_is [-6] ROUTE: the reverse routes are this one, or none
route_is() {
	local family=-4
	[ "$1" != -6 ] || { family=-6; shift; }
	[ "$(routes "$family" | sed 's/ pref medium//; s/ *$//')" = "$1" ]
}
# becomes WHAT ROUTE: soon
becomes() {
	local what=$1
	shift
	if wait_for 10 route_is "$@"; then pass "$what"; else fail "$what" "$(routes -4; routes -6)"; fi
}
log_has() { grep -q -- "$1" "$tmp/$gw_a.charon.log"; }
route='10.2.0.0/24 via 192.0.2.254 dev wan metric 20'

start_charon "$gw_a" cryptomap
start_charon "$gw_b" cryptomap
dynamic=(reverse-route 'set reverse-route distance 20' 'set reverse-route tag 7')
config "${dynamic[@]}" || bail "load"
load "$gw_b" < <(ios_phase1 192.0.2.1 secret
	ios_map 192.0.2.1 '10.2.0.0 0.0.0.255' 'host 10.1.0.2'
	printf 'ip access-list extended VPN-ACL\n permit ip 10.2.0.0 0.0.0.255 host 10.1.0.1\n') ||
	bail "load at the other end"

#
# While there are SAs
#
check "no route without an SA" no_ping "$host_a" 10.2.0.2
is "nor a reverse one" "$(routes)" ""
check "the other end brings SAs up, and is answered" pings "$host_b" 10.1.0.2 -W 30
becomes "by a route with the distance as metric" "$route"
check "which serves this end, too" pings "$host_a" 10.2.0.2
check "the second flow comes up" pings "$host_b" 10.1.0.1 -W 30
hosts='host 10.1.0.9' config reverse-route 'set reverse-route distance 21' ||
	bail "load without the first flow"
becomes "the route stays with the second, at a new distance" "${route/%20/21}"
hosts='host 10.1.0.2' config "${dynamic[@]}" || bail "load with the first flow"
becomes "and at the old one" "$route"
out=$(on "$gw_a" cryptomap show crypto map)
like "show crypto map tells of them" "$out" 'Reverse Route Injection Enabled$'
like "and of the tag" "$out" 'tag 7$'
is "running-config, too" \
	"$(on "$gw_a" cryptomap show running-config | grep reverse-route | sort)" \
	"$(printf ' %s\n' "${dynamic[@]}" | sort)"
on "$gw_b" cryptomap clear crypto sa >/dev/null
becomes "it goes with the peer's SAs" ""
check "up again" pings "$host_b" 10.1.0.2 -W 30
becomes "with the route" "$route"
on "$gw_a" cryptomap clear crypto sa >/dev/null
becomes "it goes with our SAs" ""

#
# Always
#
static=$'10.2.0.0/24 via 192.0.2.254 dev wan metric 1\n198.51.100.2 via 192.0.2.254 dev wan metric 1'
check "load static routes by remote-peer" config 'reverse-route remote-peer 192.0.2.254 static'
becomes "they are there" "$static"
check "and bring SAs up" pings "$host_a" 10.2.0.2 -W 30
ip -n "$gw_a" link set wan down
ip -n "$gw_a" link set wan up
ip -n "$gw_a" route add 198.51.100.2 via 192.0.2.254
becomes "they come back with the interface" "$static"
stop_charon "$gw_a" KILL
ip -n "$gw_a" route add 10.9.0.0/24 via 192.0.2.254 proto 50 metric 1
background "$gw_a" monitor ip monitor route
monitor_hears() {
	ip -n "$gw_a" route add 10.8.0.0/24 via 192.0.2.254
	ip -n "$gw_a" route del 10.8.0.0/24
	grep -q 10.8 "$tmp/monitor.log"
}
wait_for 10 monitor_hears || bail "ip monitor"
start_charon "$gw_a" cryptomap
becomes "a new daemon deletes what is not wanted" "$static"
is "and touches no other" "$(grep -v 10.8 "$tmp/monitor.log")" \
	'Deleted 10.9.0.0/24 via 192.0.2.254 dev wan proto cryptomap metric 1 '
check "traffic goes on" pings "$host_a" 10.2.0.2

#
# What cannot be
#
check "load without a map on the interface" load "$gw_a" < <(ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 'host 10.1.0.2' '10.2.0.0 0.0.0.255' | grep -v -e '^interface' -e '^ crypto map')
becomes "no static route without the map" ""
ip -n "$gw_a" route add 10.2.0.0/24 via 192.0.2.254 metric 1
config 'reverse-route static' || bail "load"
check "a route that is there is told of" wait_for 10 log_has 'no reverse route to 10.2.0.0/24, metric 1: '
is "and left" "$(ip -n "$gw_a" route show 10.2.0.0/24)" '10.2.0.0/24 via 192.0.2.254 dev wan metric 1 '
ip -n "$gw_a" route del 10.2.0.0/24
becomes "when it goes ours comes" '10.2.0.0/24 via 192.0.2.254 dev wan metric 1'
ip -n "$gw_a" route del 198.51.100.2
becomes "which needs one to the peer" ""
check "as the log says" log_has 'VPN 10, access list entry 10: no route to the peer by this interface'
two_sites_ipv6
load "$gw_a" <<-EOT
	crypto ipsec transform-set TS esp-gcm
	ip access-list extended A
	 permit ip 10.1.0.0 0.0.0.255 198.51.100.0 0.0.0.255
	ipv6 access-list A6
	 permit ipv6 FD01::/64 FD02::/64
	crypto map M 10 ipsec-isakmp
	 set peer 198.51.100.2
	 set transform-set TS
	 match address A
	 reverse-route static
	crypto map ipv6 M6 10 ipsec-isakmp
	 set peer 2001:DB8:B::2
	 set transform-set TS
	 match address A6
	 reverse-route static
	interface wan
	 crypto map M
	 ipv6 crypto map M6
EOT
becomes "IPv6" -6 'fd02::/64 via 2001:db8:a::ff dev wan metric 1'
check "no route to a network that has the peer in it" route_is ""
check "of which the log tells" log_has 'M 10, access list entry 10: the network has the peer in it'
finish
