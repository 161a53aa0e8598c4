#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs the fuzz targets, as fuzz.mk built them.
#
#   run.sh            the same inputs every time, some seconds
#   run.sh SECONDS    new ones, so long: configurations all the time, the others beside
#                     them in turns; what was found stays in corpus/
set -u
cd "$(dirname "$0")/../../build/unit/fuzz" || exit 1
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1
seconds=${1:-}
n=0 failed=0
new=$(mktemp -d) || exit 1
trap 'rm -rf "$new"' EXIT

# inputs of a target, in a run of some seconds
declare -A runs=([ios]=6000 [shell]=3000 [filter]=20000 [kernel]=6000 [ctl]=10000)

fuzz() { # NAME ARGUMENT...
	local name=$1 log=$1.log
	shift
	nice -n 19 "./fuzz_$name" -dict=words -max_len=16384 -timeout=20 -rss_limit_mb=2048 \
		-close_fd_mask=1 -artifact_prefix="$name-" "$@" >"$log" 2>&1
}

point() { # NAME STATUS
	n=$((n + 1))
	if [ "$2" = 0 ]; then
		echo "ok $n - fuzzing: $1: $(grep -oE 'cov: [0-9]+ ft: [0-9]+' "$1.log" | tail -1)"
	else
		failed=1
		echo "not ok $n - fuzzing: $1"
		grep -E 'ERROR|SUMMARY|Test unit|runtime error|^ *#[0-9]+ 0x' "$1.log" | head -30 | sed 's/^/# /'
	fi
}

fuzz_new() { # NAME SECONDS
	mkdir -p "corpus/$1"
	fuzz "$1" -max_total_time="$2" "corpus/$1" "seeds/$1"
}

if [ -n "$seconds" ]; then
	fuzz_new ios "$seconds" &
	ios=$!
fi
for name in "${!runs[@]}"; do
	if [ -z "$seconds" ]; then
		# new inputs go into the first folder
		fuzz "$name" -seed=1 -runs="${runs[$name]}" "$new" "seeds/$name"
		point "$name" $?
		rm -f "$new"/*
	elif [ "$name" != ios ]; then
		fuzz_new "$name" $((seconds / (${#runs[@]} - 1)))
		point "$name" $?
	fi
done
if [ -n "$seconds" ]; then
	wait "$ios"
	point ios $?
fi
echo "1..$n"
exit $failed
