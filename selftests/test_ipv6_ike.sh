#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# IKE with IPv6, ours to ours, as initiator and as responder, in tunnel and in
# transport mode; an IPv4 and an IPv6 crypto map on one interface; IPv6 networks
# between IPv4 peers and the reverse; any to any.
#
#   host_a --- gw_a (ours) --- net --- gw_b (ours) --- host_b
. "$(dirname "$0")/ipv6.sh"
start_charon "$gw_a" cryptomap
start_charon "$gw_b" cryptomap

#
# Ours to ours
#
check "tunnel: gw_a takes its configuration" load "$gw_a" < <(
	phase1 $peer_b && map6 $peer_b fd01::/64 fd02::/64)
check "tunnel: gw_b takes its configuration" load "$gw_b" < <(
	phase1 $peer_a && map6 $peer_a fd02::/64 fd01::/64)
watch_wire "$net" to_b
check "tunnel: gw_a initiates" pings "$host_a" fd02::2 -W 30
check "tunnel: gw_a tells the ends by role" one_ike "$gw_a" 2001:DB8:B::2 2001:DB8:A::1
check "tunnel: gw_b tells the ends by role" one_ike "$gw_b" 2001:DB8:B::2 2001:DB8:A::1
out=$(show "$gw_a" ipsec sa)
like "tunnel: identities" "$out" '^   local  ident \(addr/mask/prot/port\): \(FD01::/64/0/0\)$'
like "tunnel: mode" "$out" 'in use settings =\{Tunnel,'
like "tunnel: peer" "$out" '^   current_peer 2001:DB8:B::2 port 500$'
out=$(show "$gw_a" session)
like "tunnel: the session is up" "$out" '^Session status: UP-ACTIVE'
like "tunnel: its flow" "$out" '^  IPSEC FLOW: permit ipv6 FD01::/64 FD02::/64 $'
out=$(show "$gw_a" map)
like "tunnel: map" "$out" '^Crypto Map IPv6 "VPN6" 10 ipsec-isakmp$'
like "tunnel: its access list" "$out" '^	IPv6 access list ACL6$'
like "tunnel: matches are counted" "$(on "$gw_a" cryptomap show access-lists)" \
	'^    permit ipv6 FD01::/64 FD02::/64 \([0-9]+ matches\) sequence 10$'
on "$gw_a" cryptomap show running-config >"$tmp/running"
check "tunnel: the running configuration loads" load "$gw_a" <"$tmp/running"
is "tunnel: and is the same then" "$(on "$gw_a" cryptomap show running-config)" \
	"$(cat "$tmp/running")"
check "tunnel: the SAs are left alone by that" pings "$host_a" fd02::2 -W 1
check "tunnel: clear by peer" on "$gw_a" cryptomap clear crypto sa peer $peer_b
clear_all "$gw_a" "$gw_b"
check "tunnel: gw_b initiates" pings "$host_b" fd01::2 -W 30
check "tunnel: gw_b was the initiator" one_ike "$gw_b" 2001:DB8:A::1 2001:DB8:B::2
only_esp "tunnel: nothing but ESP and IKE on the wire"

clear_all "$gw_a" "$gw_b"
check "transport: gw_a takes its configuration" load "$gw_a" < <(
	phase1 $peer_b && map6 $peer_b "host $peer_a" "host $peer_b" TRANSPORT)
check "transport: gw_b takes its configuration" load "$gw_b" < <(
	phase1 $peer_a && map6 $peer_a "host $peer_b" "host $peer_a" TRANSPORT)
watch_wire "$net" to_b
check "transport: gw_a initiates" pings "$gw_a" $peer_b -W 30
like "transport: mode" "$(show "$gw_a" ipsec sa)" 'in use settings =\{Transport,'
clear_all "$gw_a" "$gw_b"
check "transport: gw_b initiates" pings "$gw_b" $peer_a -W 30
only_esp "transport: nothing but ESP and IKE on the wire"

#
# An IPv4 and an IPv6 map on one interface
#
clear_all "$gw_a" "$gw_b"
check "both: gw_a takes its configuration" load "$gw_a" < <(
	phase1 $peer_b 198.51.100.2
	map4 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255'
	map6 $peer_b fd01::/64 fd02::/64)
check "both: gw_b takes its configuration" load "$gw_b" < <(
	phase1 $peer_a 192.0.2.1
	map4 192.0.2.1 '10.2.0.0 0.0.0.255' '10.1.0.0 0.0.0.255'
	map6 $peer_a fd02::/64 fd01::/64)
watch_wire "$net" to_b
check "both: IPv4" pings "$host_a" 10.2.0.2 -W 30
check "both: IPv6" pings "$host_a" fd02::2 -W 30
like "both: ISAKMP SA of IPv4" "$(show "$gw_a" isakmp sa)" \
	'^198\.51\.100\.2 +192\.0\.2\.1 +QM_IDLE +[0-9]+ ACTIVE$'
check "both: ISAKMP SA of IPv6" one_ike "$gw_a" 2001:DB8:B::2 2001:DB8:A::1
is "both: two sessions are up" "$(show "$gw_b" session | grep -c UP-ACTIVE)" 2
only_esp "both: nothing but ESP and IKE on the wire"

#
# Peers of the other family
#
clear_all "$gw_a" "$gw_b"
out=$(on "$gw_a" cryptomap check - < <(phase1 198.51.100.2
	map6 198.51.100.2 fd01::/64 fd02::/64) 2>&1)
like "mixed: warned of" "$out" 'warning: the peer is of the other address family'
check "mixed: gw_a takes its configuration" load "$gw_a" < <(
	phase1 198.51.100.2 $peer_b
	map4 $peer_b '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255'
	map6 198.51.100.2 fd01::/64 fd02::/64)
check "mixed: gw_b takes its configuration" load "$gw_b" < <(
	phase1 192.0.2.1 $peer_a
	map4 $peer_a '10.2.0.0 0.0.0.255' '10.1.0.0 0.0.0.255'
	map6 192.0.2.1 fd02::/64 fd01::/64)
watch_wire "$net" to_b
check "mixed: IPv6 networks between IPv4 peers" pings "$host_a" fd02::2 -W 30
check "mixed: IPv4 networks between IPv6 peers" pings "$host_b" 10.1.0.2 -W 30
only_esp "mixed: nothing but ESP and IKE on the wire"

#
# Any to any
#
clear_all "$gw_a" "$gw_b"
check "any: gw_a takes its configuration" load "$gw_a" < <(
	phase1 $peer_b 198.51.100.2
	map4 198.51.100.2 any any
	map6 $peer_b any any)
check "any: gw_b takes its configuration" load "$gw_b" < <(
	phase1 $peer_a 192.0.2.1
	map4 192.0.2.1 any any
	map6 $peer_a any any)
watch_wire "$net" to_b
check "any: IPv4" pings "$host_a" 10.2.0.2 -W 30
check "any: IPv6" pings "$host_a" fd02::2 -W 30
like "any: identities" "$(show "$gw_a" ipsec sa)" \
	'^   local  ident \(addr/mask/prot/port\): \(::/0/0/0\)$'
only_esp "any: nothing but ESP and IKE on the wire"

#
# Level per-host
#
pair_level() { printf 'crypto map ipv6 VPN6 10\n set security-association level per-host\n'; }
clear_all "$gw_a" "$gw_b"
check "per-host: gw_a takes its configuration" load "$gw_a" < <(
	phase1 $peer_b && map6 $peer_b fd01::/64 fd02::/64 && pair_level)
check "per-host: gw_b takes its configuration" load "$gw_b" < <(
	phase1 $peer_a && map6 $peer_a fd02::/64 fd01::/64 && pair_level)
check "per-host: gw_a initiates" pings "$host_a" fd02::2 -W 30
like "per-host: the SAs of two hosts" "$(show "$gw_a" ipsec sa)" \
	'^   remote ident \(addr/mask/prot/port\): \(FD02::2/128/0/0\)$'
like "per-host: on both sides" "$(show "$gw_b" ipsec sa)" \
	'^   remote ident \(addr/mask/prot/port\): \(FD01::2/128/0/0\)$'

#
# A peer that nobody knew
#
clear_all "$gw_a" "$gw_b"
n_flows() { [ "$(show "$gw_a" ipsec sa | grep -c 'local  ident')" = "$1" ]; }
check "dynamic: gw_a takes its configuration" load "$gw_a" <<-EOT
	$(phase1)
	crypto isakmp key secret address ipv6 2001:db8:b::/48
	crypto dynamic-map UNKNOWN 10
	 set transform-set TUNNEL
	crypto map ipv6 VPN6 10 ipsec-isakmp dynamic UNKNOWN
	interface wan
	 ipv6 crypto map VPN6
	EOT
check "dynamic: gw_b takes its configuration" load "$gw_b" < <(
	phase1 $peer_a && map6 $peer_a fd02::/64 fd01::/64)
on "$gw_a" cryptomap show running-config >"$tmp/running"
check "dynamic: the running configuration loads" load "$gw_a" <"$tmp/running"
check "dynamic: there is no flow yet" n_flows 0
watch_wire "$net" to_b
check "dynamic: gw_b initiates" pings "$host_b" fd01::2 -W 30
check "dynamic: there is one now" n_flows 1
like "dynamic: of what gw_b asked for" "$(show "$gw_a" session)" \
	'^  IPSEC FLOW: permit ipv6 FD01::/64 FD02::/64 $'
check "dynamic: it carries what gw_a sends" pings "$host_a" fd02::2
only_esp "dynamic: nothing but ESP and IKE on the wire"
on "$gw_b" cryptomap clear crypto sa
check "dynamic: the flow goes with its SAs" wait_for 10 n_flows 0
finish
