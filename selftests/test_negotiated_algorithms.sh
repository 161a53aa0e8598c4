#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Transforms beyond those of the other tests, negotiated with stock strongSwan,
# each side as initiator.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
watch_wire "$net" to_b

no_sas() { ! on "$gw_a" cryptomap show crypto ipsec sa | grep -q 'spi: 0x[1-9A-F]'; }

# try TRANSFORMS PROPOSAL SHOWN [LINE]: PROPOSAL is the peer's word for them, the line
# goes into the transform set
try() {
	local line=${4:-}
	load "$gw_a" < <(ios_phase1 198.51.100.2 secret
		ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255' |
			sed "s/\(transform-set TS\) .*/\1 $1\n${line:- mode tunnel}/") || fail "$1: load"
	swanctl_load "$gw_b" < <(stock_peer 198.51.100.2 192.0.2.1 secret 10.2.0.0/24 \
		10.1.0.0/24 tunnel "esp_proposals = $2")
	check "$1: we negotiate" comes_up "$host_a" 10.2.0.2
	is "$1: it is what both SAs have" "$(on "$gw_a" cryptomap show crypto ipsec sa |
		grep -c "transform: $3 ,")" 2
	is "$1: extended sequence numbers, or not" "$(on "$gw_a" cryptomap show crypto ipsec sa \
		--json | grep -c '"esn": true')" $((${#line} ? 2 : 0))
	on "$gw_b" swanctl --terminate --ike peer --force >/dev/null 2>&1
	wait_for 20 no_sas || fail "$1: the peer's delete"
	check "$1: the peer negotiates" on "$gw_b" swanctl --initiate --child net --timeout 30
	check "$1: pings are answered" pings "$host_b" 10.1.0.2
	on "$gw_b" swanctl --terminate --ike peer --force >/dev/null 2>&1
	wait_for 20 no_sas || fail "$1: the peer's delete"
}

try "esp-gcm 256" aes256gcm16 "esp-gcm 256"
try "esp-gmac 128" aes128gmac esp-gmac
try "esp-gmac 256" aes256gmac "esp-gmac 256"
try "esp-3des esp-md5-hmac" 3des-md5 "esp-3des esp-md5-hmac"
try "esp-aes 192 esp-sha512-hmac" aes192-sha512 "esp-192-aes esp-sha512-hmac"
try "esp-aes esp-sha-hmac" aes128-sha1-esn "esp-aes esp-sha-hmac" " esn"
try "esp-gcm 256" aes256gcm16-esn "esp-gcm 256" " esn"
only_esp "nothing but ESP and IKE on the wire"
finish
