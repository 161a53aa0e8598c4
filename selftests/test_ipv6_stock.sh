#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# IKE with IPv6, ours to stock strongSwan on XFRM, as initiator and as responder, in
# tunnel and in transport mode.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
. "$(dirname "$0")/ipv6.sh"
start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock

# stock MODE LOCAL REMOTE PEER-TS PEER-REMOTE-TS FROM-A TO-B FROM-B TO-A: in both roles
stock() {
	local what="$1" set=${1^^} from_a=$6 to_b=$7 from_b=$8 to_a=$9
	check "$what: gw_a takes its configuration" load "$gw_a" < <(
		phase1 $peer_b && map6 $peer_b "$2" "$3" "$set")
	swanctl_load "$gw_b" < <(stock_peer $peer_b $peer_a secret "$4" "$5" "$1")
	watch_wire "$net" to_b
	check "$what: we initiate" comes_up "$from_a" "$to_b"
	check "$what: pings from the peer" pings "$from_b" "$to_a"
	check "$what: ends" one_ike "$gw_a" 2001:DB8:B::2 2001:DB8:A::1
	on "$gw_b" swanctl --terminate --ike peer --force >/dev/null
	clear_all "$gw_a"
	check "$what: the peer initiates" on "$gw_b" swanctl --initiate --child net --timeout 30
	check "$what: pings from us" pings "$from_a" "$to_b"
	check "$what: pings from the peer again" pings "$from_b" "$to_a"
	check "$what: ends, the other way round" one_ike "$gw_a" 2001:DB8:A::1 2001:DB8:B::2
	only_esp "$what: nothing but ESP and IKE on the wire"
	on "$gw_b" swanctl --terminate --ike peer --force >/dev/null
	clear_all "$gw_a"
}
stock tunnel fd01::/64 fd02::/64 fd02::/64 fd01::/64 "$host_a" fd02::2 "$host_b" fd01::2
stock transport "host $peer_a" "host $peer_b" $peer_b/128 $peer_a/128 \
	"$gw_a" $peer_b "$gw_b" $peer_a
finish
