#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Crypto that completes later and on another CPU (pcrypt): traffic comes through,
# and whatever its packets need may go while they are away: SAs, the map, the
# interface, the namespace, the module.
#
#   host_a --- gw_a (ours) --- net --- gw_b (ours) --- host_b
. "$(dirname "$0")/lib.sh"
modprobe -qa pcrypt crypto_user
key=$(random_key 20)
# references beyond the one of its own: transforms made of it
used() { awk '/^driver.*pcrypt/ { d = 1 } d && /^refcnt/ { print $3; exit }' /proc/crypto; }

lay() {
	two_sites
	route_in_clear
}
maps() {
	manual_map "$gw_a" wan 198.51.100.2 10.1.0.0/24 10.2.0.0/24 tunnel 4097 4098 "$key" &&
		manual_map "$gw_b" wan 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 "$key"
}
nothing() { printf 'config-begin {"replace": true}\nconfig-commit {}\n' | ynl "$gw_a" session; }
encaps() { ynl "$gw_a" dump flow-get | sed -n 's/.*"out-packets": \([0-9]*\).*/\1/p'; }
busy() { [ "$(encaps)" -gt "$1" ]; }
flood() {
	local size
	for size in 56 1400; do
		background "$host_a" "flood-a-$size" ping -n -q -f -s "$size" 10.2.0.2
		background "$host_b" "flood-b-$size" ping -n -q -f -s "$size" 10.1.0.2
	done
}

lay
check "maps" maps
# the implementation that the kernel prefers so far
driver=$(awk '/^name/ { name = $3 } /^driver/ { driver = $3 }
	/^priority/ && name == "rfc4106(gcm(aes))" && $3 > best { best = $3; it = driver }
	END { print it }' /proc/crypto)
check "pcrypt around AES-GCM" python3 "$top/selftests/helpers/crypto_instance.py" aead "pcrypt($driver)"
key=$(random_key 20)
check "maps with other keys" maps
check "pings" pings "$host_a" 10.2.0.2
[ "$(used)" -gt 1 ] && pass "the SAs use it" || fail "the SAs use it" "$(cat /proc/crypto)"
flood
for i in 1 2; do
	check "$i: traffic" wait_for 60 busy 300
	check "$i: the map is taken off" nothing
	check "$i: and comes again" maps
	check "$i: traffic again" wait_for 60 busy 300
	check "$i: its SAs are cleared" ynl "$gw_b" session <<<'sa-flush {}'
	check "$i: configured again" maps
	check "$i: the module goes" timeout 60 rmmod crypto_map
	check "$i: and comes again" insmod "$module"
	check "$i: configured" maps
done
check "traffic" wait_for 60 busy 300
check "the interface goes" ip -n "$gw_a" link del wan
umount "$tmp/$gw_b.mnt"
check "the other namespace goes" ip netns del "$gw_b"
check "the map goes" nothing
check "nothing uses pcrypt any more, so it goes" wait_for 60 \
	python3 "$top/selftests/helpers/crypto_instance.py" remove aead "pcrypt($driver)"
finish
