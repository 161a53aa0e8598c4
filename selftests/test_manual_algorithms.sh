#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every cipher and authenticator in tunnel mode against XFRM, with manual keys:
# datagrams go out through our encryption and come back through our decryption.
#
#   host_a --- gw_a (ours) --- net --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
echo_server "$host_b"
echo_open "$host_a"
watch_wire "$net" to_b

some=1-48,63-65,127-129,255-257,511-513,1000,1023-1025,1385-1400
every=1-1400

# try TRANSFORMS KEY-BYTES AUTH-BYTES SIZES ALGORITHM...: KEY and AUTH in the
# algorithm of `ip xfrm` stand for the keys
try() {
	local transforms=$1 key auth keys sizes=$4
	key=$(random_key "$2")
	auth=$(random_key "$3")
	shift 4
	keys="${key:+ cipher $key}${auth:+ authenticator $auth}"
	if ! load "$gw_a" <<-EOT
		crypto ipsec transform-set TS $transforms
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
	then
		fail "$transforms: load"
		return
	fi
	set -- "${@//KEY/0x$key}"
	xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 \
		"${@//AUTH/0x$auth}"
	check "$transforms: $sizes bytes both ways" echo_again 10.2.0.2 "$sizes"
}

# try_sa CIPHER AUTH ICV-BYTES KEY-BYTES AUTH-BYTES SIZES ALGORITHM...: the same for what
# IOS has no words for, with SAs made over netlink. CIPHER and AUTH are the spec's.
try_sa() {
	local what="$1 ${4}-byte key, $2, ICV $3" cipher=$1 auth=$2 icv=$3 key auth_key sizes=$6
	local dir spi good=1
	key=$(random_key "$4")
	auth_key=$(random_key "$5")
	shift 6
	set -- "${@//KEY/0x$key}"
	xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 \
		"${@//AUTH/0x$auth_key}"
	for dir in in out; do
		spi=$([ $dir = in ] && echo 4097 || echo 4098)
		must sa-new "{\"spi\": $spi, \"dir\": \"$dir\", $end_points,
			\"flow-id\": $flow, \"mode\": \"tunnel\", \"cipher\": \"$cipher\",
			\"enc-key\": \"$key\", \"auth\": \"$auth\", \"icv-bytes\": $icv
			${auth_key:+, \"auth-key\": \"$auth_key\"}}" || good=
	done
	if [ -n "$good" ]; then
		check "$what: $sizes bytes both ways" echo_again 10.2.0.2 "$sizes"
	fi
	must sa-del "{\"spi\": 4097, \"dir\": \"in\", $end_points}"
	must sa-del "{\"spi\": 4098, \"dir\": \"out\", $end_points}"
}

# must OPERATION JSON: a request that is not refused
must() { request "$@" || { fail "$1" "$answer"; return 1; }; }

cbc="enc cbc(aes) KEY"
gcm="aead rfc4106(gcm(aes)) KEY 128"
gmac="aead rfc4543(gcm(aes)) KEY 128"
des3="enc cbc(des3_ede) KEY"
null="enc ecb(cipher_null) ''"
md5="auth-trunc hmac(md5) AUTH 96"
sha1="auth-trunc hmac(sha1) AUTH 96"
sha256="auth-trunc hmac(sha256) AUTH 128"
sha384="auth-trunc hmac(sha384) AUTH 192"
sha512="auth-trunc hmac(sha512) AUTH 256"

for bits in 128 192 256; do
	bytes=$((bits / 8))
	try "esp-aes $bits esp-sha-hmac" $bytes 20 $some "$cbc $sha1"
	try "esp-aes $bits esp-sha256-hmac" $bytes 32 $some "$cbc $sha256"
	try "esp-aes $bits esp-sha384-hmac" $bytes 48 $some "$cbc $sha384"
	try "esp-aes $bits esp-sha512-hmac" $bytes 64 $some "$cbc $sha512"
	try "esp-aes $bits esp-md5-hmac" $bytes 16 $some "$cbc $md5"
	try "esp-gcm $bits" $((bytes + 4)) 0 $some "$gcm"
	try "esp-gmac $bits" $((bytes + 4)) 0 $some "$gmac"
done
try "esp-3des esp-sha-hmac" 24 20 $some "$des3 $sha1"
try "esp-3des esp-md5-hmac" 24 16 $every "$des3 $md5"
is "the module says that they are weak" "$(ynl "$gw_a" dump tset-get | grep -o '"weak": [a-z]*')" \
	'"weak": true'
try "esp-null esp-md5-hmac" 0 16 $some "$null $md5"
try "esp-null esp-sha-hmac" 0 20 $some "$null $sha1"
try "esp-null esp-sha256-hmac" 0 32 $some "$null $sha256"
try "esp-null esp-sha384-hmac" 0 48 $some "$null $sha384"
try "esp-null esp-sha512-hmac" 0 64 $some "$null $sha512"
try "esp-aes 256 esp-sha256-hmac" 32 32 $every "$cbc $sha256"
try "esp-gcm 256" 36 0 $every "$gcm"
try "esp-gmac 256" 36 0 $every "$gmac"

load "$gw_a" < <(ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255')
flow=$(first_flow "$gw_a")
end_points='"local": "c0000201", "remote": "c6336402"'
netlink_open "$gw_a"

ctr="enc rfc3686(ctr(aes)) KEY"
for bits in 128 192 256; do
	bytes=$((bits / 8 + 4))
	try_sa aes-gcm none 8 $bytes 0 $some "aead rfc4106(gcm(aes)) KEY 64"
	try_sa aes-gcm none 12 $bytes 0 $some "aead rfc4106(gcm(aes)) KEY 96"
	try_sa aes-ctr hmac-sha2-256-128 16 $bytes 32 $some "$ctr $sha256"
done
try_sa aes-ctr hmac-sha1-96 12 36 20 $every "$ctr $sha1"
try_sa aes-gcm none 8 36 0 $every "aead rfc4106(gcm(aes)) KEY 64"
try_sa chacha20-poly1305 none 16 36 0 $every "aead rfc7539esp(chacha20,poly1305) KEY 128"

netlink_close

only_esp "nothing but ESP on the wire"
finish
