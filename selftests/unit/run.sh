#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Run programs that print TAP, as many at a time as there are CPUs, and print what each
# of them said, one after the other. The exit status says whether all ended with 0.
#
#   selftests/unit/run.sh PROGRAM...
set -u
results=$(mktemp -d) || exit 1
trap 'rm -rf "$results"' EXIT
export results

# shellcheck disable=SC2016
printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" bash -c '
	"$1" >"$results/${1##*/}" 2>&1 || touch "$results/failed"' run

for program in "$@"; do
	echo "# ${program##*/}"
	cat "$results/${program##*/}"
done
[ ! -e "$results/failed" ]
