#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A peer by name: it is resolved when a tunnel is to be set up, each of its addresses
# is tried, and it is found again where it moved to; who comes from one of its addresses
# is the peer, of a static entry and of a dynamic crypto map. The pre-shared key is for the name.
#
#   host_a --- gw_a (ours) --- net +-- gw_b (stock) --- host_b
#                                  +-- gw_c (stock) --- host_c
. "$(dirname "$0")/lib.sh"
two_sites
third_site
# what is behind the second is behind the first as well
ip -n "$host_c" address add 10.2.0.2/32 dev lo
ip -n "$gw_c" route add 10.2.0.2/32 via 10.3.0.2

# names come from a file alone
echo 'hosts: files' >"$tmp/nsswitch.conf"
: >"$tmp/hosts"
on "$gw_a" mount --bind "$tmp/nsswitch.conf" /etc/nsswitch.conf
on "$gw_a" mount --bind "$tmp/hosts" /etc/hosts
gateway_at() { printf '%s gw.example.org\n' "$@" >"$tmp/hosts"; }
config() { # PEER
	ios_phase1 192.0.2.99 other
	echo 'crypto isakmp key secret hostname gw.example.org'
	ios_map "$1" '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255' tunnel
}
# all that it needs to answer
answer() { # NAMESPACE ADDRESS
	swanctl_load "$1" < <(stock_peer "$2" 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24)
}
peer() { on "$gw_a" cryptomap show crypto ipsec sa | sed -n 's/.*remote crypto endpt\.: \([0-9.]*\)$/\1/p'; }
up_with() { pings "$host_a" 10.2.0.2 -W 2 && [ "$(peer)" = "$1" ]; }
said() { grep -qE -e "$1" "$tmp/$gw_a.charon.log"; }

start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
start_charon "$gw_c" stock
answer "$gw_b" 198.51.100.2

# as at boot, before there is a resolver: what is to be protected is, and the name is dynamic
load "$gw_a" < <(config gw.example.org) || bail "configuration"
check "it is said that it can't be resolved" wait_for 10 said "peer gw\.example\.org can't be resolved"
refuse "nothing is negotiated, and nothing passes" '100% packet loss' pings "$host_a" 10.2.0.2 -W 1
like "show crypto map" "$(on "$gw_a" cryptomap show crypto map)" \
	'Peer = gw\.example\.org \(resolved on-the-fly\)'
like "show running-config" "$(on "$gw_a" cryptomap show running-config)" \
	'^ set peer gw\.example\.org dynamic$'
like "show crypto session" "$(on "$gw_a" cryptomap show crypto session)" \
	'^Peer: gw\.example\.org port 500 $'

# the first answers, and refuses
gateway_at 203.0.113.3 198.51.100.2
check "two addresses: the second is taken" wait_for 60 up_with 198.51.100.2
check "the first was tried before" said 'peer 203\.0\.113\.3 failed, the next one is 198\.51\.100\.2'
is "it was told once that the name can't be resolved" \
	"$(grep -c "can't be resolved:" "$tmp/$gw_a.charon.log")" 1

answer "$gw_c" 203.0.113.3
gateway_at 203.0.113.3
anew() { # ADDRESS: as long as what was found is fresh the tunnel is where it was
	on "$gw_a" cryptomap clear crypto session
	up_with "$1"
}
check "the name moved: so does the next tunnel" wait_for 40 anew 203.0.113.3
check "the same configuration keeps the SAs" load "$gw_a" < <(config 'gw.example.org dynamic')
is "they are still there" "$(peer)" 203.0.113.3

# back again, and it is the peer that knows
on "$gw_a" cryptomap clear crypto session >/dev/null
gateway_at 198.51.100.2
# who is no peer is refused at first
check "the peer comes from where the name is now" wait_for 40 \
	on "$gw_b" swanctl --initiate --child net --timeout 10
check "its pings" pings "$host_b" 10.1.0.2
is "the tunnel is with it" "$(peer)" 198.51.100.2

# a template says by names who may come
template() { # PEER
	ios_phase1 192.0.2.99 other
	cat <<-EOT
	crypto isakmp key secret hostname $1
	crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
	crypto dynamic-map D 10
	 set peer $1 dynamic
	 set transform-set TS
	crypto map VPN 10 ipsec-isakmp dynamic D
	interface wan
	 crypto map VPN
	EOT
}
comes() { on "$gw_b" swanctl --initiate --child net --timeout 10; }
echo '203.0.113.3 other.example.org' >>"$tmp/hosts"
on "$gw_a" cryptomap clear crypto session >/dev/null
check "configuration with a template" load "$gw_a" < <(template gw.example.org)
like "show running-config" "$(on "$gw_a" cryptomap show running-config)" \
	'^ set peer gw\.example\.org dynamic$'
check "a template with its name takes the peer" wait_for 40 comes
check "its pings" pings "$host_b" 10.1.0.2
load "$gw_a" < <(template gw.example.org)
is "the same configuration keeps the SAs" "$(peer)" 198.51.100.2
load "$gw_a" < <(template other.example.org)
is "another name does not" "$(peer)" ''
refuse "nor does it take the peer" "" comes
check "the log says so" said 'peer 198\.51\.100\.2 proposes: .* no dynamic crypto map takes it'
finish
