#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# load --confirm-within: confirmed, the configuration stays; not confirmed, that of
# before comes back, with its manual keys and phase 1, whatever became of the terminal;
# traffic and SAs of what is the same in both go on all the time.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
#                               |
#                               +----- gw_c (XFRM, manual keys) --- host_c
. "$(dirname "$0")/lib.sh"
two_sites
third_site
key=$(random_key 36)
{
	ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255'
} >"$tmp/same.cfg"
{
	cat "$tmp/same.cfg"
	echo 'crypto isakmp key of-before address 203.0.113.3'
	cat <<-EOT
	crypto ipsec transform-set MANUAL esp-gcm 256
	ip access-list extended TO-C
	 permit ip 10.1.0.0 0.0.0.255 10.3.0.0 0.0.0.255
	crypto map VPN 20 ipsec-manual
	 set peer 203.0.113.3
	 set session-key inbound esp 4097 cipher $key
	 set session-key outbound esp 4098 cipher $key
	 set transform-set MANUAL
	 match address TO-C
	EOT
} >"$tmp/old.cfg"
{
	cat "$tmp/same.cfg"
	echo 'crypto isakmp key of-after address 203.0.113.3'
} >"$tmp/new.cfg"
{
	cat "$tmp/new.cfg"
	printf 'crypto map VPN 30 ipsec-isakmp\n description third\n'
} >"$tmp/newer.cfg"

cm() { on "$gw_a" cryptomap "$@"; }
config() { cm show running-config; }
is_old() { [ "$(config)" = "$old" ]; }
waiter() {
	local pid
	for pid in $(ip netns pids "$gw_a"); do
		[ "$(cat "/proc/$pid/comm" 2>/dev/null)" != cryptomap ] || echo "$pid"
	done
}
no_waiter() { [ -z "$(waiter)" ]; }
# number and SPI of each SA of entry 10
kept_sas() {
	cm show crypto ipsec sa --json | python3 -c '
import json, sys
print([(sa["conn-id"], sa["spi"]) for flow in json.load(sys.stdin) if flow["seq"] == 10
       for sa in flow["sas"]])'
}

start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
swanctl_load "$gw_b" < <(
	stock_peer 198.51.100.2 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24)
xfrm_peer "$gw_c" 203.0.113.3 192.0.2.1 10.3.0.0/24 10.1.0.0/24 tunnel 4098 4097 \
	"aead rfc4106(gcm(aes)) 0x$key 128"
check "load" cm load "$tmp/old.cfg"
old=$(config)
check "the negotiated tunnel is up" comes_up "$host_a" 10.2.0.2
check "the manual one is up" pings "$host_a" 10.3.0.2
sas=$(kept_sas)
background "$host_a" stream ping -n -q -i 0.1 10.2.0.2
stream_pid=$background_pid

is "nothing waits" "$(cm show archive config rollback timer)" "No configuration waits to be confirmed"
refuse "nothing to confirm" 'no configuration waits' cm confirm
refuse "nothing to roll back" 'no configuration waits' cm rollback
for time in 9s 25h 5 1d m; do
	refuse "no time: $time" 'a time from 10s to 24h' cm load "$tmp/new.cfg" --confirm-within "$time"
done

# confirmed
like "load on trial" "$(cm load "$tmp/new.cfg" --confirm-within 5m)" \
	'^Rollback in 300 seconds, unless confirmed: cryptomap confirm$'
like "it is shown" "$(cm show archive config rollback timer)" \
	'^Rollback in (300|29[0-9]) seconds, at .*\(300 seconds were given\)$'
like "also as JSON" "$(cm show archive config rollback timer --json | xargs)" \
	'pending: true, seconds-left: [0-9]+, within-seconds: 300'
refuse "no other load meanwhile" 'waits to be confirmed, rollback in' cm load "$tmp/old.cfg"
check "but a dry run" cm load "$tmp/old.cfg" --dry-run
check "confirm" cm confirm
check "nobody waits any more" wait_for 10 no_waiter
like "it stays" "$(config)" 'crypto isakmp key of-after'
check "the manual tunnel went with it" no_ping "$host_a" 10.3.0.2

# not confirmed, and the terminal is gone
check "another load after it" cm load "$tmp/old.cfg"
on "$gw_a" script -qec "cryptomap load $tmp/new.cfg --confirm-within 10s; kill -9 \$\$" /dev/null \
	>"$tmp/script.log" 2>&1
like "load on trial from a terminal" "$(cat "$tmp/script.log")" 'Rollback in 10 seconds'
like "it is in force" "$(config)" 'crypto isakmp key of-after'
pid=$(waiter)
is "who waits is in a session of its own" "$(ps -o sid= -p "$pid" | xargs)" "$pid"
check "the configuration of before comes back" wait_for 40 is_old
check "nobody waits any more" wait_for 10 no_waiter
# their SAs are new ones: the peer takes numbers that it has seen for replays
check "manual keys are back" comes_up "$host_a" 10.3.0.2

# rolled back by hand, to what was before the first one
cm load "$tmp/new.cfg" --confirm-within 1h >/dev/null
check "another one on trial" cm load "$tmp/newer.cfg" --confirm-within 2h
like "it has the time given last" "$(cm show archive config rollback timer)" '\(7200 seconds were given\)$'
check "rollback" cm rollback
check "that of before the first one is back, at once" is_old

# who waits is ended, or killed
cm load "$tmp/new.cfg" --confirm-within 1h >/dev/null
kill -TERM "$(waiter)"
check "SIGTERM rolls back" wait_for 10 is_old
cm load "$tmp/new.cfg" --confirm-within 1h >/dev/null
kill -KILL "$(waiter)"
check "SIGKILL: the kernel falls back" comes_up "$host_a" 10.3.0.2
is "and nothing waits" "$(cm show archive config rollback timer)" "No configuration waits to be confirmed"
check "load after that" cm load "$tmp/old.cfg"

is "SAs of what is the same in all of them are the same" "$(kept_sas)" "$sas"
kill -INT "$stream_pid"
wait_for 10 grep -q 'packet loss' "$tmp/stream.log"
like "not one of its packets was lost" "$(cat "$tmp/stream.log")" ' 0% packet loss'

# phase 1 while charon is not there
cm load "$tmp/new.cfg" --confirm-within 1h >/dev/null
stop_charon "$gw_a" KILL
check "rollback without charon" cm rollback
is "charon gets the phase 1 of before when it starts" \
	"$(on "$gw_a" grep -c 'of-before' /run/charon.cryptomap.conf)" 1
cm load "$tmp/new.cfg" --confirm-within 1h >/dev/null
check "the module is unloaded meanwhile" timeout 60 rmmod crypto_map
refuse "rollback says what cannot come back" 'the kernel module refuses the configuration of before, or was unloaded' \
	cm rollback
is "the files are nobody else's" "$(on "$gw_a" find /run -name '*cryptomap*' -perm /077)" ""
finish
