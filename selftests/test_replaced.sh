#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Of two pairs of SAs the replaced one goes when it was idle, unless the peer goes on with
# it: then the other one does. What the peer sent by it in the moment of the switch tells
# nothing, and both stay. Nobody is asked to renew what was replaced. An inbound SA that is
# left alone goes.
#
#   host_a --- gw_a (sends ESP) --- net --- gw_b (ours) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
key=$(random_key 32)
load "$gw_b" < <(
	ios_map 192.0.2.1 '10.2.0.0 0.0.0.255' 'host 10.1.0.1'
	printf '%s\n' 'ip access-list extended VPN-ACL' \
		' permit ip 10.2.0.0 0.0.0.255 host 10.1.0.'{2..5})
mapfile -t flows < <(on "$gw_b" cryptomap show crypto ipsec sa --json |
	python3 -c 'import json, sys; print(*(it["flow"] for it in json.load(sys.stdin)), sep="\n")')
is "a flow of each permit" "${#flows[@]}" 5
netlink_open "$gw_b"
ends='"local": "c6336402", "remote": "c0000201"'

new_sa() { # FLOW SPI DIR TWIN-SPI [JSON]
	request sa-new "{\"spi\": $2, \"dir\": \"$3\", \"twin-spi\": $4, \"flow-id\": ${flows[$1 - 1]},
		$ends, \"mode\": \"tunnel\", \"cipher\": \"null\",
		\"auth\": \"hmac-sha2-256-128\", \"auth-key\": \"$key\", \"replay-window\": 64${5:-}}" ||
		bail "sa-new" "$answer"
}
# pair FLOW NUMBER [JSON]: the SPI of its inbound SA is FLOW NUMBER 00, the outbound one's one more
pair() {
	new_sa "$1" "$1${2}00" in "$1${2}01" "${3:-}"
	new_sa "$1" "$1${2}01" out "$1${2}00" "${3:-}"
}
by() { # FLOW NUMBER SEQUENCE-NUMBER: a packet of the peer by this pair
	on "$gw_a" python3 "$top/selftests/helpers/esp_send.py" 198.51.100.2 "$1${2}00" "$key" \
		"10.1.0.$1" 10.2.0.2 "$3"
}
# left FLOW: which pairs it has
left() {
	ynl "$gw_b" dump sa-get |
		sed -n "s/.*\"spi\": $1\([0-9]\)01[,}].*/\1/p" | sort | paste -sd ' '
}
has() { [ "$(left "$1")" = "$2" ]; }

for flow in 1 3 4 2; do
	pair "$flow" 1
	pair "$flow" 2
done
by 2 1 1
by 3 1 1
by 1 1 1
by 1 2 1
sleep 6
by 3 1 2
check "the peer has switched: what was replaced goes" wait_for 20 has 1 2
check "it sends nothing: likewise" wait_for 20 has 4 2
check "it goes on with the replaced pair: that one stays" wait_for 20 has 3 1
is "it was in the middle of the switch: both stay" "$(left 2)" "1 2"
by 2 2 1
check "until it uses the new one" wait_for 15 has 2 2

# to_renew SPI: somebody was asked to renew this outbound SA
to_renew() {
	request sa-get "{\"spi\": $1, \"dir\": \"out\", $ends}" && [[ $answer == *soft-expired* ]]
}
soon=', "soft": {"seconds": 2}'
pair 5 1 "$soon"
pair 5 2 "$soon"
check "the pair in use is to be renewed" wait_for 10 to_renew 5201
to_renew 5101
is "and not what it has replaced" $? 1
request sa-del "{\"spi\": 5200, \"dir\": \"in\", $ends}"
request sa-del "{\"spi\": 5201, \"dir\": \"out\", $ends}"
check "until that is in use again" wait_for 5 to_renew 5101

# one comes each 6 seconds, less than any of them may be idle
for number in 6 7 8 9; do
	pair 5 "$number"
	sleep 6
done
[[ $(left 5) != *6* ]]
is "what is renewed fast does not pile up" $? 0
[[ $(left 5) == *9 ]]
is "and the youngest is there" $? 0

new_sa 4 4300 in 4301
new_sa 4 4301 out 4300 ', "standby": true'
request sa-del "{\"spi\": 4301, \"dir\": \"out\", $ends}"
gone() { ! request sa-get "{\"spi\": $1, \"dir\": \"in\", $ends}"; }
check "an inbound SA goes whose outbound one never carried anything" wait_for 20 gone 4300
is "and no other" "$(left 4)" 2
finish
