#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An SA pair that no packet has used for the idle time goes, at both ends, and the
# next packet brings another one. Phase 1 and manual SAs stay.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock charon, XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
key=$(random_key 20)
load "$gw_a" < <(ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255' tunnel \
		'set security-association idle-time 86400'
	cat <<-EOT
	crypto ipsec transform-set GCM esp-gcm
	ip access-list extended OTHER
	 permit ip 10.1.0.0 0.0.0.255 10.9.0.0 0.0.0.255
	crypto map VPN 20 ipsec-manual
	 set peer 198.51.100.9
	 set session-key inbound esp 4097 cipher $key
	 set session-key outbound esp 4098 cipher $key
	 set transform-set GCM
	 match address OTHER
	EOT
)
swanctl_load "$gw_b" < <(stock_peer 198.51.100.2 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24)
check "the tunnel is up" comes_up "$host_a" 10.2.0.2

# outbound SPIs of the negotiated and of the manual entry
spis() {
	on "$gw_a" cryptomap show crypto ipsec sa |
		sed -n 's/.*current outbound spi: \(0x[0-9A-F]*\).*/\1/p' | paste -sd' '
}
without() { [ "$(spis)" = "0x0 0x1002" ]; }
no_states() { [ -z "$(on "$gw_b" ip xfrm state list proto esp)" ]; }

# from before, since the new value counts from the last packet
background "$host_a" ping ping -n -q -i 0.5 10.2.0.2
ping=$background_pid
before=$(spis)
idle_time 4 c6336402
like "show crypto map tells it" "$(on "$gw_a" cryptomap show crypto map)" \
	'^.Security association idletime: 4 seconds$'
check "packets in time" pings "$host_a" 10.2.0.2 -c 8 -i 1
is "leave the SAs alone" "$(spis)" "$before"
kill "$ping"
check "without packets both go, of SAs that were there before" wait_for 30 without
check "and those of the peer" wait_for 20 no_states
like "phase 1 stays" "$(on "$gw_a" cryptomap show crypto isakmp sa)" 'QM_IDLE.*ACTIVE$'
check "the next packet negotiates again" comes_up "$host_a" 10.2.0.2
# one direction is enough to keep both
on "$host_a" ip route add blackhole 10.2.0.0/24
before=$(spis)
on "$host_b" ping -n -q -c 8 -i 1 -W 1 10.1.0.2 >/dev/null 2>&1
is "packets of the peer alone keep them" "$(spis)" "$before"
ynl "$gw_a" session >"$tmp/global" <<-EOT
	config-begin
	entry-new {"map": "VPN", "seq": 10, "kind": "isakmp", "acl": "VPN-ACL", "tset": ["TS"], "peer": ["c6336402"]}
	config-commit
	config-begin
	globals-set {"idle-time": 2}
	config-commit
EOT
is "an idle time that all entries inherit" "$(grep -c errno "$tmp/global")" 0
check "holds for SAs that were there before" wait_for 20 without
finish
