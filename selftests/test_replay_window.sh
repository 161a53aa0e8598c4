#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The anti-replay window at every size: what is in it is accepted once, in any
# order, what is left of it never. The packets are made by a script, so that
# their order is the test's.
#
#   gw_a (sender of ESP) --- net --- gw_b (ours) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
key=$(random_key 32)
load "$gw_b" < <(ios_map 192.0.2.1 '10.2.0.0 0.0.0.255' '10.1.0.0 0.0.0.255')
netlink_open "$gw_b"
flow=$(first_flow "$gw_b")
end_points='"local": "c6336402", "remote": "c0000201"'

send() { # [-e] NUMBERS...
	local extended=
	if [ "$1" = -e ]; then extended=-e; shift; fi
	on "$gw_a" python3 "$top/selftests/helpers/esp_send.py" $extended 198.51.100.2 4097 "$key" \
		10.1.0.2 10.2.0.2 "$@"
}

# counts ACCEPTED DROPPED: since the SA was made
counts() {
	[ "$(flow_count "$gw_b" decaps)" = "$1" ] && [ "$(drops "$gw_b" replay)" = "$2" ]
}

counted() { # WHAT ACCEPTED DROPPED
	if wait_for 10 counts "$2" "$3"; then
		pass "$1"
	else
		fail "$1" "accepted $(flow_count "$gw_b" decaps) of $2, replays $(drops "$gw_b" replay) of $3"
	fi
}

new_sa() { # WINDOW [JSON]
	request counters-clear '{}'
	request sa-new "{\"spi\": 4097, \"dir\": \"in\", $end_points, \"flow-id\": $flow,
		\"mode\": \"tunnel\", \"cipher\": \"null\", \"auth\": \"hmac-sha2-256-128\",
		\"auth-key\": \"$key\", \"replay-window\": $1${2:-}}" || bail "sa-new" "$answer"
}

for window in 64 128 256 512 1024 4096; do
	top_number=$((window + 100))
	new_sa $window
	send $top_number $((top_number - window + 1)) $((top_number - window)) \
		$((top_number - window + 1)) $top_number
	counted "$window: the leftmost number is in, the next is not, and neither comes twice" 2 3
	send "~1-$top_number"
	counted "$window: every other one of the window, in any order" $window $((3 + 100 + 2))
	send "~1-$top_number"
	counted "$window: none of them again" $window $((3 + 100 + 2 + top_number))
	request sa-del "{\"spi\": 4097, \"dir\": \"in\", $end_points}"
done

new_sa 0
send ~1-300 ~1-300
counted "off: all of them, twice" 600 0
request sa-get "{\"spi\": 4097, \"dir\": \"in\", $end_points}"
like "the highest number is known all the same" "$answer" '"replay-top": 300\b'
request sa-del "{\"spi\": 4097, \"dir\": \"in\", $end_points}"

turn=$((1 << 32))
new_sa 64 ", \"flags\": [\"esn\"], \"seq\": $((turn - 30))"
send -e "~$((turn - 40))-$((turn + 20))"
counted "extended numbers over 2^32: each once, none of those before the start" 50 11
send -e "~$((turn - 20))-$((turn + 20))"
counted "extended numbers over 2^32: none of them again" 50 $((11 + 41))
send -e $((turn + 500)) $((turn + 437)) "~$((turn + 437))-$((turn + 500))"
counted "extended numbers: after a loss of more than the window" $((50 + 64)) $((11 + 41 + 2))
request sa-del "{\"spi\": 4097, \"dir\": \"in\", $end_points}"
request sa-new "{\"spi\": 4097, \"dir\": \"in\", $end_points, \"flow-id\": $flow, \"mode\": \"tunnel\",
	\"cipher\": \"null\", \"auth\": \"hmac-sha2-256-128\", \"auth-key\": \"$key\", \"replay-window\": 4097}"
like "a window of 4097 is refused" "$answer" 'errno 34'
netlink_close

# of IOS: each entry has its own, or the global one
replays() { on "$gw_b" cryptomap show running-config | grep replay | tr -s '\n ' '  '; }
for size in 64 128 256 512 1024; do
	load "$gw_b" < <(ios_map 192.0.2.1 '10.2.0.0 0.0.0.255' '10.1.0.0 0.0.0.255' tunnel \
		"set security-association replay window-size $size")
	is "$size for an entry" "$(replays)" " set security-association replay window-size $size "
done
finish
