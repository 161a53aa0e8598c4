#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The peer dies without a word and comes back with nothing; it negotiates one of
# the two pairs of networks and says INITIAL-CONTACT. Nothing may go on with SAs
# that it does not have: the other pair is negotiated with the next packet.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
#                                                       10.2.0.2, 10.4.0.2
. "$(dirname "$0")/lib.sh"
two_sites
ip -n "$gw_b" address add 10.4.0.1/24 dev lan
ip -n "$host_b" address add 10.4.0.2/24 dev eth0

peer_config() {
	swanctl_load "$gw_b" <<-EOT
	connections {
		peer {
			version = 1
			local_addrs = 198.51.100.2
			remote_addrs = 192.0.2.1
			proposals = aes256-sha256-modp2048
			local { auth = psk }
			remote {
				auth = psk
				id = 192.0.2.1
			}
			children {
				net2 {
					local_ts = 10.2.0.0/24
					remote_ts = 10.1.0.0/24
					esp_proposals = aes256-sha256
				}
				net4 {
					local_ts = 10.4.0.0/24
					remote_ts = 10.1.0.0/24
					esp_proposals = aes256-sha256
				}
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
}

start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
load "$gw_a" <<EOT
$(ios_phase1 198.51.100.2 secret)
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
ip access-list extended VPN-ACL
 permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255
 permit ip 10.1.0.0 0.0.0.255 10.4.0.0 0.0.0.255
crypto map VPN 10 ipsec-isakmp
 set peer 198.51.100.2
 set transform-set TS
 match address VPN-ACL
interface wan
 crypto map VPN
EOT
peer_config

spis() { on "$gw_a" cryptomap show crypto ipsec sa | sed -n 's/.*spi: \(0x[1-9A-F][0-9A-F]*\).*/\1/p' | sort -u; }
# kept: SPIs of both lists
kept() { comm -12 <(printf '%s\n' "$1") <(spis); }
none_kept() { [ -z "$(kept "$1")" ]; }

# reboot: what a peer looks like that lost power
reboot() {
	# the shell would report the signal
	{ stop_charon "$gw_b" KILL && wait "$(charon_pid "$gw_b")"; } 2>/dev/null
	on "$gw_b" sh -c 'rm -f /run/charon.*'
	ip -n "$gw_b" xfrm state flush
	ip -n "$gw_b" xfrm policy flush
	start_charon "$gw_b" stock
	peer_config
}

check "the first pair is up" comes_up "$host_a" 10.2.0.2
check "the second pair is up" comes_up "$host_a" 10.4.0.2
before=$(spis)
is "two pairs of SAs" "$(printf '%s\n' "$before" | wc -l)" 4
reboot
check "the peer negotiates the first pair" \
	on "$gw_b" swanctl --initiate --child net2 --timeout 30
check "no SA is left that it does not have" wait_for 5 none_kept "$before"
check "the first pair carries traffic" wait_for 10 pings "$host_a" 10.2.0.2 -W 2
check "the second pair carries traffic" wait_for 10 pings "$host_a" 10.4.0.2 -W 2

# now with SAs that the IKE SA did not outlive
before=$(spis)
on "$gw_a" cryptomap clear crypto isakmp
isakmp_gone() { ! on "$gw_a" cryptomap show crypto isakmp sa | grep -q 'QM_IDLE.*ACTIVE'; }
check "SAs without an IKE SA" wait_for 10 isakmp_gone
reboot
check "the peer negotiates again" \
	on "$gw_b" swanctl --initiate --child net2 --timeout 30
check "orphans: none is left" wait_for 5 none_kept "$before"
check "orphans: the second pair carries traffic" \
	wait_for 10 pings "$host_a" 10.4.0.2 -W 2
finish
