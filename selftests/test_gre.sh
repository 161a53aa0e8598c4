#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# GRE, also in UDP, and IPIP between the gateways in transport mode, as routing protocols
# over IPsec have it: super-packets of TCP through the tunnel device, while SAs are
# there and while they are not.
#
#   host_a --- gw_a (ours) --- net --- gw_b (ours) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
key=$(random_key 20)
tcp_server "$host_b"

tunnel() { # TYPE [OPTION]
	local ns
	for ns in "$gw_a" "$gw_b"; do ip -n "$ns" link del tun 2>/dev/null; done
	ip -n "$gw_a" link add tun type "$@" local 192.0.2.1 remote 198.51.100.2 ttl 64 &&
		ip -n "$gw_b" link add tun type "$@" local 198.51.100.2 remote 192.0.2.1 ttl 64 &&
		ip -n "$gw_a" link set tun mtu 1400 up && ip -n "$gw_b" link set tun mtu 1400 up &&
		ip -n "$gw_a" route replace 10.2.0.0/24 dev tun &&
		ip -n "$gw_b" route replace 10.1.0.0/24 dev tun
}
maps() { # PROTO
	manual_map "$gw_a" wan 198.51.100.2 192.0.2.1/32 198.51.100.2/32 transport 4097 4098 "$key" "$1" &&
		manual_map "$gw_b" wan 192.0.2.1 198.51.100.2/32 192.0.2.1/32 transport 4098 4097 "$key" "$1"
}
try() { # PROTO TYPE [OPTION]
	local proto=$1
	shift
	check "$*: tunnel devices" tunnel "$@"
	check "$*: maps" maps "$proto"
	watch_wire "$net" to_b
	check "$*: pings" pings "$host_a" 10.2.0.2
	check "$*: TCP" timeout 120 nsenter --net="/run/netns/$host_a" iperf3 -c 10.2.0.2 -n 2M
	only_esp "$*: nothing but ESP on the wire"
}
modprobe -qa ip_gre ipip
try 47 gre
try 47 gre csum
try 4 ipip

# in UDP, so that it looks like IKE when that is inside: by its socket
modprobe -qa fou
in_udp="gre encap fou encap-sport 5555 encap-dport 5555"
open_udp() {
	ip -n "$gw_a" fou add port 5555 ipproto 47 && ip -n "$gw_b" fou add port 5555 ipproto 47
}
# shellcheck disable=SC2086 # options
if open_udp && tunnel $in_udp; then
	try 17 $in_udp
	watch_wire "$net" to_b
	on "$gw_a" python3 "$top/selftests/helpers/bypass.py" 10.2.0.2 500
	only_esp "IKE of the gateway itself through the tunnel: nothing but ESP on the wire"
	is "one packet" "$(wire_count esp and src 192.0.2.1)" 1
else
	pass "GRE in UDP # SKIP not with this kernel"
fi

# TCP that starts while there is no SA waits for one
load "$gw_a" < <(ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 'host 192.0.2.1' 'host 198.51.100.2' transport)
load "$gw_b" < <(ios_phase1 192.0.2.1 secret
	ios_map 192.0.2.1 'host 198.51.100.2' 'host 192.0.2.1' transport)
start_charon "$gw_a" cryptomap
start_charon "$gw_b" cryptomap
check "gre: tunnel devices" tunnel gre
check "negotiated: pings" comes_up "$host_a" 10.2.0.2
background "$host_a" stream iperf3 -c 10.2.0.2 -t 60
stream_pid=$background_pid
for i in 1 2 3; do
	before=$(flow_count "$gw_a" encaps)
	more() { [ "$(flow_count "$gw_a" encaps)" -gt $((before + 300)) ]; }
	check "$i: a stream through the tunnel" wait_for 30 more
	check "$i: its SAs are cleared" on "$gw_a" cryptomap clear crypto sa
done
before=$(flow_count "$gw_a" encaps)
check "it goes on" wait_for 30 more
kill "$stream_pid"
finish
