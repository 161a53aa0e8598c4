#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A charon without IKEv1, as strongSwan 6.1 is unless told otherwise: the plugin is not
# built for it, and one that was built does not start in it; both say what to do.
. "$(dirname "$0")/lib.sh"
if [ -z "${CHARON:-}" ]; then
	pass "a charon without IKEv1 # SKIP made by make check-charon only"
	finish
fi
without=$top/build/charon-$CHARON/without/src/libcharon/.libs

refuse "the plugin is not built for it" 'without IKEv1.*--enable-ikev1' \
	make -C "$top/plugin" check STRONGSWAN_SRC="$top/build/charon-$CHARON/src" \
	LIBCHARON="$without/libcharon.so.0"

make_ns gw
# a minimum of plugins that start
sed 's/^\t//' >"$tmp/strongswan.conf" <<-EOT
	charon {
		load = random nonce aes sha1 sha2 hmac kdf gmp kernel-cryptomap kernel-netlink socket-default
		filelog {
			stderr {
				default = 1
			}
		}
	}
EOT
background "$gw" charon env LD_LIBRARY_PATH="$without" \
	STRONGSWAN_CONF="$tmp/strongswan.conf" "$charon"
check "the plugin refuses, and says why" \
	wait_for 30 grep 'charon was built without IKEv1.*--enable-ikev1' "$tmp/charon.log"
check "charon starts without it" wait_for 30 grep 'spawning .* worker threads' "$tmp/charon.log"
refuse "the tool says that it is not there" 'charon.*plugin' \
	on "$gw" cryptomap show crypto isakmp sa
kill "$background_pid"
finish
