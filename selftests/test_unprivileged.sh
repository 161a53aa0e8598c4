#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Nobody but the administrator reads or changes anything, not even root of a
# user namespace of his own.
#
#   gw_a (ours)
. "$(dirname "$0")/lib.sh"
make_ns gw_a
start_charon "$gw_a" cryptomap
load "$gw_a" <<EOT
crypto ipsec transform-set TS esp-gcm 128
EOT
nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
as_nobody() { on "$gw_a" "${nobody[@]}" "$@"; }
operations='config-begin {}
flow-get {"id": 1}
sa-flush {}
stats-get {}'
library=$("$top/packaging/kernel-tree.sh")/tools/net/ynl
denied() { # COMMAND...: each operation is refused with EPERM
	local out
	out=$("$@" python3 "$top/selftests/helpers/ynl.py" "$library" session <<<"$operations")
	printf '%s\n' "$out"
	[ "$(grep -c ': errno 1:' <<<"$out")" = 4 ]
}
check "a user" denied as_nobody
check "root of a user namespace" denied as_nobody unshare --user --map-root-user
check "root of a user and a network namespace" denied as_nobody unshare --user --map-root-user --net
refuse "the tool says so" 'not permitted \(CAP_NET_ADMIN is needed\)' as_nobody cryptomap show crypto map
refuse "of events" 'not permitted \(CAP_NET_ADMIN is needed\)' as_nobody cryptomap monitor
refuse "of phase 1" 'Permission denied \(root is needed\)' as_nobody cryptomap show crypto isakmp sa
refuse "of negotiations" 'Permission denied \(root is needed\)' as_nobody cryptomap debug crypto isakmp
refuse "of the file for the next boot" 'Permission denied \(root is needed\)' as_nobody cryptomap write memory
finish
