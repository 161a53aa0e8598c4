#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Floods of first messages, from spoofed addresses, of somebody who may start IKE and
# of the peer itself, in main and aggressive mode, fragments and garbage; then a thousand
# flows whose peers do not answer. What charon keeps is bounded, and a tunnel goes on: its
# pings are answered, its peer renegotiates phase 2 and phase 1.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock

# anybody may start IKE: there is a key for all and a dynamic map, and a key by name
config() { # [PEERS]: that many entries with peers of their own, 198.18.0.1 and on
	ios_phase1 198.51.100.2 secret
	cat <<-EOT
	crypto isakmp key other address 0.0.0.0
	crypto isakmp key by-name hostname hub.example.org
	$(ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255')
	crypto dynamic-map ANY 10
	 set transform-set TS
	crypto map VPN 65535 ipsec-isakmp dynamic ANY
	EOT
	seq "${1:-0}" | awk '{
		host = int($1 / 256) "." $1 % 256
		printf "ip access-list extended TO-%d\n permit ip any host 10.9.%s\n", $1, host
		printf "crypto map VPN %d ipsec-isakmp\n set peer 198.18.%s\n", $1 + 10, host
		printf " set transform-set TS\n match address TO-%d\n", $1
	}'
}

flood() { on "$net" "$top/build/ike_flood" "$1" 192.0.2.1 "${@:2}"; }
memory() { awk '$1 == "VmRSS:" { print $2 }' "/proc/$(charon_pid "$gw_a")/status"; }
# half_open: phase 1 that others started and did not go on with
half_open() { on "$gw_a" cryptomap show crypto isakmp sa | grep -cE '^192\.0\.2\.1 .*(MM_SA_SETUP|AG_).* ACTIVE$'; }

# ike_sas: all that charon has
ike_sas() { on "$gw_a" swanctl --stats 2>/dev/null | sed -n 's/^IKE_SAs: \([0-9]*\) total.*/\1/p'; }

# newest ike|child: number of the peer's newest SA
newest() {
	on "$gw_b" swanctl --list-sas |
		sed -nE "s/^ *${names[$1]}: #([0-9]+), .*(ESTABLISHED|INSTALLED).*/\1/p" | sort -n | tail -n 1
}
declare -A names=([ike]=peer [child]=net)
newer() { [ "$(newest "$1")" -gt "$2" ]; }
# renewed ike|child: the peer renegotiates it
renewed() {
	local last
	last=$(newest "$1")
	on "$gw_b" swanctl --rekey "--$1" "${names[$1]}" && wait_for 30 newer "$1" "$last"
}

config | load "$gw_a"
swanctl_load "$gw_b" < <(stock_peer 198.51.100.2 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24)
check "the tunnel is up" comes_up "$host_a" 10.2.0.2
before=$(memory)
background "$host_a" ping ping -n -q -i 0.2 10.2.0.2
ping_pid=$background_pid

# during WHAT RENEWED COUNT KIND FROM ADDRESSES: a flood, and what the tunnel does meanwhile
during() {
	local what=$1 count=$3 sa
	flood "$4" "$5" "$6" "$count" 500 >"$tmp/flood" &
	for sa in $2; do
		check "$what: $sa" renewed "$sa"
	done
	wait "$!"
	is "$what: was one" "$(cat "$tmp/flood")" "$count messages"
	diag <<<"$what: $(half_open) half open, $(memory) kB"
}
during "main mode of anybody" "child ike" 800 main 198.18.0.0 65536
half=$(half_open)
check "half open are not more than may be ($half)" test "$half" -gt 50 -a "$half" -le 500
during "main mode of the peer" "child ike" 400 main 198.51.100.2 1
half=$(on "$gw_a" cryptomap show crypto isakmp sa |
	grep -cE '^192\.0\.2\.1 +198\.51\.100\.2 +MM_SA_SETUP .* ACTIVE$')
check "nor those of an address ($half)" test "$half" -le 100
during "aggressive mode" child 400 aggressive 198.19.0.0 65536
during "garbage" child 1000 garbage 198.18.0.0 65536
sas=$(ike_sas)
during "fragments" child 400 fragment 198.18.0.0 65536
left=$(($(ike_sas) - sas))
check "they leave nothing ($left)" test "$left" -lt 40

check "unreachable peers" load "$gw_a" < <(config 1000)
on "$host_a" python3 -c '
import socket
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for n in range(1, 1001):
    sock.sendto(b"", ("10.9.%d.%d" % divmod(n, 256), 9))'
check "unreachable peers: child" renewed child
diag <<<"unreachable peers: $(memory) kB"
kill -INT "$ping_pid"
wait "$ping_pid" 2>/dev/null
like "no ping was lost" "$(cat "$tmp/ping.log")" ' 0% packet loss'
after=$(memory)
check "memory is bounded ($before kB, $after kB)" test "$((after - before))" -lt 32768
finish
