#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# TCP through the tunnel, large segments (GSO) from the hosts and from the
# gateway itself, both directions.
#
#   host_a --- gw_a (ours) --- net --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
manual_sites
tcp_server "$host_b"

watch_wire "$net" to_b
transfer() { # NAMESPACE OPTION...
	local ns=$1
	shift
	on "$ns" timeout 250 iperf3 -c 10.2.0.2 -n 8M "$@"
}
check "8 MB from host to host" transfer "$host_a"
check "8 MB back" transfer "$host_a" -R
check "8 MB from the gateway's own address inside" transfer "$gw_a" -B 10.1.0.1
only_esp "nothing but ESP on the wire"
finish
