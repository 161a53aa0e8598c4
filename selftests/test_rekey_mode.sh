#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Both ends load transform sets of another mode while SAs are up: the next
# rekeying is in the new mode, and nothing is lost.
#
#   gw_a (ours) --- net --- gw_b (ours)
. "$(dirname "$0")/lib.sh"
two_sites
config() { # MODE
	load "$gw_a" < <(ios_phase1 198.51.100.2 secret
		ios_map 198.51.100.2 'host 192.0.2.1' 'host 198.51.100.2' "$1" \
			'set security-association lifetime kilobytes 2560') &&
		load "$gw_b" < <(ios_phase1 192.0.2.1 secret
			ios_map 192.0.2.1 'host 198.51.100.2' 'host 192.0.2.1' "$1")
}
mode_is() { on "$gw_a" cryptomap show crypto ipsec sa | grep -q "in use settings =.$1,"; }

start_charon "$gw_a" cryptomap
start_charon "$gw_b" cryptomap
config transport
check "it is up" pings "$gw_a" 198.51.100.2 -W 30
check "in transport mode" mode_is Transport
background "$gw_a" flood ping -n -q -i 0.005 -s 1300 198.51.100.2
flood=$background_pid
for mode in tunnel transport; do
	spi=$(outbound "$gw_a")
	check "load $mode mode" config "$mode"
	is "the SAs stay" "$(outbound "$gw_a")" "$spi"
	check "rekeyed" wait_for 90 changed "$gw_a" "$spi"
	check "the new SAs are in $mode mode" wait_for 5 mode_is "${mode^}"
done
kill -INT "$flood"
wait "$flood"
like "every ping was answered" "$(cat "$tmp/flood.log")" ' 0% packet loss'
finish
