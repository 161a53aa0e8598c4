#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Lifetimes that differ: both sides use the smaller one, of seconds and of kilobytes, and of
# the ISAKMP SA, whoever initiates. That of the responder is told by RESPONDER-LIFETIME.
#
#   host_a --- gw_a (ours) --- net --- gw_b (ours) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
start_charon "$gw_a" cryptomap
start_charon "$gw_b" cryptomap

long='set security-association lifetime seconds 7200'
short='set security-association lifetime seconds 120'
large='set security-association lifetime kilobytes disable'
small='set security-association lifetime kilobytes 5000'
load "$gw_a" < <(ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255' tunnel "$long" "$small")
load "$gw_b" < <(ios_phase1 192.0.2.1 secret
	printf 'crypto isakmp policy 10\n lifetime 3600\n'
	ios_map 192.0.2.1 '10.2.0.0 0.0.0.255' '10.1.0.0 0.0.0.255' tunnel "$short" "$large")

# the most seconds and kilobytes that are left of a gateway's SAs
left() { # NAMESPACE
	on "$1" cryptomap show crypto ipsec sa --json | python3 -c '
import json, sys
sas = [sa for flow in json.load(sys.stdin) for sa in flow["sas"]]
print(len(sas), max(sa["seconds-left"] for sa in sas) <= 120,
      max(sa.get("kilobytes-left", 1 << 40) for sa in sas) <= 5000)'
}

# the seconds that are left of a gateway's ISAKMP SA
phase1_left() { # NAMESPACE
	on "$1" cryptomap show crypto isakmp sa --json | python3 -c '
import json, sys
print(max(sa["lifetime"] for sa in json.load(sys.stdin) if not sa["deleted"]))'
}
phase1_short() { [ "$(phase1_left "$1")" -le 3600 ]; }

for initiator in a b; do
	if [ "$initiator" = a ]; then
		check "a initiates" pings "$host_a" 10.2.0.2 -W 30
	else
		on "$gw_b" cryptomap clear crypto session >/dev/null
		check "b initiates" pings "$host_b" 10.1.0.2 -W 30
	fi
	is "$initiator initiated: seconds of b, kilobytes of a, in a" "$(left "$gw_a")" "2 True True"
	is "$initiator initiated: and in b" "$(left "$gw_b")" "2 True True"
	check "$initiator initiated: the ISAKMP SA's of b, in a" wait_for 10 phase1_short "$gw_a"
	check "$initiator initiated: and in b" phase1_short "$gw_b"
done
finish
