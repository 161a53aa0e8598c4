#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ESP in UDP taken without a socket, packet by packet: what is ours and what is
# left, checksums, super-packets, the firewall, and which packets tell that the
# peer's port has changed. The packets are made by a script.
#
#   gw_a (sender of ESP) --- net --- gw_b (ours)
. "$(dirname "$0")/lib.sh"
two_sites
two_sites_ipv6
key=$(random_key 32)
load "$gw_b" < <(ios_map 192.0.2.1 '10.2.0.0 0.0.0.255' '10.1.0.0 0.0.0.255')
netlink_open "$gw_b"
flow=$(first_flow "$gw_b")
end_points='"local": "c6336402", "remote": "c0000201"'

# new_sa SPI DIR [JSON]
new_sa() {
	request sa-new "{\"spi\": $1, \"dir\": \"$2\", $end_points, \"flow-id\": $flow,
		\"mode\": \"tunnel\", \"cipher\": \"null\", \"auth\": \"hmac-sha2-256-128\",
		\"auth-key\": \"$key\", \"replay-window\": 64${3:-}}" || bail "sa-new" "$answer"
}

send() { # [OPTION...] SPI NUMBERS...
	local options=()
	while [[ $1 == -* ]]; do
		options+=("$1")
		[ "$1" = -g ] || { options+=("$2"); shift; }
		shift
	done
	on "$gw_a" python3 "$top/selftests/helpers/esp_send.py" "${options[@]}" \
		"${destination:-198.51.100.2}" "$1" "$key" 10.1.0.2 10.2.0.2 "${@:2}"
}

accepted() { [ "$(flow_count "$gw_b" decaps)" = "$1" ]; }
dropped() { [ "$(drops "$gw_b" "$1")" = "$2" ]; }

port_of() { # SPI DIR
	request sa-get "{\"spi\": $1, \"dir\": \"$2\", $end_points}"
	python3 -c 'import json, sys; print(json.loads(sys.argv[1])["encap-dport"])' "${answer#*: }"
}
ports() { [ "$(port_of 4097 in).$(port_of 4098 out)" = "$1" ]; }

udp=', "encap-sport": 4500, "encap-dport": 4500, "flags": [ "follow-port" ]'
new_sa 4097 in "$udp, \"twin-spi\": 4098"
new_sa 4098 out "$udp, \"twin-spi\": 4097"
new_sa 4099 in
new_sa 4100 in ', "encap-sport": 4500, "encap-dport": 4500'
watch_wire "$gw_a" wan

traced() { # SPI [udp PORT PORT], to gw_b
	on "$gw_b" cryptomap packet-tracer input wan esp 192.0.2.1 "$1" 198.51.100.2 "${@:2}"
}
like "traced: ESP in UDP, of an SA that is for it" "$(traced 4097 udp 4500 4500)" \
	'^Action: allow, decrypted$'
like "traced: by itself" "$(traced 4097)" '^Drop-reason: \(encap-mismatch\)'

# no socket
send -u 4500 4097 1-3
check "taken without a socket" wait_for 10 accepted 3
send -u 4500 -g 4097 4-23
check "each of a super-packet" wait_for 10 accepted 23
send -u 4500 -l 4000 4097 24
check "reassembled" wait_for 10 accepted 24
send -u 4500 -c 0 4097 25
check "without a checksum" wait_for 10 accepted 25
send -u 4500 -c 4711 4097 26
check "a wrong checksum" wait_for 10 dropped udp-checksum 1
send 4097 27
check "native ESP for an SA in UDP" wait_for 10 dropped encap-mismatch 1
on "$gw_a" python3 - <<'EOT'
import socket
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 4500))
sock.sendto(b"\xff", ("198.51.100.2", 4500))
EOT
send -u 4500 4097 28
check "after a keepalive" wait_for 10 accepted 26

# the firewall
on "$gw_b" nft -f - <<'EOT'
table ip t {
	chain input {
		type filter hook input priority 0;
		udp sport 4666 counter drop
		udp sport 4500 ct status confirmed counter accept
		udp sport 4500 ct state new counter accept
	}
	chain late {
		type filter hook input priority 400;
		udp sport 4777 counter drop
	}
}
EOT
counted() { # WHAT PACKETS RULE
	like "$1" "$(on "$gw_b" nft list table ip t)" "$3 .*counter packets $2 bytes"
}
send -u 4666 4097 29
counted "dropped by a rule of the input chain" 1 "sport 4666"
send -u 4777 4097 30
counted "dropped by a rule behind our hook" 1 "sport 4777"
send -u 4500 4097 31
send -u 4500 4097 32
check "the others come through" wait_for 10 accepted 28
counted "conntrack sees a new connection" 1 "state new"
counted "and has confirmed it" 1 "status confirmed"
on "$gw_b" nft delete table ip t

# the port
check "the port is still the first one" ports 4500.4500
send -u 5000 4097 90 80
check "another port is followed, both ways" wait_for 10 ports 5000.5000
on "$gw_b" nft -f - <<'EOT'
table ip t {
	chain input {
		type filter hook input priority 0;
		counter accept
	}
}
EOT
before=$(flow_count "$gw_b" decaps)
# what must change nothing gets more than the interval between two changes
end=$((SECONDS + 2))
while [ $SECONDS -lt $end ]; do
	send -u 6000 4097 80 90 81-89
done
check "numbers below the highest one, and replays, came from a third port" \
	accepted $((before + 9))
send -u 6000 -c 0 4100 1-3
is "nor does an SA that is not to follow" "$(port_of 4100 in)" 4500
check "the port is the second one still" ports 5000.5000
send -u 7000 4097 91
check "the next number tells of the next port" wait_for 10 ports 7000.7000
request sa-set "{\"spi\": 4097, \"dir\": \"in\", $end_points, \"encap-sport\": 4500, \"encap-dport\": 8000}"
send -u 7000 4097 92
check "what the daemon has set is corrected" wait_for 10 ports 7000.7000

# with a socket: what is not ours
background "$gw_b" sink python3 "$top/selftests/helpers/udp_sink.py" encap
wait_for 20 grep -q ready "$tmp/sink.log" || bail "socket"
before=$(flow_count "$gw_b" decaps)
send -u 7000 4097 93
check "taken once with a socket as well" wait_for 10 accepted $((before + 1))
send -u 7000 -g 4097 94-97
check "of a super-packet likewise" wait_for 10 accepted $((before + 5))
ike_came() { grep -q '^0*$' "$tmp/sink.log"; }
check "and the IKE message in it to the socket" wait_for 10 ike_came
send -u 4500 4099 1
check "in UDP for an SA with native ESP" wait_for 10 dropped encap-mismatch 2
send -u 4500 4711 1
check "an unknown SPI" wait_for 10 dropped invalid-spi 1
kill "$background_pid"

# behind a marker, as in TCP, there is no port before ESP, and no SA of ours is for it
background "$gw_b" marker python3 -c '
import socket, time
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 5500))
try:
    sock.setsockopt(socket.IPPROTO_UDP, 100, 1)  # UDP_ENCAP_ESPINUDP_NON_IKE
    print("ready", flush=True)
except OSError:
    print("none", flush=True)
time.sleep(60)'
wait_for 20 grep -q . "$tmp/marker.log" || bail "socket"
if grep -q ready "$tmp/marker.log"; then
	of_none() { on "$gw_b" grep -qE '^XfrmInNoStates\s+2$' /proc/net/xfrm_stat; }
	on "$gw_a" python3 - <<-'EOT'
		import socket, struct
		sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		sock.bind(("", 5500))
		for spi in 4097, 4711:
		    sock.sendto(bytes(8) + struct.pack("!II", spi, 1) + bytes(64),
		                ("198.51.100.2", 5500))
	EOT
	check "ESP in UDP behind a marker goes to XFRM" wait_for 10 of_none
	check "and is neither an unknown SPI" dropped invalid-spi 1
	check "nor for an SA" dropped auth-failed 0
fi
kill "$background_pid"
wire_stop
is "the peer was told that nobody takes the IKE message, and of nothing else" "$(wire_count icmp)" 1
is "no replay was more than counted" "$(drops "$gw_b" auth-failed)" 0

# IPv6 outside
request sa-del "{\"spi\": 4097, \"dir\": \"in\", $end_points}"
load "$gw_b" < <(ios_map 2001:db8:a::1 '10.2.0.0 0.0.0.255' '10.1.0.0 0.0.0.255')
flow=$(first_flow "$gw_b")
end_points='"local": "20010db8000b00000000000000000002", "remote": "20010db8000a00000000000000000001"'
destination=2001:db8:b::2
new_sa 4097 in "$udp, \"twin-spi\": 4098"
new_sa 4098 out "$udp, \"twin-spi\": 4097"
before=$(flow_count "$gw_b" decaps)
send -u 4500 4097 1-3
check "IPv6: taken without a socket" wait_for 10 accepted $((before + 3))
send -u 4500 -c 0 4097 4
check "IPv6: without a checksum" wait_for 10 accepted $((before + 4))
send -u 4500 -l 4000 4097 5
check "IPv6: reassembled" wait_for 10 accepted $((before + 5))
send -u 4500 -g 4097 6-16
check "IPv6: each of a super-packet" wait_for 10 accepted $((before + 16))
send -u 5000 4097 17
check "IPv6: the port is followed" wait_for 10 ports 5000.5000
netlink_close
finish
