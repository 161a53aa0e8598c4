#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Main and aggressive mode by one crypto map: of two entries with peers of their own, one
# has crypto isakmp peer. Only that peer may start in aggressive mode; and one that has
# a key by its name.
#
#   host_a --- gw_a (ours) --- net +-- gw_b (stock, main mode)       --- host_b
#                                  +-- gw_c (stock, aggressive mode) --- host_c
. "$(dirname "$0")/lib.sh"
two_sites
third_site
start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
start_charon "$gw_c" stock

config() { # LINE...: further lines at the top
	printf '%s\n' "$@"
	cat <<-EOT
	$(ios_phase1 198.51.100.2 key-of-b)
	crypto isakmp policy 20
	 encr aes 256
	 authentication pre-share
	 group 16
	crypto isakmp peer address 203.0.113.3
	 set aggressive-mode password key-of-c
	 set aggressive-mode client-endpoint fqdn spoke.example.org
	$(ios_map_two)
	EOT
}

peer_b() { # [EXPRESSION]: of sed
	stock_peer 198.51.100.2 192.0.2.1 key-of-b 10.2.0.0/24 10.1.0.0/24 | sed "${1:-}" |
		swanctl_load "$gw_b"
}

modes() { # PEER: modes of phase 1 with it on the wire
	tcpdump -n -r "$wire" "udp port 500 and host $1" 2>/dev/null |
		grep -oE 'phase 1 [IR]? ?(ident|agg)' | awk '{ print $NF }' | sort -u | xargs
}

starts() { on "$1" swanctl --initiate --child net --timeout "${2:-30}"; }

refused() { # NAMESPACE: its phase 1 is refused
	on "$1" swanctl --initiate --child net --timeout 10 2>&1 | grep -E 'AUTH(ENTICATION)?_FAILED|NO_PROP'
}

config | load "$gw_a"
peer_b
stock_peer 203.0.113.3 192.0.2.1 key-of-c 10.3.0.0/24 10.1.0.0/24 |
	sed 's/version = 1/version = 1\naggressive = yes/
	     s/remote { auth = psk }/remote { auth = psk\nid = spoke.example.org }/
	     s/id-2 = .*/id-2 = spoke.example.org/' | swanctl_load "$gw_c"

# scan NAMESPACE OPTION...: what ike-scan is told there, by one message
scan() { on "$1" ike-scan --sport=0 --retry=1 --timeout=3000 "${@:2}" 192.0.2.1; }
ours=7/256,4,1,14
like "scan by a peer in main mode: its proposal is taken" "$(scan "$gw_b" --trans=$ours)" \
	'Main Mode Handshake returned.*Enc=AES.*KeyLength=256'
like "another proposal is not" "$(scan "$gw_b" --trans=5,2,1,2)" '0 returned handshake'
like "in aggressive mode it gets no answer to work on" \
	"$(scan "$gw_b" --trans=$ours --aggressive --dhgroup=14 --id=a)" '0 returned handshake'
like "a stranger gets none at all" "$(scan "$net" --trans=$ours)" '0 returned handshake'

watch_wire "$net" to_a
check "initiator: main mode comes up" comes_up "$host_a" 10.2.0.2
check "initiator: aggressive mode comes up" comes_up "$host_a" 10.3.0.2
wire_stop
is "main mode with the first peer" "$(modes 198.51.100.2)" ident
is "aggressive mode with the second" "$(modes 203.0.113.3)" agg
contacts() { grep -cE "parsed $2 request .*N\(INITIAL_CONTACT\)" "$tmp/$1.charon.log"; }
is "both are told that we have no SAs of before" \
	"$(contacts "$gw_b" ID_PROT) $(contacts "$gw_c" AGGRESSIVE)" "1 1"
like "the second peer knows us by the name it has for us" \
	"$(on "$gw_c" swanctl --list-sas)" "remote 'spoke.example.org'"

on "$gw_a" cryptomap clear crypto session
check "responder: main mode" starts "$gw_b"
check "responder: aggressive mode" starts "$gw_c"

on "$gw_a" cryptomap clear crypto session
peer_b 's/version = 1/version = 1\naggressive = yes/'
check "no aggressive mode by a peer that it is not configured for" refused "$gw_b"
cat >"$tmp/vpnc.conf" <<-EOT
	IPSec gateway 192.0.2.1
	IPSec ID spoke.example.org
	IPSec secret key-of-c
	IKE DH Group dh16
	Xauth username user
	Xauth password password
EOT
refuse "a client that asks for an address (mode config), as vpnc, gets none" \
	'configuration response rejected' \
	on "$gw_c" timeout 30 vpnc --no-detach --local-port 0 "$tmp/vpnc.conf"
config 'crypto isakmp aggressive-mode disable' | load "$gw_a"
check "nor by the other one when it is disabled" refused "$gw_c"

config 'crypto isakmp key by-name hostname hub.example.org' >"$tmp/by-name"
load "$gw_a" <"$tmp/by-name"
peer_b 's/version = 1/version = 1\naggressive = yes/
	s/local { auth = psk }/local { auth = psk\nid = hub.example.org }/
	s/id-1 = .*/id-1 = hub.example.org/; s/secret = .*/secret = by-name/'
refuse "a name chooses no key at an address that has its own" "" starts "$gw_b" 10
sed '/^crypto isakmp key key-of-b /d' "$tmp/by-name" | load "$gw_a"
check "aggressive mode by a peer with a key for its name" starts "$gw_b"
check "which carries packets" pings "$host_a" 10.2.0.2
finish
