#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# While a quick mode is not answered another one waits behind it, and the ISAKMP
# SA comes to its end: the one that waits is negotiated with the next ISAKMP SA
# as soon as that is there, not when the old one goes.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
#                                                       10.2, 10.4, 10.5.0.2
. "$(dirname "$0")/lib.sh"
two_sites
for n in 4 5; do
	ip -n "$gw_b" address add 10.$n.0.1/24 dev lan
	ip -n "$host_b" address add 10.$n.0.2/24 dev eth0
done

# the second repeat of a quick mode would let the other one go before
start_charon "$gw_a" cryptomap "retransmit_timeout = 4"
start_charon "$gw_b" stock
load "$gw_a" <<EOT
$(ios_phase1 198.51.100.2 secret | sed '/group 14/a\ lifetime 60')
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
ip access-list extended VPN-ACL
 permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255
 permit ip 10.1.0.0 0.0.0.255 10.4.0.0 0.0.0.255
 permit ip 10.1.0.0 0.0.0.255 10.5.0.0 0.0.0.255
crypto map VPN 10 ipsec-isakmp
 set peer 198.51.100.2
 set transform-set TS
 match address VPN-ACL
interface wan
 crypto map VPN
EOT
child() {
	cat <<-EOT
	net$1 {
		local_ts = 10.$1.0.0/24
		remote_ts = 10.1.0.0/24
		esp_proposals = aes256-sha256
	}
	EOT
}
swanctl_load "$gw_b" <<EOT
connections {
	peer {
		version = 1
		local_addrs = 198.51.100.2
		remote_addrs = 192.0.2.1
		proposals = aes256-sha256-modp2048
		local { auth = psk }
		remote { auth = psk }
		children {
			$(child 2)
			$(child 4)
			$(child 5)
		}
	}
}
secrets {
	ike {
		id-1 = 198.51.100.2
		id-2 = 192.0.2.1
		secret = "secret"
	}
}
EOT

log=$tmp/$gw_a.charon.log
said() { grep -q "$1" "$log"; }
forwarding() { on "$net" sh -c "echo $1 >/proc/sys/net/ipv4/ip_forward"; }

start=$SECONDS
check "the first pair is up" comes_up "$host_a" 10.2.0.2
is "one ISAKMP SA" "$(grep -c 'IKE_SA .* established between' "$log")" 1
due=$(sed -n 's/.*scheduling reauthentication in \([0-9]*\)s.*/\1/p' "$log" | head -n 1)
like "it ends within a minute" "$due" '^[1-5][0-9]$'
# some seconds before its end the peer falls silent
near_end() { [ $((SECONDS - start)) -ge $((due - 8)) ]; }
check "near the end of the ISAKMP SA" wait_for 70 near_end
forwarding 0
background "$host_a" ping-4 ping -n -q -c 1 -W 1 10.4.0.2
wait_for 5 said 'negotiating VPN.*10\.4\.0\.0'
background "$host_a" ping-5 ping -n -q -c 1 -W 1 10.5.0.2
check "one waits behind another" wait_for 5 said 'negotiating VPN.*10\.5\.0\.0'
is "all before its end" "$(grep -c 'reauthenticating IKE_SA' "$log")" 0
check "reauthentication" wait_for 20 said 'reauthenticating IKE_SA'
forwarding 1
second() { [ "$(grep -c 'IKE_SA .* established between' "$log")" -ge 2 ]; }
check "the next ISAKMP SA is up" wait_for 20 second
check "what waited is negotiated with it" wait_for 6 pings "$host_a" 10.5.0.2 -W 2
is "no third ISAKMP SA was needed" "$(grep -c 'IKE_SA .* established between' "$log")" 2
check "the first pair carries traffic" pings "$host_a" 10.2.0.2
check "the other pair comes up" comes_up "$host_a" 10.4.0.2
finish
