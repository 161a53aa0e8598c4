#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Under traffic charon is killed and started again, then phase 1 alone goes, which
# the peer does not hear of: the SAs go on, are replaced in time, and none of them
# is left after that. No packet is lost or in clear. Then the SAs go without a word,
# and the peer goes on using them: invalid SPI recovery.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
route_in_clear
start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
load "$gw_a" < <(ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255' tunnel \
		'set security-association lifetime kilobytes 2560')
swanctl_load "$gw_b" < <(stock_peer 198.51.100.2 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24)
check "the tunnel is up" comes_up "$host_a" 10.2.0.2
up=$SECONDS

status() { on "$gw_a" cryptomap show crypto session | grep -qE "^Session status: $1 *$"; }
# cut, mend: no IKE comes through
cut() { on "$net" nft "add table ip ike; add chain ip ike f { type filter hook forward priority 0; }; add rule ip ike f udp dport 500 drop"; }
# uptimes: of the session, and of its ISAKMP SA
uptimes() { on "$gw_a" cryptomap show crypto session --json | python3 -c '
import json, sys
session, = json.load(sys.stdin)
print(session["uptime"], session["isakmp-sas"][0]["uptime"])'; }
mend() { on "$net" nft delete table ip ike; }

# a lifetime of some ten seconds
watch_wire "$net" to_b
background "$host_a" flood ping -n -q -i 0.005 -s 1400 10.2.0.2
flood=$background_pid
spi=$(outbound "$gw_a")
{ stop_charon "$gw_a" KILL && wait "$(charon_pid "$gw_a")"; } 2>/dev/null
check "charon is killed: UP-NO-IKE" wait_for 5 status UP-NO-IKE
on "$gw_a" sh -c 'rm -f /run/charon.*ctl'
start_charon "$gw_a" cryptomap
check "it is back: other SAs come" wait_for 60 changed "$gw_a" "$spi"
check "UP-ACTIVE" wait_for 5 status UP-ACTIVE

spi=$(outbound "$gw_a")
cut
on "$gw_a" cryptomap clear crypto isakmp >/dev/null
check "phase 1 goes: UP-NO-IKE" wait_for 10 status UP-NO-IKE
is "the SAs stay" "$(outbound "$gw_a")" "$spi"
mend
check "other SAs come" wait_for 60 changed "$gw_a" "$spi"
check "UP-ACTIVE" wait_for 5 status UP-ACTIVE
age=$((SECONDS - up))
read -r session phase1 < <(uptimes)
check "it is one session all the time" [ "$session" -ge $((age - 3)) ]
check "its phase 1 is younger" [ "$phase1" -lt "$((session - 5))" ]
kill -INT "$flood"
wait "$flood"
like "every ping was answered" "$(cat "$tmp/flood.log")" ' 0% packet loss'
only_esp "nothing but ESP and IKE on the wire"
check "one pair of SAs is left" wait_for 40 one_pair "$gw_a"
check "and at the peer" wait_for 25 one_child
check "it carries traffic" pings "$host_a" 10.2.0.2

# esp NAMESPACE SPI [OPTION...]: 20 packets from there, with an SPI that nobody knows
esp() {
	local ns=$1 spi=$2
	shift 2
	on "$ns" python3 "$top/selftests/helpers/esp_send.py" "$@" \
		192.0.2.1 "$spi" "$(random_key 32)" 10.2.0.2 10.1.0.2 1-20
}
invalid() { [ "$(drops "$gw_a" invalid-spi)" -ge "$1" ]; }
deletes() { grep -ci "sending DELETE for ESP CHILD_SA with SPI $1" "$tmp/$gw_a.charon.log"; }
deleted() { [ "$(deletes "$1")" -gt 0 ]; }
phase1() { grep -c 'initiating Main Mode' "$tmp/$gw_a.charon.log"; }

before=$(drops "$gw_a" invalid-spi)
check "the peer uses an SPI of nobody" esp "$gw_b" 0xabcd0001
check "it is told so" wait_for 10 deleted abcd0001
check "all was dropped" wait_for 10 invalid $((${before:-0} + 20))
check "but once" [ "$(deletes abcd0001)" -le 2 ]

# the SAs go here, which the peer does not hear of
cut
on "$gw_a" cryptomap clear crypto session >/dev/null
check "all is gone: DOWN" wait_for 10 status DOWN
mend
before=$(drops "$gw_a" invalid-spi)
count=$(phase1)
check "pings of the peer get no answer" no_ping "$host_b" 10.1.0.2
is "their SPI is of nobody" "$(($(drops "$gw_a" invalid-spi) - before))" 3
is "no phase 1 by default" "$(phase1)" "$count"
echo 'crypto isakmp invalid-spi-recovery' >>"$tmp/$gw_a.cfg"
check "invalid SPI recovery" on "$gw_a" cryptomap load "$tmp/$gw_a.cfg"
check "a stranger uses an SPI of nobody" esp "$net" 0xabcd0002
check "all is dropped" wait_for 10 invalid $((before + 23))
is "no phase 1 with strangers" "$(phase1)" "$count"
no_child() {
	on "$host_b" ping -n -q -c 1 -W 1 10.1.0.2
	! on "$gw_b" swanctl --list-sas 2>/dev/null | grep ESP:
}
check "another ping of the peer: it hears of it, and has no SAs" wait_for 30 no_child
is "in a new phase 1" "$(phase1)" $((count + 1))
like "that says INITIAL-CONTACT" \
	"$(grep 'parsed ID_PROT request .* HASH' "$tmp/$gw_b.charon.log" | tail -n 1)" 'N\(INITIAL_CONTACT\)'
check "UP-IDLE" wait_for 5 status UP-IDLE
check "the tunnel comes back" comes_up "$host_a" 10.2.0.2

# a forged port is none to negotiate at
count=$(phase1)
check "somebody uses an SPI of nobody in UDP, in the peer's name" esp "$gw_b" 0xabcd0003 -u 31337
check "the peer is told in the phase 1 that there is" wait_for 10 deleted abcd0003
is "there is no other one" "$(phase1)" "$count"
finish
