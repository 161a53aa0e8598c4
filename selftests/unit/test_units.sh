#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is installed beside the programs: systemd takes the units as they are, the socket
# unit's service answers by HTTP, and the manual pages have no warnings.
#
#   selftests/unit/test_units.sh: wants tools/cryptomap and cryptomap-commands(7) to be built
cd "$(dirname "$0")/../.." || exit 1
n=0 failed=0
tmp=$(mktemp -d) || exit 1
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$tmp"' EXIT

point() { # WHAT GOT WANTED
	n=$((n + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $n - $1"
	else
		failed=1
		echo "not ok $n - $1"
		printf 'got: %s\nwanted: %s\n' "$2" "$3" | sed 's/^/# /'
	fi
}

# The tool is where it was built.
for unit in packaging/*.service packaging/*.socket; do
	sed "s,/usr/sbin/cryptomap,$PWD/tools/cryptomap," "$unit" >"$tmp/${unit##*/}"
done
for unit in "$tmp"/*.service "$tmp"/*.socket; do
	point "systemd has nothing to say of ${unit##*/}" \
		"$(systemd-analyze verify --man=no --recursive-errors=no "$unit" 2>&1)" ''
done

# The service as the socket unit starts it, on a socket of its own.
point "the socket unit starts a service for each connection" \
	"$(grep -x 'Accept=.*' "$tmp/cryptomap-metrics.socket")" Accept=yes
point "which has it as its input and output" \
	"$(grep -E '^Standard(In|Out)put=' "$tmp/cryptomap-metrics@.service" | sort)" \
	$'StandardInput=socket\nStandardOutput=socket'
read -ra command < <(sed -n 's/^ExecStart=-//p' "$tmp/cryptomap-metrics@.service")
socket=$tmp/http
systemd-socket-activate --accept --inetd -l "$socket" "${command[@]}" >"$tmp/log" 2>&1 &
server=$!
for ((i = 0; i < 100; i++)); do
	[ ! -S "$socket" ] || break
	sleep 0.1
done
status() { curl -s -m 20 -o /dev/null -w '%{http_code}' --unix-socket "$socket" "$@"; }
point "another path is not found" "$(status http://localhost/other)" 404
point "another method is not allowed" "$(status -X POST http://localhost/metrics)" 405
case $(status http://localhost/metrics) in
200|503) got='with the module 200, without it 503' ;;
*) got=$(cat "$tmp/log") ;;
esac
point "each connection is answered" "$got" 'with the module 200, without it 503'

for page in tools/man/cryptomap.1 tools/man/cryptomap.conf.5 tools/man/cryptomap-commands.7; do
	point "${page##*/} has no warnings" "$(man --warnings -l "$page" 2>&1 >/dev/null)" ''
done
echo "1..$n"
exit $failed
