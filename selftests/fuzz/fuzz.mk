# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzzing with libFuzzer, ASan and UBSan: selftests/fuzz/fuzz_NAME.c, each with the
# sources that the tool is built of. `make check` runs each target over its seeds and a
# fixed number of inputs, the same ones every time; `make fuzz` goes on from what was
# found before (build/unit/fuzz/corpus) for FUZZ_SECONDS: configurations all the time, the
# others in turns.
fuzz := $(top)/selftests/fuzz
fuzz_out := $(out)/fuzz
# of the tool; fuzz_ctl is the plugin's
fuzz_names := ios shell filter kernel
fuzz_targets := $(addprefix $(fuzz_out)/fuzz_,$(fuzz_names) ctl)
# an empty array is NULL + 0, as C2y allows
fuzz_sanitize := -O1 -g -fsanitize=address,undefined -fno-sanitize=pointer-overflow \
	-fno-sanitize-recover=all
fuzz_flags := -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -fno-strict-aliasing $(fuzz_sanitize) \
	-iquote $(tools) -iquote $(tools)/ios -iquote $(here) -I$(top)/uapi
FUZZ_SECONDS ?= 3600
CLANG ?= clang

fuzz_objects := $(patsubst $(tools)/%.c,$(fuzz_out)/%.o,$(tool_sources) \
	$(wildcard $(tools)/ios/*.c))

# where clang and its libraries are not installed there is nothing to run
fuzz_works := $(shell echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | \
	$(CLANG) -fsanitize=fuzzer,address -x c -o /dev/null - 2>/dev/null && echo yes)
ifeq ($(fuzz_works),yes)
tests += $(fuzz)/run.sh
build: $(fuzz_targets) $(fuzz_out)/words $(fuzz_out)/seeds
endif

$(fuzz_out)/fuzz_shell: fuzz_link := -Wl,--wrap=execute,--wrap=credentials_read
$(fuzz_out)/fuzz_kernel: fuzz_link := -Wl,--wrap=nl_dump,--wrap=nl_request,--wrap=nl_message \
	-Wl,--wrap=nl_open,--wrap=nl_close,--wrap=vrf_find,--wrap=ctl_isakmp_list

$(addprefix $(fuzz_out)/fuzz_,$(fuzz_names)): $(fuzz_out)/fuzz_%: $(fuzz)/fuzz_%.c $(fuzz_objects)
	$(CLANG) $(fuzz_flags) -fsanitize=fuzzer $(fuzz_link) -o $@ $^ -lmnl -ljansson -ledit

$(fuzz_out)/fuzz_ctl: $(fuzz)/fuzz_ctl.c $(wildcard $(top)/plugin/*ctl.c $(top)/plugin/*.h)
	@mkdir -p $(@D)
	$(MAKE) -C $(top)/plugin program CC=$(CLANG) OUT=$@ SOURCE=$< \
		CFLAGS="-fsanitize=fuzzer $(fuzz_sanitize)"

$(fuzz_out)/%.o: $(tools)/%.c $(fuzz)/fuzz.mk | $(tools)/drops.inc
	@mkdir -p $(@D)
	$(CLANG) $(fuzz_flags) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<

# the keywords of the language and of the commands, from the tables that they are in
$(fuzz_out)/words: $(wildcard $(tools)/ios/*.c) $(tools)/commands.inc
	@mkdir -p $(@D)
	grep -ohE '"[a-z0-9][a-z0-9 -]*"' $^ | sort -u >$@

$(fuzz_out)/seeds: $(fuzz)/seeds.py $(top)/uapi/specs/crypto_map.yaml \
		$(wildcard $(here)/test_ios_*.c) $(wildcard $(top)/docs/examples/*.cfg)
	rm -rf $@
	$< $@

-include $(wildcard $(fuzz_out)/*.d $(fuzz_out)/ios/*.d)

fuzz: $(fuzz_targets) $(fuzz_out)/words $(fuzz_out)/seeds
	@$(fuzz)/run.sh $(FUZZ_SECONDS)

.PHONY: fuzz
