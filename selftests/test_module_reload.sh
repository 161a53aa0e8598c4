#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The module is unloaded and loaded again while charon runs: the peer is told at
# once that the SAs are gone, and with the configuration, which udev has loaded where
# there is systemd, the tunnel comes back.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
config() {
	load "$gw_a" < <(ios_phase1 198.51.100.2 secret
		ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255')
}
start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
config
swanctl_load "$gw_b" < <(
	stock_peer 198.51.100.2 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24)
check "the tunnel is up" comes_up "$host_a" 10.2.0.2

peer_children() { on "$gw_b" swanctl --list-sas 2>/dev/null | grep -c 'INSTALLED'; }
peer_has() { [ "$(peer_children)" = "$1" ]; }

is "the peer has one CHILD_SA" "$(peer_children)" 1
for i in 1 2; do
	check "$i: unload" timeout 60 rmmod crypto_map
	check "$i: the peer is told that the SAs are gone" wait_for 20 peer_has 0
	check "$i: load again" insmod "$module"
	like "$i: udev has the service load its configuration" \
		"$(udevadm test --action=add /sys/module/crypto_map 2>&1)" \
		"^run: '.*/systemctl --no-block try-reload-or-restart cryptomap\.service'"
	check "$i: configure again" config
	check "$i: the tunnel comes back by itself" comes_up "$host_a" 10.2.0.2
	is "$i: the peer has one CHILD_SA" "$(peer_children)" 1
done
finish
