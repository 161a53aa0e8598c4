#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The packet that finds no SA waits for the negotiation that it starts, and is
# delivered; with nobody to negotiate it is dropped, and the drop has a name.
#
#   host_a --- gw_a (ours) --- net --- gw_b (ours) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
load "$gw_a" < <(ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255')
check "no daemon: no answer" no_ping "$host_a" 10.2.0.2
is "no daemon: counted so" "$(drops "$gw_a" no-daemon)" 3

start_charon "$gw_a" cryptomap
start_charon "$gw_b" cryptomap
load "$gw_b" < <(ios_phase1 192.0.2.1 secret
	ios_map 192.0.2.1 '10.2.0.0 0.0.0.255' '10.1.0.0 0.0.0.255')
watch_wire "$net" to_b
check "the very first packet is answered" on "$host_a" ping -n -c 1 -W 30 10.2.0.2
is "one encapsulated" "$(flow_count "$gw_a" encaps)" 1
is "one decapsulated" "$(flow_count "$gw_a" decaps)" 1
only_esp "nothing but ESP and IKE on the wire"
finish
