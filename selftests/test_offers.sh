#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What both sides have to agree about in a quick mode, whichever starts: the transform set,
# of several the first of ours that the peer has, too; the mode, which with `require` is no
# other; the group of perfect forward secrecy. What does not fit is refused, and the log
# tells why.
#
#   gw_a (ours) --- net --- gw_b (stock)
. "$(dirname "$0")/lib.sh"
two_sites
start_charon "$gw_a" cryptomap
# as a responder it goes by the order in which we offer
start_charon "$gw_b" stock 'prefer_configured_proposals = no'
log=$tmp/$gw_a.charon.log

ours() { # MODE TRANSFORM-SETS [LINE]: TS may have another mode, ts_mode
	printf "crypto ipsec transform-set %s\n mode $1\n" 'SMALL esp-aes 128 esp-sha-hmac' \
		'LONG esp-aes 256 esp-sha512-hmac' >"$tmp/sets"
	load "$gw_a" < <(ios_phase1 198.51.100.2 secret
		cat "$tmp/sets"
		ios_map 198.51.100.2 'host 192.0.2.1' 'host 198.51.100.2' \
			"${ts_mode:-$1}" "${@:3}" |
			sed "s/set transform-set TS/set transform-set $2/")
}
theirs() { # MODE PROPOSALS
	stock_peer 198.51.100.2 192.0.2.1 secret 198.51.100.2/32 192.0.2.1/32 "$1" |
		sed "s/esp_proposals = .*/esp_proposals = $2/" | swanctl_load "$gw_b"
}
peer_starts() { on "$gw_b" swanctl --initiate --child net --timeout 20; }
list() { on "$gw_b" swanctl --list-sas; }
has() { list | grep -qE "INSTALLED, $1\$"; }
no_sas() { ! list | grep -q .; }
clear_all() {
	on "$gw_a" cryptomap clear crypto session >/dev/null
	on "$gw_b" swanctl --terminate --ike peer --force --timeout 1 >/dev/null 2>&1
	wait_for 20 no_sas || fail "the SAs of before are gone"
}
# told PATTERN: in the log, since `from_here`
from_here() { lines=$(wc -l <"$log"); }
told() { tail -n "+$((lines + 1))" "$log" | grep -qE -e "$1"; }

we_start() { # WHAT MODE, TRANSFORMS
	check "$1: we start" comes_up "$gw_a" 198.51.100.2
	check "$1: we start: $2" has "$2"
	clear_all
}
they_start() { # WHAT MODE, TRANSFORMS
	check "$1: the peer starts" peer_starts
	check "$1: the peer starts: $2" has "$2"
	check "$1: the peer starts: it carries traffic" pings "$gw_a" 198.51.100.2
	clear_all
}
we_are_refused() { # WHAT NOTIFY
	from_here
	on "$gw_a" ping -n -q -c 1 -W 1 198.51.100.2 >/dev/null
	check "$1: we start, the peer refuses" wait_for 20 told "received $2 error notify"
	check "$1: there is no SA" eval '! has ".*"'
	clear_all
}
we_refuse() { # WHAT NOTIFY REASON
	from_here
	refuse "$1: the peer starts, we refuse" "received $2 error notify" peer_starts
	check "$1: we tell why" told "$3"
	check "$1: there is no SA" eval '! has ".*"'
	clear_all
}
strong=ESP:AES_CBC-256/HMAC_SHA2_256_128

what="transform sets"
ours tunnel "SMALL TS LONG"
theirs tunnel aes256-sha512,aes256-sha256
we_start "$what" "TUNNEL, $strong"
they_start "$what" "TUNNEL, $strong"

what="transport mode is required"
ours 'transport require' TS
theirs transport aes256-sha256
we_start "$what" "TRANSPORT, $strong"
they_start "$what" "TRANSPORT, $strong"
what="$what, the peer has tunnel mode"
theirs tunnel aes256-sha256
we_are_refused "$what" INVALID_ID_INFORMATION
we_refuse "$what" INVALID_ID_INFORMATION \
	'proposes TUNNEL mode for 192\.0\.2\.1/32 === 198\.51\.100\.2/32, no transform set of crypto map VPN 10 allows that$'
ours transport TS
what="it is not required, the peer has tunnel mode"
they_start "$what" "TUNNEL, $strong"
we_start "$what" "TUNNEL, $strong"
theirs transport aes256-sha256
we_start "it is not required" "TRANSPORT, $strong"
what="it is not required, no transform set fits"
theirs tunnel aes128-sha256
we_are_refused "$what" NO_PROPOSAL_CHOSEN
check "$what: in both modes" told 'the peer answers INVALID_ID_INFORMATION, going on with TUNNEL mode$'
what="one in transport mode, one in tunnel mode"
ts_mode=tunnel ours 'transport require' "SMALL TS"
theirs tunnel aes256-sha256
they_start "$what" "TUNNEL, $strong"
we_start "$what" "TUNNEL, $strong"

# the selectors are those of the access list entry, protocol and port too
what="an entry for a port"
ours tunnel TS
sed -i '/^ permit ip /s/ip \(.*\)/udp \1 eq 7/' "$tmp/$gw_a.cfg"
check "$what" on "$gw_a" cryptomap load "$tmp/$gw_a.cfg"
udp_peer() { # PORT
	stock_peer 198.51.100.2 192.0.2.1 secret "198.51.100.2/32[udp/$1]" '192.0.2.1/32[udp]' |
		swanctl_load "$gw_b"
}
we_send() {
	on "$gw_a" bash -c 'echo >/dev/udp/198.51.100.2/7'
	has "TUNNEL, $strong"
}
selectors() {
	like "$1: for that alone" "$(list | tr -s ' \n' ' ')" \
		'198\.51\.100\.2/32\[udp/(7|echo)\] remote 192\.0\.2\.1/32\[udp\]'
	clear_all
}
udp_peer 7
check "$what: we start" wait_for 20 we_send
selectors "$what: we start"
check "$what: the peer starts" peer_starts
selectors "$what: the peer starts"
udp_peer 9
we_refuse "$what, the peer has another one" INVALID_ID_INFORMATION '198\.51\.100\.2/32\[udp/(9|discard)\]'

# no less and no more than that
networks() { # REMOTE NETWORK
	stock_peer 198.51.100.2 192.0.2.1 secret "$1" 10.1.0.0/24 | swanctl_load "$gw_b"
}
load "$gw_a" < <(ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255')
networks 10.2.0.128/25
we_refuse "part of an entry" INVALID_ID_INFORMATION \
	'10\.1\.0\.0/24 === 10\.2\.0\.128/25, which is exactly no access list entry'
networks 10.2.0.0/23
we_refuse "more than an entry" INVALID_ID_INFORMATION \
	'10\.1\.0\.0/24 === 10\.2\.0\.0/23, which is exactly no access list entry'

what="PFS, the peer has none"
theirs tunnel aes256-sha256
ours tunnel TS 'set pfs group14'
we_are_refused "$what" NO_PROPOSAL_CHOSEN
we_refuse "$what" NO_PROPOSAL_CHOSEN '  group: offered none, configured MODP_2048$'
what="PFS, the peer has another group"
theirs tunnel aes256-sha256-modp3072
we_are_refused "$what" NO_PROPOSAL_CHOSEN
we_refuse "$what" NO_PROPOSAL_CHOSEN '  group: offered MODP_3072, configured MODP_2048$'
what="no PFS, the peer has it"
ours tunnel TS
we_are_refused "$what" NO_PROPOSAL_CHOSEN
they_start "$what" "TUNNEL, $strong/MODP_3072"
finish
