#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A configuration that the kernel refuses, or that is not committed, changes
# nothing; the refusal says what is wrong. With --strict a warning is one. What is
# told of a long load on a terminal.
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

before=$(state)
{
	cat "$tmp/$gw_a.cfg"
	echo 'crypto map VPN 20 ipsec-isakmp'
} >"$tmp/warned.cfg"
refuse "load --strict: a warning is an error" '^[^ ]*/warned.cfg: 1 error$' \
	on "$gw_a" cryptomap load "$tmp/warned.cfg" --strict
is "and changed nothing" "$(state)" "$before"
like "without it the warning is told" "$(on "$gw_a" cryptomap load "$tmp/warned.cfg" 2>&1)" \
	'warned.cfg:[0-9]+: warning: crypto map VPN 20 is incomplete'
like "and the file loaded" "$(state)" '^crypto map VPN 20 ipsec-isakmp'
sed 's|^interface wan$|interface GigabitEthernet0/1|' "$tmp/warned.cfg" >"$tmp/router.cfg"
check "load --interface" on "$gw_a" cryptomap load "$tmp/router.cfg" \
	--interface GigabitEthernet0/1=wan
is "the interface is that device" \
	"$(on "$gw_a" cryptomap show running-config '|' section interface | xargs)" \
	'interface GigabitEthernet0/1 netdev wan crypto map VPN'

# what takes more than half a second is told, if the step before was told a while ago: here a
# file that comes slowly, and in place of charon one that takes its time for each answer
background "$gw_a" slow-charon python3 -c '
import socket, time
server = socket.socket(socket.AF_UNIX)
server.bind("/run/charon.cryptomap.ctl")
server.listen()
print("ready", flush=True)
while True:
    with server.accept()[0] as client, client.makefile("rw") as stream:
        stream.readline()
        time.sleep(0.3)
        print("{\"ok\": true}", file=stream, flush=True)'
wait_for 20 grep -q ready "$tmp/slow-charon.log" || bail "one in place of charon"
out=$(on "$gw_a" script -qec "{ sleep 2; cat $tmp/warned.cfg; } | TERM=vt100 cryptomap load -" \
	/dev/null 2>&1 </dev/null)
like "on a terminal: how much is staged" "$out" $'\033\\[KStaging: 0 of 3\r'
like "that charon has the turn" "$out" $'\033\\[KHanding phase 1 to charon \\.\\.\\.\r'
like "and the commit, which is erased at the end" "$out" $'\033\\[KCommitting \\.\\.\\.\r\033\\[K\r*$'
finish
