#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Several ISAKMP policies: the first that the peer has is agreed, whoever starts; one that
# charon cannot do is told at load and left out; the shorter of two lifetimes counts. Without any
# the default ones are used. Of several keys that of the longest mask is used.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
start_charon "$gw_a" cryptomap
# as a responder it goes by the order in which we offer
start_charon "$gw_b" stock 'prefer_configured_proposals = no'

policies() { # LIFETIME: of the policy that the peer has
	cat <<-EOT
	crypto isakmp policy 5
	 encr aes
	 authentication rsa-encr
	 group 14
	crypto isakmp policy 10
	 encr aes 256
	 hash sha512
	 authentication pre-share
	 group 16
	crypto isakmp policy 20
	 encr aes 256
	 hash sha256
	 authentication pre-share
	 group 14
	 lifetime $1
	crypto isakmp policy 30
	 encr 3des
	 authentication pre-share
	 group 2
	 lifetime 700
	crypto isakmp key another address 0.0.0.0
	crypto isakmp key secret address 198.51.100.0 255.255.255.0
	crypto isakmp key third address 198.51.0.0 255.255.0.0
	crypto isakmp identity hostname
	EOT
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255'
}

peer() { # PROPOSALS LIFETIME
	stock_peer 198.51.100.2 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24 |
		sed "s/proposals = aes256-sha256-modp2048/proposals = $1\\nreauth_time = $2\\nover_time = 0/" |
		swanctl_load "$gw_b"
}

agreed() { # ENCR HASH GROUP SHORTEST LONGEST: the ISAKMP SA has these
	on "$gw_a" cryptomap show crypto isakmp sa --json | python3 -c '
import json, sys
encr, hash, group, low, high = sys.argv[1:]
rows = [r for r in json.load(sys.stdin) if r["state"] == "QM_IDLE"]
print(rows)
r, = rows
assert r["encr"] == encr and r["hash"] == hash and r["group"] == int(group), r
assert int(low) <= r["lifetime"] <= int(high), r' "$@"
}

clear_all() {
	on "$gw_a" cryptomap clear crypto session
	wait_for 10 on "$gw_b" sh -c '! swanctl --list-sas | grep -q .' || true
}

policies 700 >"$tmp/first.cfg"
like "a policy is told to be inactive" \
	"$(on "$gw_a" cryptomap load "$tmp/first.cfg" 2>&1)" \
	'warning: ISAKMP policy 5 is inactive: of its authentication method'
peer 3des-sha1-modp1024,aes256-sha256-modp2048 1000
check "initiator: comes up" comes_up "$host_a" 10.2.0.2
check "initiator: of those that the peer has policy 20 is the first, its lifetime counts" \
	agreed aes sha256 14 500 700
like "by our host name, and the key of the longest mask" "$(on "$gw_b" swanctl --list-sas)" \
	"remote '$(hostname)'"
clear_all
peer aes256-sha256-modp2048 5000
policies 2000 | load "$gw_a"
check "responder: the peer negotiates" on "$gw_b" swanctl --initiate --child net --timeout 30
check "responder: policy 20 is agreed, our lifetime is the shorter" agreed aes sha256 14 1600 2000
like "by our host name, too" "$(on "$gw_b" swanctl --list-sas)" "remote '$(hostname)'"
clear_all
peer 3des-sha1-modp1024,aes256-sha512-modp4096 5000
check "responder: the peer negotiates again" on "$gw_b" swanctl --initiate --child net --timeout 30
check "responder: the first of our policies counts" agreed aes sha512 16 4000 5000
clear_all
policies 86400 | sed '/^crypto isakmp policy/,/^crypto isakmp key another/{/^crypto isakmp key/!d}' |
	load "$gw_a"
peer aes128-sha1-modp1536 86400
check "without a policy a default one is agreed" on "$gw_b" swanctl --initiate --child net --timeout 30
check "that with a pre-shared key" agreed aes sha 5 85000 86400

# by what Debian's OpenSSL has in a module of its own
clear_all
des() {
	printf 'crypto isakmp policy 5\n encr des\n authentication pre-share\n group 2\n'
	policies 86400 | sed '/^crypto isakmp policy 5$/,/group 14/d'
}
des | load "$gw_a"
peer des-sha1-modp1024 5000
check "DES, where charon can do it" on "$gw_b" swanctl --initiate --child net --timeout 30
check "that is agreed" agreed des sha 2 4000 5000
clear_all
if [ -e /usr/lib/ipsec/plugins/libstrongswan-des.so ]; then
	pass "DES is told to be inactive where it can not # SKIP this charon has a plugin for it"
	finish
fi
stop_charon "$gw_a"
start_charon "$gw_a" cryptomap 'plugins { openssl { load_legacy = no } }'
des >"$tmp/des.cfg"
like "DES is told to be inactive where it can not" "$(on "$gw_a" cryptomap load "$tmp/des.cfg" 2>&1)" \
	'warning: ISAKMP policy 5 is inactive: this charon does not have its encryption algorithm'
peer 3des-sha1-modp1024 5000
check "others are not" on "$gw_b" swanctl --initiate --child net --timeout 30
finish
