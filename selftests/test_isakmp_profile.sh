#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two peers by isakmp profiles of one crypto map, with keys of two keyrings: one in main mode by
# address, one in aggressive mode, to which this side calls itself by a name. Keys outside
# of the keyrings are not theirs, nor those for another interface; and who calls itself by another name than its profile has is
# refused, whoever starts.
#
#   host_a --- gw_a (ours) --- net +-- gw_b (stock, main mode)       --- host_b
#                                  +-- gw_c (stock, aggressive mode) --- host_c
. "$(dirname "$0")/lib.sh"
two_sites
third_site
start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
start_charon "$gw_c" stock
log=$tmp/$gw_a.charon.log

config() { # IDENTITY-OF-B [INTERFACE]: the profile's match identity, and local-address of C's keys
	cat <<-EOT
	crypto keyring RING-B
	  pre-shared-key address 0.0.0.0 key of-nobody
	  pre-shared-key address 198.51.100.0 255.255.255.0 key key-of-b
	crypto keyring RING-C
	  local-address ${2:-wan}
	  pre-shared-key address 203.0.113.3 key key-of-c
	$(ios_phase1 198.51.100.2 global-key)
	crypto isakmp key global-key address 203.0.113.3
	crypto isakmp profile B
	   keyring RING-B
	   match identity $1
	crypto isakmp profile C
	   keyring RING-C
	   self-identity fqdn spoke.example.org
	   match identity host domain hubs.example.org
	   keepalive 10 retry 3
	   initiate mode aggressive
	$(ios_map_two | sed 's/^crypto map VPN 10/crypto map VPN isakmp-profile B\n&/
		/peer 203.0.113.3/a set isakmp-profile C')
	EOT
}

peer_c() { # IDENTITY: that of gw_c
	stock_peer 203.0.113.3 192.0.2.1 key-of-c 10.3.0.0/24 10.1.0.0/24 |
		sed "s/version = 1/version = 1\\naggressive = yes/
		     s/local { auth = psk }/local { auth = psk\\nid = $1 }/
		     s/remote { auth = psk }/remote { auth = psk\\nid = spoke.example.org }/
		     s/id-1 = .*/id-1 = $1/; s/id-2 = .*/id-2 = spoke.example.org/" |
		swanctl_load "$gw_c"
}

starts() { on "$1" swanctl --initiate --child net --timeout "${2:-30}"; }
clear_all() {
	on "$gw_a" cryptomap clear crypto session
	wait_for 10 on "$1" sh -c '! swanctl --list-sas | grep -q .' || true
}
told() { wait_for 20 grep -q "$1" "$log"; }

config 'address 198.51.100.0 255.255.255.0' >"$tmp/first.cfg"
load "$gw_a" <"$tmp/first.cfg"
running=$(on "$gw_a" cryptomap show running-config)
printf '%s\n' "$running" | load "$gw_a"
is "show running-config loads back" "$(on "$gw_a" cryptomap show running-config)" "$running"
like "the key of a keyring is not shown" "$(on "$gw_a" cryptomap show crypto isakmp key)" \
	'^RING-C +203\.0\.113\.3 +\(not shown\)$'
like "show crypto isakmp profile" "$(on "$gw_a" cryptomap show crypto isakmp profile tag C)" \
	'^    fqdn domain hubs\.example\.org$'
like "an entry has the profile of its map" "$(on "$gw_a" cryptomap show crypto map)" \
	'ISAKMP Profile: B'
stock_peer 198.51.100.2 192.0.2.1 key-of-b 10.2.0.0/24 10.1.0.0/24 | swanctl_load "$gw_b"
peer_c gw.hubs.example.org

check "initiator: main mode by profile B" comes_up "$host_a" 10.2.0.2
check "initiator: aggressive mode by profile C" comes_up "$host_a" 10.3.0.2
like "to which this side is its self-identity" "$(on "$gw_c" swanctl --list-sas)" \
	"remote 'spoke.example.org'"
clear_all "$gw_b"
check "responder: main mode" starts "$gw_b"
check "responder: aggressive mode" starts "$gw_c"

config 'address 198.51.100.0 255.255.255.0' lan | load "$gw_a"
clear_all "$gw_c"
refuse "keys for another interface" "" pings "$host_a" 10.3.0.2 -W 1
check "the log says so" told 'the keyrings of its ISAKMP profile have no pre-shared key'
load "$gw_a" <"$tmp/first.cfg"
peer_c gw.others.example.org
refuse "responder: another identity is refused" "" starts "$gw_c" 5
like "the log says why" "$(grep -m 1 'is refused' "$log")" \
	"peer 203.0.113.3 is refused: isakmp profile C .* no match identity for 'gw.others.example.org'"
before=$(grep -c 'is refused: isakmp profile C' "$log")
refuse "initiator: another identity is refused" "" pings "$host_a" 10.3.0.2 -W 1
check "the log says that, too" wait_for 10 sh -c \
	"[ \$(grep -c 'is refused: isakmp profile C' '$log') -gt $before ]"

config 'host gw.example.org' | load "$gw_a"
clear_all "$gw_b"
refuse "main mode: an address is refused where a name is to be" "" starts "$gw_b" 5
check "the log says why" told "isakmp profile B .* no match identity for '198.51.100.2'"
finish
