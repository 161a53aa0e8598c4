#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every cipher and authenticator in tunnel mode against XFRM, with manual keys:
# datagrams go out through our encryption and come back through our decryption.
#
#   host_a --- gw_a (ours) --- net --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
echo_server "$host_b"
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
	check "$transforms: $sizes bytes both ways" echo_sizes "$host_a" 10.2.0.2 "$sizes"
}

cbc="enc cbc(aes) KEY"
gcm="aead rfc4106(gcm(aes)) KEY 128"
null="enc ecb(cipher_null) ''"
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
	try "esp-gcm $bits" $((bytes + 4)) 0 $some "$gcm"
done
try "esp-null esp-sha-hmac" 0 20 $some "$null $sha1"
try "esp-null esp-sha256-hmac" 0 32 $some "$null $sha256"
try "esp-null esp-sha384-hmac" 0 48 $some "$null $sha384"
try "esp-null esp-sha512-hmac" 0 64 $some "$null $sha512"
try "esp-aes 256 esp-sha256-hmac" 32 32 $every "$cbc $sha256"
try "esp-gcm 256" 36 0 $every "$gcm"

only_esp "nothing but ESP on the wire"
finish
