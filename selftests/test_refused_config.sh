#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A configuration that the kernel refuses, or that is not committed, changes
# nothing; the refusal says what is wrong.
#
#   host_a --- gw_a (ours) --- net --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
manual_sites
check "pings go through" pings "$host_a" 10.2.0.2
# all but what goes on by itself
state() {
	on "$gw_a" cryptomap show running-config
	ynl "$gw_a" dump flow-get | sed 's/, "up-seconds": [0-9]*//'
}
before=$(state)

out=$(ynl "$gw_a" session <<-EOT
config-begin {"replace": true}
acl-new {"name": "OTHER", "family": 2}
tset-new {"name": "BAD", "cipher": "aes-cbc", "key-bits": 100, "auth": "hmac-sha1-96"}
EOT
)
like "key length that does not exist: refused with a reason" "$out" '^tset-new: errno 22: .+'
is "an abandoned transaction changed nothing" "$(state)" "$before"

out=$(ynl "$gw_a" session <<-EOT
config-begin {}
entry-new {"map": "VPN", "seq": 20, "kind": "isakmp", "acl": "VPN-ACL", "tset": ["MISSING"], "peer": ["c6336402"]}
tset-del {"name": "TS"}
config-commit {}
EOT
)
like "a commit of what does not fit together: refused with a reason" "$out" \
	'^config-commit: errno [0-9]+: .+'
is "a refused commit changed nothing" "$(state)" "$before"

printf '!\ncrypto ipsec transform-set X esp-aes 100\n' >"$tmp/bad.cfg"
refuse "load of a faulty file: file and line" "^$tmp/bad.cfg:2: ." \
	on "$gw_a" cryptomap load "$tmp/bad.cfg"
is "a faulty file changed nothing" "$(state)" "$before"
check "pings still go through" pings "$host_a" 10.2.0.2
finish
