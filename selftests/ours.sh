# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Two of our gateways, each as initiator and as responder. Sourced by tests that
# set mode (tunnel|transport).
#
#   host_a --- gw_a (ours) --- net --- gw_b (ours) --- host_b
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
two_sites
if [ "$mode" = tunnel ]; then
	net_a='10.1.0.0 0.0.0.255' net_b='10.2.0.0 0.0.0.255'
	from_a=$host_a from_b=$host_b to_a=10.1.0.2 to_b=10.2.0.2 shown=Tunnel
else
	net_a='host 192.0.2.1' net_b='host 198.51.100.2'
	from_a=$gw_a from_b=$gw_b to_a=192.0.2.1 to_b=198.51.100.2 shown=Transport
fi
start_charon "$gw_a" cryptomap
start_charon "$gw_b" cryptomap
check "gw_a takes its configuration" load "$gw_a" < <(
	ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 "$net_a" "$net_b" "$mode")
check "gw_b takes its configuration" load "$gw_b" < <(
	ios_phase1 192.0.2.1 secret
	ios_map 192.0.2.1 "$net_b" "$net_a" "$mode")

watch_wire "$net" to_b
check "gw_a initiates: pings are answered" pings "$from_a" "$to_b" -W 30
like "gw_a: it was the initiator" "$(on "$gw_a" cryptomap show crypto isakmp sa)" \
	'^198\.51\.100\.2 +192\.0\.2\.1 +QM_IDLE +1001 ACTIVE$'
like "gw_b: it was the responder" "$(on "$gw_b" cryptomap show crypto isakmp sa)" \
	'^198\.51\.100\.2 +192\.0\.2\.1 +QM_IDLE +1001 ACTIVE$'
like "gw_a: the session is up" "$(on "$gw_a" cryptomap show crypto session)" \
	'^Session status: UP-ACTIVE'
like "gw_b: the session is up" "$(on "$gw_b" cryptomap show crypto session)" \
	'^Session status: UP-ACTIVE'
like "the mode is $mode" "$(on "$gw_a" cryptomap show crypto ipsec sa)" \
	"in use settings =\{$shown,"
is "both SAs tell of the replay window" \
	"$(on "$gw_a" cryptomap show crypto ipsec sa | grep -c 'replay detection support: Y')" 2
is "gw_a encapsulated three" "$(flow_count "$gw_a" encaps)" 3
is "gw_b decapsulated three" "$(flow_count "$gw_b" decaps)" 3

on "$gw_a" cryptomap clear crypto session ||
	{ on "$gw_a" cryptomap clear crypto sa && on "$gw_a" cryptomap clear crypto isakmp; }
no_sas() { ! on "$1" cryptomap show crypto ipsec sa | grep -q 'spi: 0x[1-9A-F]'; }
check "gw_a: cleared" wait_for 20 no_sas "$gw_a"
check "gw_b: told of it" wait_for 20 no_sas "$gw_b"
check "gw_b initiates: pings are answered" pings "$from_b" "$to_a" -W 30
like "gw_b: it was the initiator" "$(on "$gw_b" cryptomap show crypto isakmp sa)" \
	'^192\.0\.2\.1 +198\.51\.100\.2 +QM_IDLE +100[0-9] ACTIVE$'
only_esp "nothing but ESP and IKE on the wire"
finish
