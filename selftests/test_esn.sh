#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Extended sequence numbers against XFRM, both ways: from one, across 2^32 with
# and without a loss of more than the window there; and what happens at 2^32
# without them.
#
#   host_a --- gw_a (ours) --- net --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
echo_server "$host_b"
echo_open "$host_a"
turn=$((1 << 32))

# manual TRANSFORMS KEY-BYTES AUTH-BYTES ALGORITHM...: a manual entry with esn
manual() {
	local transforms=$1 key auth keys
	key=$(random_key "$2")
	auth=$(random_key "$3")
	shift 3
	keys="${key:+ cipher $key}${auth:+ authenticator $auth}"
	load "$gw_a" <<-EOT || fail "$transforms: load"
		crypto ipsec transform-set TS $transforms
		 esn
		ip access-list extended VPN-ACL
		 permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255
		crypto map VPN 10 ipsec-manual
		 set peer 198.51.100.2
		 set session-key inbound esp 4097$keys
		 set session-key outbound esp 4098$keys
		 set transform-set TS
		 match address VPN-ACL
		interface wan
		 crypto map VPN
		EOT
	set -- "${@//KEY/0x$key}"
	xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 \
		"${@//AUTH/0x$auth}" flag esn
	check "$transforms: manual, from one" echo_again 10.2.0.2 1-48,1400
}

sha256="auth-trunc hmac(sha256) AUTH 128"
manual "esp-aes 256 esp-sha256-hmac" 32 32 "enc cbc(aes) KEY $sha256"
manual "esp-gcm 128" 20 0 "aead rfc4106(gcm(aes)) KEY 128"
manual "esp-gmac 256" 36 0 "aead rfc4543(gcm(aes)) KEY 128"
manual "esp-null esp-sha-hmac" 0 20 "enc ecb(cipher_null) '' auth-trunc hmac(sha1) AUTH 96"
is "running-config tells it" "$(on "$gw_a" cryptomap show running-config | grep -c '^ esn$')" 1

# numbers anywhere: SAs made over netlink
load "$gw_a" < <(ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255')
flow=$(first_flow "$gw_a")
end_points='"local": "c0000201", "remote": "c6336402"'
netlink_open "$gw_a"

# sas CIPHER AUTH KEY AUTH-KEY NUMBER FLAGS: the pair, which goes on from a number
sas() {
	local dir spi
	for dir in in out; do
		spi=$([ $dir = in ] && echo 4097 || echo 4098)
		request sa-del "{\"spi\": $spi, \"dir\": \"$dir\", $end_points}"
		request sa-new "{\"spi\": $spi, \"dir\": \"$dir\", $end_points, \"flow-id\": $flow,
			\"mode\": \"tunnel\", \"cipher\": \"$1\", \"auth\": \"$2\", \"enc-key\": \"$3\"
			${4:+, \"auth-key\": \"$4\"}, \"seq\": $5, \"flags\": [ $6 ],
			\"replay-window\": 64}" || fail "sa-new" "$answer"
	done
}

seq_of() { # SPI DIR
	request sa-get "{\"spi\": $1, \"dir\": \"$2\", $end_points}"
	python3 -c 'import json, sys; print(json.loads(sys.argv[1])["seq"])' "${answer#*: }"
}

# pair CIPHER AUTH KEY-BYTES AUTH-BYTES NUMBER ALGORITHM...
pair() {
	local key auth_key number=$5
	key=$(random_key "$3")
	auth_key=$(random_key "$4")
	sas "$1" "$2" "$key" "$auth_key" "$number" '"esn"'
	shift 5
	set -- "${@//KEY/0x$key}"
	xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 \
		"${@//AUTH/0x$auth_key}" flag esn \
		replay-seq $((number % turn)) replay-oseq $((number % turn)) \
		replay-seq-hi $((number / turn)) replay-oseq-hi $((number / turn))
}

# nothing comes through while so many are sent
lose() { # NAMESPACE DESTINATION COUNT
	ip -n "$net" route add blackhole 198.51.100.2/32
	ip -n "$net" route add blackhole 192.0.2.1/32
	on "$1" ping -n -q -c "$3" -i 0.002 -W 1 "$2" >/dev/null
	ip -n "$net" route del blackhole 198.51.100.2/32
	ip -n "$net" route del blackhole 192.0.2.1/32
}

# crossing WHAT CIPHER AUTH KEY-BYTES AUTH-BYTES ALGORITHM...
crossing() {
	local what=$1 start
	shift
	start=$((turn - 30))
	pair "$1" "$2" "$3" "$4" $start "${@:5}"
	check "$what: across 2^32" echo_again 10.2.0.2 1-60
	is "$what: the number sent" "$(seq_of 4098 out)" $((start + 60))
	is "$what: the number received" "$(seq_of 4097 in)" $((start + 60))
	pair "$1" "$2" "$3" "$4" $((5 * turn - 50)) "${@:5}"
	check "$what: before 5 * 2^32" pings "$host_a" 10.2.0.2
	lose "$host_a" 10.2.0.2 200
	lose "$host_b" 10.1.0.2 200
	check "$what: more lost across 5 * 2^32 than the window holds" pings "$host_a" 10.2.0.2
	check "$what: and from the other side" pings "$host_b" 10.1.0.2
	is "$what: the high half went on" $(($(seq_of 4098 out) / turn)).$(($(seq_of 4097 in) / turn)) 5.5
}
crossing "AES-CBC with SHA2-256" aes-cbc hmac-sha2-256-128 32 32 "enc cbc(aes) KEY $sha256"
crossing "AES-CTR with SHA1" aes-ctr hmac-sha1-96 20 20 \
	"enc rfc3686(ctr(aes)) KEY auth-trunc hmac(sha1) AUTH 96"
crossing "AES-GCM" aes-gcm none 36 0 "aead rfc4106(gcm(aes)) KEY 128"
crossing "AES-GMAC" aes-gmac none 20 0 "aead rfc4543(gcm(aes)) KEY 128"
crossing "ChaCha20-Poly1305" chacha20-poly1305 none 36 0 \
	"aead rfc7539esp(chacha20,poly1305) KEY 128"
is "nothing was taken for a replay, or did not verify" \
	"$(drops "$gw_a" replay).$(drops "$gw_a" auth-failed)" 0.0

# without them
key=$(random_key 20)
sas aes-gcm none "$key" "" $((turn - 3)) ''
xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 \
	"aead rfc4106(gcm(aes)) 0x$key 128" replay-oseq $((turn - 3))
watch_wire "$net" to_b
check "the last two numbers of 32 bits" pings "$host_a" 10.2.0.2 -c 2
no_ping "$host_a" 10.2.0.2 -c 3 >/dev/null
is "then the SA ends" "$(drops "$gw_a" seq-exhausted)" 1
wire_stop
is "and no number came twice" "$(wire_count 'esp and dst 198.51.100.2')" 2
request sa-new "{\"spi\": 4099, \"dir\": \"out\", $end_points, \"flow-id\": $flow,
	\"mode\": \"tunnel\", \"cipher\": \"aes-gcm\", \"enc-key\": \"$key\", \"seq\": $turn}"
like "a number above 32 bits takes extended ones" "$answer" 'errno 34: .*takes extended'
netlink_close
finish
