# SPDX-License-Identifier: GPL-2.0-or-later
#
#   make deps               install what building and testing need (Debian, root)
#   make                    module, charon plugin and CLI
#   make install DESTDIR=   put them where a Debian system expects them
#   make demo               two gateways and a VPN between them, in one VM
#   make check              every test: host unit tests, then the VM tests
#   make check-debug        the VM tests on a debug kernel
#   make check-hostile      a million hostile packets on it
#   make check-swap         two configurations swapped 10,000 times under traffic
#   make fuzz               an hour of new configurations, and of other inputs beside them (FUZZ_SECONDS=3600)
#   make check-charon       some VM tests with strongSwan 6.0.1 and 6.1.0, built for it
#   make check-rekey        200 times phase 1 and phase 2 under traffic, an hour
#   make bench              what a packet costs, beside XFRM (build/bench.json)
#   make bench-scale        what many entries cost, likewise
#   make bench-ike          what it costs to bring up many tunnels, likewise
#   make style              checkpatch, sparse and compiler warnings (W=1)
#   make regen              what is generated of uapi/specs/crypto_map.yaml
#
# KDIR=      build tree of the kernel to build the module for
#
# The module is built in build/linux-RELEASE, so that builds for several
# kernels do not clash; the last one built is copied to kmod/crypto_map.ko.

MAKEFLAGS += --no-print-directory

# expanded late: on a fresh machine there is no kernel before make deps
KDIR ?= /lib/modules/$(shell packaging/kernel.sh)/build
DEBUG_KERNEL ?= ../shared/debug-kernel
prefix ?= /usr
sysconfdir ?= /etc
unitdir ?= /lib/systemd/system
udevdir ?= /lib/udev

all: modules plugin tools

modules:
	@packaging/module.sh build "$(KDIR)"

plugin: tools
	@$(MAKE) -C plugin

tools:
	@$(MAKE) -C tools

deps:
	@packaging/deps.sh

check: deps
	@selftests/check.sh

check-debug: deps
	@selftests/check.sh --debug "$(DEBUG_KERNEL)"

check-hostile: deps
	@HOSTILE_PACKETS=1000000 TEST_TIMEOUT=7200 VM_TIMEOUT=7500 \
		selftests/check.sh --debug "$(DEBUG_KERNEL)" hostile

check-swap: deps
	@SWAPS=10000 TEST_TIMEOUT=7200 VM_TIMEOUT=7500 selftests/check.sh swap

fuzz: deps tools
	@$(MAKE) -C selftests/unit fuzz

check-charon: deps
	@for version in 6.0.1 6.1.0; do \
		packaging/charon.sh $$version && CHARON=$$version selftests/check.sh \
			aggressive_mode failover initial_contact isakmp_policies loss natt_ike offers \
			reauth_quick reauth_twice rekey_peer restart rsa_sig silent_peer states \
			stock_tunnel_initiator without_ikev1 || exit; \
	done

check-rekey: deps
	@TEST_TIMEOUT=7200 VM_TIMEOUT=7500 selftests/check.sh soak_rekey

bench: deps
	@selftests/bench.sh

bench-scale: deps
	@selftests/bench_scale.sh

bench-ike: deps
	@selftests/bench_ike.sh

# what the VM tests run and cannot build
helpers: build/hostile build/ike_flood build/last_frame build/make_ns build/crypto_map.json build/certs

build/hostile build/ike_flood build/last_frame build/make_ns: build/%: selftests/helpers/%.c
	@mkdir -p build
	$(CC) -O2 -g -Wall -Wextra -Wshadow -o $@ $<

build/crypto_map.json: uapi/specs/crypto_map.yaml
	@mkdir -p build
	/usr/bin/python3 -c 'import json, sys, yaml; \
		json.dump(yaml.safe_load(sys.stdin), sys.stdout)' <$< >$@.new
	@mv $@.new $@

build/certs: selftests/helpers/certs.sh
	@selftests/helpers/certs.sh $@

demo: deps
	@selftests/demo.sh

install: all
	@packaging/module.sh install "$(KDIR)" "$(DESTDIR)"
	@$(MAKE) -C plugin install DESTDIR="$(DESTDIR)"
	@$(MAKE) -C tools install DESTDIR="$(DESTDIR)"
	install -D -m 644 packaging/cryptomap.service \
		"$(DESTDIR)$(unitdir)/cryptomap.service"
	install -m 644 packaging/cryptomap-metrics.socket packaging/cryptomap-metrics@.service \
		"$(DESTDIR)$(unitdir)"
	install -D -m 644 packaging/60-cryptomap.rules \
		"$(DESTDIR)$(udevdir)/rules.d/60-cryptomap.rules"
	install -D -m 644 packaging/rt_protos.conf \
		"$(DESTDIR)$(sysconfdir)/iproute2/rt_protos.d/cryptomap.conf"
	install -d -m 755 "$(DESTDIR)$(prefix)/share/doc/cryptomap/examples"
	install -m 644 docs/json.md docs/commands.md docs/metrics.md docs/grafana-dashboard.json \
		"$(DESTDIR)$(prefix)/share/doc/cryptomap"
	install -m 644 docs/examples/*.cfg "$(DESTDIR)$(prefix)/share/doc/cryptomap/examples"
	install -d -m 700 "$(DESTDIR)$(sysconfdir)/cryptomap"
	[ -e "$(DESTDIR)$(sysconfdir)/cryptomap/cryptomap.conf" ] || \
		install -m 600 packaging/cryptomap.conf "$(DESTDIR)$(sysconfdir)/cryptomap"

style: deps
	@perl "$$(packaging/kernel-tree.sh)/scripts/checkpatch.pl" --no-tree --strict \
		--terse --no-summary \
		--ignore FILE_PATH_CHANGES,SPDX_LICENSE_TAG,LINUX_VERSION_CODE \
		-f $(filter-out %netlink-gen.c %netlink-gen.h,$(shell git ls-files 'kmod/*.[ch]'))
	@packaging/module.sh sparse "$(KDIR)"

regen:
	@uapi/regen.sh

clean:
	@$(MAKE) -C plugin clean
	@$(MAKE) -C tools clean
	rm -rf build/linux-* build/root build/hostile build/ike_flood build/certs kmod/crypto_map.ko

.PHONY: all modules plugin tools helpers deps check check-debug check-hostile check-swap \
	check-charon check-rekey fuzz bench bench-scale bench-ike demo install style regen clean
