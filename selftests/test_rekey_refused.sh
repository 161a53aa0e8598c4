#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The peer refuses a rekeying, as while its configuration is being changed, and
# accepts it later: it is tried again, before the SAs expire.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
peer() { # PROPOSAL
	swanctl_load "$gw_b" < <(stock_peer 198.51.100.2 192.0.2.1 secret \
		10.2.0.0/24 10.1.0.0/24 tunnel | sed "s/esp_proposals = .*/esp_proposals = $1/")
}
refusals() { grep -c 'received NO_PROPOSAL_CHOSEN' "$tmp/$gw_a.charon.log"; }
refused() { [ "$(refusals)" -ge "$1" ]; }

start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
load "$gw_a" < <(ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255' tunnel \
		'set security-association lifetime kilobytes 2560')
peer aes256-sha256
check "the tunnel is up" comes_up "$host_a" 10.2.0.2

# past the soft limit, which is at most 2304000 bytes, but not the hard one
peer aes128-sha1
spi=$(outbound "$gw_a")
on "$host_a" ping -n -q -i 0.005 -c 1650 -s 1400 10.2.0.2 >/dev/null
check "the peer refuses to rekey" wait_for 20 refused 1
check "it is tried again" wait_for 20 refused 2
is "the SAs still are the first ones" "$(outbound "$gw_a")" "$spi"
peer aes256-sha256
check "rekeyed once the peer accepts it" wait_for 60 changed "$gw_a" "$spi"
check "the tunnel carries traffic" pings "$host_a" 10.2.0.2
finish
