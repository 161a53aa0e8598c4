#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# debug crypto: what does not fit is told with both sides: policies, keys, transform sets
# and selectors.
#
#   gw_a (ours) --- net --- gw_b (stock), which initiates, but for one time
. "$(dirname "$0")/lib.sh"
two_sites
start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
load "$gw_a" < <(ios_phase1 198.51.100.2 the-right-key
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255')

background "$gw_a" isakmp cryptomap debug crypto isakmp
isakmp=$background_pid
background "$gw_a" ipsec cryptomap debug crypto ipsec peer 198.51.100.2
background "$gw_a" other cryptomap debug crypto isakmp peer 203.0.113.3
other=$background_pid
connections() { on "$gw_a" ss -Hxn state established src /run/charon.cryptomap.ctl | wc -l; }
following() { [ "$(connections)" = "$1" ]; }
check "negotiations are followed" wait_for 20 following 3

# offer KEY LOCAL-TS SED-SCRIPT: the peer initiates with this
offer() {
	stock_peer 198.51.100.2 192.0.2.1 "$1" "$2" 10.1.0.0/24 | sed "$3" >"$tmp/offer"
	swanctl_load "$gw_b" <"$tmp/offer"
	on "$gw_b" swanctl --initiate --child net --timeout 4 >"$tmp/initiate" 2>&1
	on "$gw_b" swanctl --terminate --ike peer --force --timeout 1 >"$tmp/terminate" 2>&1
}
says() { # WHAT LOG PATTERN
	if wait_for 10 grep -qE -e "$3" "$tmp/$2.log"; then pass "$1"; else fail "$1" "no /$3/"; fi
}

offer the-right-key 10.2.0.0/24 's/aes256-sha256-modp2048/aes128-sha256-modp1024/'
says "a message of phase 1, as IOS tells it" isakmp \
	'^\*[A-Z][a-z]{2} +[0-9]+ [0-9:.]+: ISAKMP: received packet: from 198\.51\.100\.2\['
says "policies: which are compared" isakmp ': checking offer 1 against policy 1$'
says "policies: encryption" isakmp ':   encryption: offered AES_CBC 128, configured AES_CBC 256$'
says "policies: group" isakmp ':   group: offered MODP_1024, configured MODP_2048$'
says "policies: what is equal" isakmp ':   hash: HMAC_SHA2_256_128$'

offer another-key 10.2.0.0/24 ''
says "keys" isakmp 'ISAKMP \(198\.51\.100\.2\): what 198\.51\.100\.2 sent cannot be decrypted: .* pre-shared keys differ$'

offer the-right-key 10.2.0.0/24 's/esp_proposals = aes256-sha256/esp_proposals = aes256-sha1/'
says "transform sets: hash" ipsec \
	'IPSEC \(198\.51\.100\.2\):   hash: offered HMAC_SHA1_96, configured HMAC_SHA2_256_128$'
says "transform sets: what is equal" ipsec ':   encryption: AES_CBC 256$'

offer the-right-key 10.9.0.0/24 ''
says "selectors: what is offered" ipsec 'proposes: 10\.1\.0\.0/24 === 10\.9\.0\.0/24, which is exactly no access'
says "selectors: what is configured" ipsec 'crypto map VPN 10 protects: 10\.1\.0\.0/24 === 10\.2\.0\.0/24'

# our offer is refused: the peer tells nothing of what it has, we tell what we have
stock_peer 198.51.100.2 192.0.2.1 the-right-key 10.2.0.0/24 10.1.0.0/24 |
	sed 's/aes256-sha256-modp2048/aes128-sha256-modp1024/' | swanctl_load "$gw_b"
on "$host_a" ping -c 1 -W 1 10.2.0.2 >/dev/null
says "our policies, which are refused" isakmp \
	'ISAKMP \(198\.51\.100\.2\): 198\.51\.100\.2 takes none of our policies, and does not'
says "each of them" isakmp ':   encryption: offered AES_CBC 256$'
says "with all that it has" isakmp ':   group: offered MODP_2048$'

# and of a quick mode
stock_peer 198.51.100.2 192.0.2.1 the-right-key 10.2.0.0/24 10.1.0.0/24 |
	sed 's/esp_proposals = aes256-sha256/esp_proposals = aes128-sha1/' | swanctl_load "$gw_b"
on "$host_a" ping -c 1 -W 1 10.2.0.2 >/dev/null
says "what we propose" ipsec \
	'IPSEC \(198\.51\.100\.2\): quick mode with 198\.51\.100\.2 proposes: 10\.1\.0\.0/24 === 10\.2\.0\.0/24$'
says "our transform sets" ipsec 'IPSEC \(198\.51\.100\.2\): transform set 1 is offered$'
says "with all that they have" ipsec 'IPSEC \(198\.51\.100\.2\):   hash: offered HMAC_SHA2_256_128$'
says "and that they are refused" ipsec 'IPSEC \(198\.51\.100\.2\): .*NO_PROPOSAL_CHOSEN'

is "nothing is told of others" "$(grep -c . "$tmp/other.log")" 0
is "no key is shown" "$(cat "$tmp"/{isakmp,ipsec}.log | grep -cE 'the-right-key|another-key')" 0
kill -TERM "$isakmp" "$other"
wait "$isakmp"
is "SIGTERM ends it well" $? 0
check "charon notices" wait_for 10 following 1
kill "$(charon_pid "$gw_a")"
says "and its end is told" ipsec 'no more from charon'
finish
