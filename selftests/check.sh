#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Build everything and run every test: what is generated is fresh, the unit
# tests on the host, then the tests in the VM. Prints TAP and, last, how many
# passed and failed; the exit status says whether all did.
#
#   selftests/check.sh                    on a stock kernel (VM_KERNEL= another)
#   selftests/check.sh --debug FOLDER     VM tests for memory and locking, on the
#                                         debug kernel there: a bzImage, and
#                                         build.tar.zst with its build tree
#   selftests/check.sh ... NAME...        only these VM tests
#   CHARON=6.1.0 selftests/check.sh ...   with the charon that packaging/charon.sh built
#
# Tests that are about what happens at the same time have a VM of two CPUs. All others
# are shared out among VM_JOBS VMs of one CPU, as many as this machine has CPUs by
# default: a test waits half of its time. The debug kernel always has two.
set -u
cd "$(dirname "$0")/.." || exit 1
debug=
if [ "${1:-}" = --debug ]; then
	debug=$2
	shift 2
fi
tap=build/check.tap
claims=$PWD/build/claims
# with two CPUs
parallel="async_cryptd async_pcrypt edit first_packet hostile limits module_reload \
namespace_exit swap tcp unload"
mkdir -p build

# Run a step that reports by its exit status.
step() { # WHAT COMMAND...
	local what=$1 log=build/step.log
	shift
	if "$@" >"$log" 2>&1; then
		echo "ok - $what"
	else
		echo "not ok - $what"
		sed 's/^/# /' "$log"
	fi
}

# A kernel's build tree, unpacked from FOLDER/build.tar.zst when that is newer.
debug_tree() { # FOLDER
	local dir=build/debug-kernel
	if [ ! -d "$dir/build" ] || [ "$1/build.tar.zst" -nt "$dir/.stamp" ]; then
		rm -rf "$dir"
		mkdir -p "$dir"
		tar --zstd -C "$dir" -xf "$1/build.tar.zst" || return 1
		touch "$dir/.stamp"
	fi
	echo "$PWD/$dir/build"
}

host_tests() {
	step "generated files are what the spec says" uapi/regen.sh --check
	step "known answers are what another implementation computes" \
		/usr/bin/python3 selftests/helpers/vectors.py --check
	step "checkpatch, sparse and the compiler have nothing to say" make style
	make -C selftests/unit -j"$(nproc)" check 2>&1 || echo "not ok - unit tests: exit status $?"
}

# One of the VMs that share the tests.
vm_job() { # NUMBER CPUS NAME...
	local job=$1 cpus=$2 status
	shift 2
	# the VM has no environment of ours
	VM_NAME=vm$job VM_CPUS=$cpus VM_SHARED=$claims selftests/vm.sh env \
		TEST_TIMEOUT="${TEST_TIMEOUT:-600}" CLAIMS="$claims" \
		${HOSTILE_PACKETS:+"HOSTILE_PACKETS=$HOSTILE_PACKETS"} \
		${HOSTILE_SEED:+"HOSTILE_SEED=$HOSTILE_SEED"} \
		${SWAPS:+"SWAPS=$SWAPS"} ${CHARON:+"CHARON=$CHARON"} \
		${REKEYS:+"REKEYS=$REKEYS"} selftests/run.sh "$@"
	status=$?
	# 1 is a test that failed, which was told already
	[ "$status" -le 1 ] || echo "not ok - vm$job: exit status $status"
}

# The first VM is heard at once, the others when they are done.
vm_jobs() { # JOBS CPUS NAME...
	local job jobs=$1
	shift
	for ((job = 2; job <= jobs; job++)); do
		vm_job "$job" "$@" >"build/vm$job.tap" 2>&1 &
	done
	vm_job 1 "$@"
	wait
	for ((job = 2; job <= jobs; job++)); do
		cat "build/vm$job.tap"
	done
}

# Those that go on for an hour are run by name only.
all_tests() {
	local file
	for file in selftests/test_*.sh; do
		file=${file#selftests/test_}
		[[ $file == soak_* ]] || echo "${file%.sh}"
	done
}

vm_tests() { # NAME...
	local name alone=() shared=()
	rm -rf "$claims"
	mkdir "$claims"
	for name in "$@"; do
		case " $parallel " in
		*" $name "*) alone+=("$name") ;;
		*) [ -n "$debug" ] && alone+=("$name") || shared+=("$name") ;;
		esac
	done
	[ "${#alone[@]}" = 0 ] || vm_jobs 1 2 "${alone[@]}"
	[ "${#shared[@]}" = 0 ] || vm_jobs "${VM_JOBS:-$(nproc)}" 1 "${shared[@]}"
}

# One numbering over all steps, and one plan. (awk would hold its output back.)
number() {
	local line n=0
	while IFS= read -r line; do
		case $line in
		"ok "* | "not ok "*)
			n=$((n + 1))
			printf '%s %s - %s\n' "${line%%ok *}ok" "$n" "${line#* - }"
			;;
		"1.."*) ;;
		*) printf '%s\n' "$line" ;;
		esac
	done
	echo "1..$n"
}

if [ -n "$debug" ]; then
	[ -f "$debug/bzImage" ] || { echo "check.sh: no debug kernel in $debug" >&2; exit 1; }
	tree=$(debug_tree "$debug") || exit 1
	export VM_KERNEL=$debug/bzImage VM_MEMORY=${VM_MEMORY:-3G} VM_APPEND=kmemleak=on
	export VM_TIMEOUT=${VM_TIMEOUT:-2100} TEST_TIMEOUT=${TEST_TIMEOUT:-600}
	# several times slower: what matters for memory and locking. Not async_pcrypt:
	# padata nests two locks of one class, which makes lockdep complain and then
	# stop looking.
	[ $# -gt 0 ] || set -- async_cryptd attach_before_device conntrack deny namespaces \
		ours_tunnel unload
else
	VM_KERNEL=${VM_KERNEL:-$(packaging/kernel.sh)} || exit 1
	export VM_KERNEL
	tree=/lib/modules/$VM_KERNEL/build
fi

selftests/stage.sh "$tree" || exit 1
# unpacked here, since the VM cannot write it
packaging/kernel-tree.sh >/dev/null || exit 1

start=$SECONDS
{
	[ -n "$debug" ] || [ $# -gt 0 ] || host_tests
	if [ $# -gt 0 ]; then
		vm_tests "$@"
	else
		mapfile -t all < <(all_tests)
		vm_tests "${all[@]}"
	fi
} | number | tee "$tap"

passed=$(grep -c '^ok ' "$tap")
failed=$(grep -c '^not ok ' "$tap")
grep '^not ok ' "$tap" | sed 's/^not ok/# failed:/'
echo "# $((SECONDS - start)) seconds"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
