#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A hub with a dynamic crypto map and a key for all, and two spokes that it does not
# know: flows come with what the spokes negotiate and go with their SAs.
#
#   host_a --- gw_a (ours) --- net +-- gw_b (stock) --- host_b
#                                  +-- gw_c (stock) --- host_c
. "$(dirname "$0")/lib.sh"
two_sites
third_site
ip -n "$net" route add 10.1.0.0/24 via 192.0.2.1
# somebody who is not behind a spoke, and says so
ip -n "$net" address add 10.2.0.9/32 dev lo

# hub [LINE...]: its configuration; lines go into the entry of the dynamic map
hub() {
	ios_phase1 0.0.0.0 secret
	cat <<-EOT
	crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
	crypto ipsec transform-set OTHER esp-gcm 256
	ip access-list extended SPOKES
	 permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.1.255.255
	crypto dynamic-map SPOKE 5
	 set transform-set OTHER
	crypto dynamic-map SPOKE 10
	 set transform-set TS
	EOT
	[ $# -eq 0 ] || printf ' %s\n' "$@"
	printf 'crypto map VPN 65535 ipsec-isakmp dynamic SPOKE\ninterface wan\n crypto map VPN\n'
}

# another CHILD LOCAL-TS: lines that end a child and begin another one
another() {
	printf '%s\n' "}" "$1 {" "local_ts = $2" "remote_ts = 10.1.0.0/24" \
		"esp_proposals = aes256-sha256"
}

flows() {
	on "$gw_a" cryptomap show crypto ipsec sa --json | python3 -c '
import json, sys
for flow in json.load(sys.stdin):
    print(flow["flow"], flow["remote-ident"]["address"], flow["outbound-spi"])'
}
n_flows() { [ "$(flows | wc -l)" = "$1" ]; }
# initiated: phase 1 that the hub started
initiated() { on "$gw_a" cryptomap show crypto isakmp sa | grep -cE '^[0-9.]+ +192\.0\.2\.1 '; }
# refused WHAT NAMESPACE CHILD PATTERN: the hub refuses, and its log says why
refused() {
	if on "$2" swanctl --initiate --child "$3" --timeout 5 >/dev/null 2>&1; then
		fail "$1" "it is up"
	else
		like "$1" "$(cat "$tmp/$gw_a.charon.log")" "$4"
	fi
}

start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
start_charon "$gw_c" stock
check "the hub takes its configuration" load "$gw_a" < <(hub)
swanctl_load "$gw_b" < <(stock_peer 198.51.100.2 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24 \
	tunnel "start_action = trap")
swanctl_load "$gw_c" < <(stock_peer 203.0.113.3 192.0.2.1 secret 10.3.0.0/24 10.1.0.0/24 \
	tunnel "start_action = trap" "$(another thief 10.2.0.128/25)" "$(another far 10.9.0.0/24)")

on "$host_a" ping -n -q -c 1 -W 1 10.2.0.2 >/dev/null
check "there is no flow before a spoke asks for one" n_flows 0
check "nobody negotiated: clear text passes" pings "$net" 10.1.0.2 -I 10.2.0.9

watch_wire "$net" to_a
check "traffic of the first spoke brings it up" comes_up "$host_b" 10.1.0.2
check "traffic of the second spoke brings it up" comes_up "$host_c" 10.1.0.2
check "pings to the first spoke" pings "$host_a" 10.2.0.2
check "pings to the second spoke" pings "$host_a" 10.3.0.2
before=$(flows)
check "the same configuration again" load "$gw_a" < <(hub)
is "flows and SAs stay" "$(flows)" "$before"
check "and carry traffic" pings "$host_b" 10.1.0.2
only_esp "nothing but ESP and IKE on the wire"

sessions=$(on "$gw_a" cryptomap show crypto session)
is "two sessions of dynamic maps" \
	"$(grep -c 'Active SAs: 2, origin: dynamic crypto map' <<<"$sessions")" 2
like "the flow is that of the spoke" "$sessions" \
	'IPSEC FLOW: permit ip 10\.1\.0\.0/255\.255\.255\.0 10\.3\.0\.0/255\.255\.255\.0'
like "no access list is its origin" "$(on "$gw_a" cryptomap show crypto ipsec sa)" \
	'PERMIT, flags=\{\}'
shown=$(on "$gw_a" cryptomap show crypto map)
like "the entry with a fitting transform set serves" "$shown" \
	'dynamic \(created from dynamic map SPOKE/10\)'
like "as an access list entry of its own" "$shown" \
	'access-list  permit ip 10\.1\.0\.0 0\.0\.0\.255 10\.3\.0\.0 0\.0\.0\.255'
is "which JSON has as well" \
	"$(on "$gw_a" cryptomap show crypto map --json | grep -c '"kind": "temporary"')" 2
like "the dynamic map is shown" "$(on "$gw_a" cryptomap show crypto dynamic-map)" \
	'^Crypto Map Template"SPOKE" 10$'
before=$(flows | grep 10.2.0.0)
on "$gw_b" swanctl --rekey --child net >/dev/null
rekeyed() { [ "$(flows | grep 10.2.0.0)" != "$before" ]; }
check "the first spoke renews its SAs" wait_for 10 rekeyed
is "on the same flow" "$(flows | grep 10.2.0.0 | cut -d ' ' -f 1)" "${before%% *}"
check "which carry traffic" pings "$host_b" 10.1.0.2
refused "what overlaps another spoke's is refused" "$gw_c" thief \
	'selector overlaps that of peer 198\.51\.100\.2'

dropped=$(drops "$gw_a" clear-text)
check "clear text from a spoke's network is refused" no_ping "$net" 10.1.0.2 -I 10.2.0.9
is "and counted" $(($(drops "$gw_a" clear-text) - dropped)) 3
on "$gw_b" swanctl --terminate --child net >/dev/null
check "the flow goes with its SAs, and no other" wait_for 10 n_flows 1
check "clear text passes again" pings "$net" 10.1.0.2 -I 10.2.0.9

check "a load that changes the entry" load "$gw_a" < <(hub "match address SPOKES")
check "takes its flows away" wait_for 10 n_flows 0
dropped=$(drops "$gw_a" no-sa-dynamic)
check "what its access list permits is not sent in clear" no_ping "$host_a" 10.2.0.9
is "it is dropped, and counted" $(($(drops "$gw_a" no-sa-dynamic) - dropped)) 3
check "nor taken" no_ping "$net" 10.1.0.2 -I 10.2.0.9
refused "what it does not permit is refused" "$gw_c" far \
	'10\.9\.0\.0/24, which is exactly no access list entry'
check "what it permits comes up" comes_up "$host_b" 10.1.0.2
is "the hub never began" "$(initiated)" 0

stop_charon "$gw_a" KILL
check "flows outlive the daemon" pings "$host_a" 10.2.0.2
start_charon "$gw_a" cryptomap
like "which finds their SAs" "$(wait_for 10 grep 'of an earlier daemon' "$tmp/$gw_a.charon.log" &&
	grep -m 1 'of an earlier daemon' "$tmp/$gw_a.charon.log")" '198\.51\.100\.2'
before=$(flows)
on "$gw_b" swanctl --terminate --ike peer >/dev/null
check "the spoke negotiates again" comes_up "$host_b" 10.1.0.2
is "on the same flow" "$(flows | cut -d ' ' -f 1)" "${before%% *}"

check "an entry of its own for the spoke" load "$gw_a" <<-EOT
	$(ios_phase1 0.0.0.0 secret)
	crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
	ip access-list extended SPOKE-B
	 permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255
	crypto map VPN 65535 ipsec-isakmp
	 set peer 198.51.100.2
	 set transform-set TS
	 match address SPOKE-B
	interface wan
	 crypto map VPN
EOT
check "has a flow of its own, and the hub begins" comes_up "$host_a" 10.2.0.2
finish
