#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# monitor: configurations, acquires, SAs that come and go, and drops, of which no more are
# told than there is time for; all of them are counted. Who watches is no daemon.
#
#   host_a --- gw_a (ours) --- net
. "$(dirname "$0")/lib.sh"
two_sites
config() { # KIND [LINE...]
	printf '%s\n' 'crypto ipsec transform-set TS esp-gcm 128' 'ip access-list extended VPN-ACL' \
		' permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255' "crypto map VPN 10 $1" \
		' set peer 198.51.100.2' ' set transform-set TS' ' match address VPN-ACL'
	shift
	[ $# = 0 ] || printf ' %s\n' "$@"
	printf '%s\n' 'interface wan' ' crypto map VPN'
}
# told PATTERN...: one event, a line of JSON, matches all of them
told() {
	local found pattern
	found=$(cat "$tmp/json.log")
	for pattern in "$@"; do
		found=$(grep -E -e "$pattern" <<<"$found") || return 1
	done
}
tells() { # WHAT PATTERN...
	local what=$1
	shift
	if wait_for 10 told "$@"; then pass "$what"; else fail "$what" "$(tail -n 20 "$tmp/json.log")"; fi
}
ping_once() { on "$host_a" ping -n -q -c 1 -W 1 "$@" 10.2.0.2 >"$tmp/ping"; }

background "$gw_a" json cryptomap monitor --json
json_pid=$background_pid
background "$gw_a" text cryptomap monitor map OTHER
text_pid=$background_pid
loaded() { load "$gw_a" < <(config ipsec-isakmp "description $RANDOM") && told '"event":"config"'; }
check "a configuration is told" wait_for 20 loaded
check "who watches all the same does not wait" wait_for 20 grep -q ' config generation ' "$tmp/text.log"

ping_once
tells "a drop, with all that is known of it" '"event":"drop"' '"reason":"no-daemon"' \
	'"protocol":1,' '"source":"10\.1\.0\.2","destination":"10\.2\.0\.2"' \
	'"map":"VPN","seq":10,"flow":[0-9]+,"peer":"198\.51\.100\.2"' '"time":[0-9]+\.'

netlink_open "$gw_a"
request daemon-set '{"daemon": 1}'
ping_once
tells "an acquire" '"event":"acquire"' '"map":"VPN","seq":10,"ace":10,"flow":[0-9]+,"peer":"198\.51\.100\.2"'
netlink_close

key=$(random_key 20)
check "manual keys" load "$gw_a" < <(config ipsec-manual "set session-key inbound esp 4097 cipher $key" \
	"set session-key outbound esp 4098 cipher $key")
tells "an inbound SA" '"event":"sa","state":"active","direction":"in","spi":4097,' '"map":"VPN","seq":10'
tells "an outbound SA" '"event":"sa","state":"active","direction":"out","spi":4098,' '"peer":"198\.51\.100\.2"'
tells "the flow is up" '"event":"flow","state":"up","map":"VPN"'
esp_to_nobody() { # NUMBERS
	on "$net" python3 "$top/selftests/helpers/esp_send.py" 192.0.2.1 0x1234 "$key$key" \
		10.2.0.2 10.1.0.2 "$1"
}
esp_to_nobody 7
tells "ESP for nobody" '"event":"invalid-spi","spi":4660,"local":"192\.0\.2\.1","peer":"192\.0\.2\.254"'
tells "and its drop" '"event":"drop","reason":"invalid-spi","protocol":50,' '"spi":4660,"number":7'
check "negotiated again" load "$gw_a" < <(config ipsec-isakmp)
tells "the SAs are removed" '"event":"expire","kind":"removed","direction":"in","spi":4097'
tells "and gone" '"event":"gone","direction":"out","spi":4098'

esp_to_nobody 1-2000
all_told() {
	python3 - "$tmp/json.log" <<-EOT
	import json, sys
	events = [json.loads(line) for line in open(sys.argv[1])]
	one = sum(it.get("reason") == "invalid-spi" for it in events)
	missed = sum(it.get("missed", 0) for it in events)
	dropped = $(drops "$gw_a" invalid-spi)
	print(one, missed, dropped)
	sys.exit(not (missed and dropped == one + missed))
	EOT
}
check "of many drops some are told, and how many were not" wait_for 20 all_told
refuse "a filter is refused" 'takes no filter' on "$gw_a" cryptomap monitor '|' include drop

for pid in $json_pid $text_pid; do kill -TERM "$pid"; done
wait "$json_pid"
is "SIGTERM ends it well" $? 0
wait "$text_pid"
is "of another map nothing was told but what has none" \
	"$(grep -vcE ' (config generation [0-9]+|drop missed [0-9]+|invalid-spi .*|drop reason invalid-spi.*)$' "$tmp/text.log")" 0

background "$gw_a" last cryptomap monitor
last_pid=$background_pid
heard() {
	load "$gw_a" < <(config ipsec-isakmp "description $RANDOM")
	grep -q ' config generation ' "$tmp/last.log"
}
check "another one listens" wait_for 20 heard
check "the module is unloaded meanwhile" timeout 60 rmmod crypto_map
wait "$last_pid"
is "it does not wait for what never comes" $? 1
like "and says why" "$(cat "$tmp/last.log")" 'the kernel module was unloaded'
finish
