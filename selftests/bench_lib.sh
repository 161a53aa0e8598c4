# SPDX-License-Identifier: GPL-2.0-or-later
# What the benchmarks share; sourced by each, on the host and in the VM.
#
#   src eth0 --- lan gw_a wan --- wan gw_b lan --- eth0 dst
#   10.1.0.2     192.0.2.1         192.0.2.2       10.2.0.2
#
# QEMU can count instructions and make 2 nanoseconds of each (-icount shift=1), so that
# time in the VM is a count, however busy the machine is. Everything is on that one CPU:
# a figure is what the whole way costs, less what the same way costs without IPsec. The
# CPU has AES-NI; not the fast string instructions, which would be counted a byte each.
# docs/benchmarks.md tells the method and the results.
ns_per_instruction=2

# Options of a VM whose clock are its instructions. Time leaps while the VM waits for
# the host: udev is to have patience.
count_instructions() {
	export VM_CPUS=1 VM_APPEND=udev.event_timeout=100000
	export VM_QEMU="-cpu max,-erms,-fsrm -icount shift=$((ns_per_instruction / 2)),sleep=off"
}

# bench_build: once, on the host
bench_build() {
	mkdir -p build
	echo "Building ..." >&2
	selftests/stage.sh >build/bench.log 2>&1 || { cat build/bench.log >&2; return 1; }
	packaging/kernel-tree.sh >/dev/null
}

# bench_run NAME SCRIPT...: run SCRIPT in a VM; the rows that it leaves take the place of
# earlier ones of this name in build/bench.json
bench_run() {
	local name=$1
	shift
	rm -f build/vm/bench.rows
	echo "Measuring with Linux $(packaging/kernel.sh) ..." >&2
	selftests/vm.sh "$@" && mv build/vm/bench.rows "build/bench-$name.rows" &&
		cat build/bench-*.rows | sed -e '1s/^/[/' -e '$!s/$/,/' -e '$s/$/]/' >build/bench.json
}

# bench_start: in the VM, after lib.sh
bench_start() {
	# shellcheck disable=SC2034 # of lib.sh
	patience=100
	cd "$top" && lay_installed && load_module && modprobe -a pktgen || exit 1
	# what udev loads on a machine with such a CPU
	modprobe -qa aesni_intel ghash_clmulni_intel sha256_ssse3
	results=$top/build/vm/bench.rows
	: >"$results"
}

# The way, and what is measured on it.
lay() {
	make_ns src gw_a gw_b dst
	link "$src" eth0 10.1.0.2/24 "$gw_a" lan 10.1.0.1/24
	link "$gw_a" wan 192.0.2.1/24 "$gw_b" wan 192.0.2.2/24
	link "$gw_b" lan 10.2.0.1/24 "$dst" eth0 10.2.0.2/24
	ip -n "$src" route add default via 10.1.0.1
	ip -n "$dst" route add default via 10.2.0.1
	ip -n "$gw_a" route add 10.2.0.0/24 via 192.0.2.2
	ip -n "$gw_b" route add 10.1.0.0/24 via 192.0.2.1
	forward "$gw_a" "$gw_b"
	check "the way is there" pings "$src" 10.2.0.2
	# packets are generated while nobody else wants the CPU, so none queue up
	pgrep kpktgend | xargs -n 1 chrt -i -p 0
}

# sink NAMESPACE DEVICE: count what arrives there, and drop it
sink() {
	on "$1" nft -f - <<-EOT
	table netdev sink {
		chain in {
			type filter hook ingress device $2 priority -500
			ip protocol { udp, esp } counter drop
		}
	}
	EOT
}

unsink() { on "$1" nft delete table netdev sink; }

sunk() { on "$1" nft list table netdev sink | sed -n 's/.*packets \([0-9]*\) .*/\1/p'; }

# generate COUNT SIZE ADDRESS: UDP packets with that payload, from src to there; prints
# instructions
generate() {
	local mac
	mac=$(ip -n "$gw_a" -o link show dev lan | sed -n 's/.*link.ether \([^ ]*\).*/\1/p')
	on "$src" sh -c '
		cd /proc/net/pktgen
		printf "rem_device_all\n" >kpktgend_0
		printf "add_device eth0\n" >kpktgend_0
		for line in "count $1" "pkt_size $(($2 + 42))" "delay 0" "dst $4" \
			"src_min 10.1.0.2" "src_max 10.1.0.2" "dst_mac $3" \
			"udp_src_min 1024" "udp_src_max 1024" "udp_dst_min 9" "udp_dst_max 9"; do
			printf "%s\n" "$line" >eth0
		done
		printf "start\n" >pgctrl
		sed -n "s/.*OK: \([0-9]*\)(.*/\1/p" eth0' sh "$1" "$2" "$mac" "$3" |
		awk -v ns="$ns_per_instruction" '{ print $1 * 1000 / ns }'
}

# udp SIZE NAMESPACE DEVICE [ADDRESS]: instructions a packet, on the way to there
udp() {
	local size=$1 to=${4:-10.2.0.2} packets=${BENCH_PACKETS:-5000} instructions arrived
	sink "$2" "$3"
	generate 500 "$size" "$to" >/dev/null
	unsink "$2"
	sink "$2" "$3"
	instructions=$(generate "$packets" "$size" "$to")
	arrived=$(sunk "$2")
	unsink "$2"
	[ "$arrived" = "$packets" ] || echo "bench: $arrived of $packets packets arrived" >&2
	awk -v all="$instructions" -v n="$packets" 'BEGIN { printf "%.0f\n", all / n }'
}

# no_protection: neither of XFRM nor of a crypto map
no_protection() {
	local ns
	for ns in "$gw_a" "$gw_b"; do
		printf 'config-begin {"replace": true}\nconfig-commit {}\n' | ynl "$ns" session >/dev/null
		ip -n "$ns" xfrm state flush
		ip -n "$ns" xfrm policy flush
	done
}

# row NAME UNIT PLAIN XFRM OURS: a line of the table, and one for bench.json
row() {
	local ours=$(($5 - $3)) xfrm=$(($4 - $3)) ratio
	ratio=$(awk -v ours="$ours" -v xfrm="$xfrm" 'BEGIN { printf "%.3f", ours / xfrm }')
	printf '%-48s %7d %7d   %s   %s\n' "$1" "$ours" "$xfrm" "$ratio" "$2"
	printf '{"name": "%s", "ours": %d, "xfrm": %d, "ratio": %s, "unit": "%s"}\n' \
		"$1" "$ours" "$xfrm" "$ratio" "$2" >>"$results"
}

# figure NAME VALUE UNIT: a line to read, and one for bench.json
figure() {
	printf '%-60s %10s   %s\n' "$1" "$2" "$3"
	printf '{"name": "%s", "ours": %s, "unit": "%s"}\n' "$1" "$2" "$3" >>"$results"
}

# seconds COMMAND...: how long it took
seconds() {
	local from=$EPOCHREALTIME
	"$@" >/dev/null 2>"$tmp/said" || { cat "$tmp/said" >&2; echo nan; return 1; }
	awk -v from="$from" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.2f\n", to - from }'
}

# what the kernel has allocated, but for pages of files, in bytes
kernel_memory() {
	sync
	sleep 2
	awk '/^(Slab|VmallocUsed|Percpu|KernelStack|PageTables):/ { n += $2 } END { print n * 1024 }' \
		/proc/meminfo
}

# of_entry I: an address that entry I protects, of scale.py
of_entry() { echo "11.$(($1 >> 8 & 255)).$(($1 & 255)).2"; }
