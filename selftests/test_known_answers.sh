#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every algorithm passed its self-test when the module was loaded; one that the
# kernel does not have is known as absent, refused by name, and no error.
. "$(dirname "$0")/lib.sh"
make_ns gw
algs() { # STATE
	ynl "$gw" dump alg-get | python3 -c '
import json, sys
found = [json.loads(line) for line in sys.stdin]
print(len(found), *sorted(a["name"] for a in found if a["state"] != sys.argv[1]))' "$1"
}

is "all of them passed" "$(algs passed)" 20
is "the module said nothing" "$(dmesg | grep crypto_map: | grep -v taint)" ""
like "what a cipher looks like" "$(ynl "$gw" session <<<'alg-get {"name": "aes-gcm", "key-bits": 192}')" \
	'"name": "aes-gcm", "cipher": "aes-gcm", "key-bits": 192, .*"block": 4, "icv-bytes": 16'
like "what a weak authenticator looks like" \
	"$(ynl "$gw" session <<<'alg-get {"name": "hmac-md5-96"}')" \
	'"auth": "hmac-md5-96", "key-bits": 128, .*"icv-bytes": 12, "weak": true'
like "what does not exist" "$(ynl "$gw" session <<<'alg-get {"name": "rot13"}')" \
	"errno 2: no algorithm 'rot13'"

# a kernel without ChaCha20-Poly1305
rmmod crypto_map
modprobe -r chacha20poly1305
echo 'install chacha20poly1305 /bin/false' >/etc/modprobe.d/test.conf
defer rm /etc/modprobe.d/test.conf
check "the module loads without one of them" load_module
algs passed >/dev/null	# waits for the self-test
is "and says which" "$(dmesg | grep -c 'crypto_map: this kernel has no chacha20-poly1305 with 256 bit keys')" 1
absent=$(ynl "$gw" dump alg-get | grep -c '"name": "chacha20-poly1305".*"state": "absent"')
is "it is known as absent" "$absent" 1
is "the others passed" "$(algs passed)" "20 chacha20-poly1305"
like "a transform set with it is refused" "$(ynl "$gw" session <<EOT
config-begin {}
tset-new {"name": "TS", "cipher": "chacha20-poly1305", "key-bits": 256}
EOT
)" 'tset-new: errno 95: this kernel has no chacha20-poly1305'
rmmod crypto_map
rm /etc/modprobe.d/test.conf
start=$(date +%s%N)
check "the module loads with all of them" insmod "$module"
echo "# loaded in $((($(date +%s%N) - start) / 1000000)) ms"
is "and all of them passed again" "$(algs passed)" 20
finish
