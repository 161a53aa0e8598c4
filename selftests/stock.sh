# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Our gateway and a stock strongSwan with XFRM. Sourced by tests that set mode
# (tunnel|transport) and role (initiator|responder: ours).
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
two_sites
if [ "$mode" = tunnel ]; then
	net_a='10.1.0.0 0.0.0.255' net_b='10.2.0.0 0.0.0.255'
	ts_a=10.1.0.0/24 ts_b=10.2.0.0/24
	from_a=$host_a from_b=$host_b to_a=10.1.0.2 to_b=10.2.0.2 shown=Tunnel
else
	net_a='host 192.0.2.1' net_b='host 198.51.100.2'
	ts_a=192.0.2.1/32 ts_b=198.51.100.2/32
	from_a=$gw_a from_b=$gw_b to_a=192.0.2.1 to_b=198.51.100.2 shown=Transport
fi
start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
load "$gw_a" < <(ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 "$net_a" "$net_b" "$mode")
swanctl_load "$gw_b" < <(stock_peer 198.51.100.2 192.0.2.1 secret "$ts_b" "$ts_a" "$mode")

watch_wire "$net" to_b
if [ "$role" = initiator ]; then
	check "the first ping starts the negotiation, and is answered" \
		pings "$from_a" "$to_b" -W 30
	ends='198\.51\.100\.2 +192\.0\.2\.1'
else
	check "the peer negotiates" on "$gw_b" swanctl --initiate --child net --timeout 30
	ends='192\.0\.2\.1 +198\.51\.100\.2'
fi
encaps=$(flow_count "$gw_a" encaps) decaps=$(flow_count "$gw_a" decaps)
check "pings from us" pings "$from_a" "$to_b"
check "pings from the peer" pings "$from_b" "$to_a"
like "IKE SA, with the roles" "$(on "$gw_a" cryptomap show crypto isakmp sa)" \
	"^$ends +QM_IDLE +1001 ACTIVE$"
like "the session is up" "$(on "$gw_a" cryptomap show crypto session)" \
	'^Session status: UP-ACTIVE'
like "the mode is $mode" "$(on "$gw_a" cryptomap show crypto ipsec sa)" \
	"in use settings =\{$shown,"
is "six encapsulated" "$(flow_count "$gw_a" encaps)" $((encaps + 6))
is "six decapsulated" "$(flow_count "$gw_a" decaps)" $((decaps + 6))
only_esp "nothing but ESP and IKE on the wire"
finish
