# SPDX-License-Identifier: GPL-2.0-or-later
# Unit tests of the configuration language and of the tool's layouts: the
# sources that the tool and the plugin are built of, with sanitizers.
# IOS_EXAMPLES= a folder with further configurations for the round trip.
tools := $(top)/tools
ios_cflags := -std=gnu11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Werror -fno-strict-aliasing \
	-fsanitize=address,undefined -fno-sanitize-recover=all \
	-DEXAMPLES='"$(top)/docs/examples"' -iquote $(tools) -iquote $(here) -I$(top)/uapi

ios_tests := $(addprefix $(out)/test_ios_,parse map profile pki acl group text stray words copied lint print random pasted metrics \
	show show_map json many plan session commands configure shell known change trace monitor initiate resolve)
tests += $(ios_tests) $(out)/test_ios_steps $(here)/test_commands.sh $(here)/test_units.sh

# all of the tool but its main()
tool_sources := $(filter-out %/main.c %/gen.c,$(wildcard $(tools)/*.c))

# compiled once for all of the tests
sanitized = $(patsubst $(tools)/%.c,$(out)/tools/%.o,$(1))
language := $(call sanitized,$(wildcard $(tools)/ios/*.c))
tool := $(call sanitized,$(tool_sources))

# the tests that are about more than the language
$(addprefix $(out)/test_ios_,lint metrics show show_map json many plan session commands configure shell known trace monitor change \
	initiate): $(tool)
$(out)/test_ios_pki: $(call sanitized,$(tools)/credentials.c)
$(out)/test_ios_resolve: $(call sanitized,$(tools)/resolve.c)

$(out)/test_ios_show: test_flags := -DTOP='"$(top)"'
$(out)/test_ios_pasted: test_flags := -DPASTED='"$(here)/pasted"'
$(out)/test_ios_metrics: test_flags := -DHELPERS='"$(top)/selftests/helpers"' -DDOCS='"$(top)/docs"'
$(out)/test_ios_metrics: test_flags += -Wl,--wrap=connect,--wrap=nl_open,--wrap=nl_close \
	-Wl,--wrap=kernel_stats,--wrap=kernel_attachments,--wrap=kernel_flows,--wrap=kernel_sas
$(out)/test_ios_json: test_flags := -Wl,--wrap=nl_open,--wrap=nl_close,--wrap=vrf_find \
	-Wl,--wrap=kernel_stats,--wrap=kernel_algs,--wrap=kernel_attachments,--wrap=kernel_flows,--wrap=kernel_sas \
	-Wl,--wrap=kernel_config,--wrap=kernel_config_once,--wrap=ctl_isakmp_list,--wrap=ctl_config_get
$(out)/test_ios_resolve: test_flags := \
	-Wl,--wrap=getaddrinfo_a,--wrap=gai_suspend,--wrap=gai_error,--wrap=gai_cancel
$(out)/test_ios_monitor: test_flags := \
	-Wl,--wrap=nl_open,--wrap=nl_close,--wrap=nl_listen,--wrap=nl_fd,--wrap=nl_events
$(out)/test_ios_shell: test_flags := \
	-Wl,--wrap=lock_loads,--wrap=trial_state,--wrap=running_config,--wrap=file_replace \
	-Wl,--wrap=change_config,--wrap=file_read,--wrap=access,--wrap=nl_open,--wrap=nl_close,--wrap=nl_family,--wrap=send_entry \
	-Wl,--wrap=nl_batch_new,--wrap=nl_batch_end,--wrap=nl_batch_free \
	-Wl,--wrap=transaction_begin_change,--wrap=transaction_try,--wrap=transaction_plan
$(out)/test_ios_change: test_flags := -Wl,--wrap=nl_batch_new,--wrap=nl_batch_message \
	-Wl,--wrap=nl_batch_end,--wrap=nl_batch_free,--wrap=make_config

$(tools)/drops.inc: $(top)/uapi/linux/crypto_map.h $(tools)/drops.awk
	$(MAKE) -C $(tools) drops.inc

# as it is installed
$(here)/test_units.sh: | $(tools)/drops.inc
	$(MAKE) -C $(tools)
.PHONY: $(here)/test_units.sh
$(here)/test_commands.sh: | $(here)/test_units.sh

$(out)/tools/%.o: $(tools)/%.c $(here)/ios.mk | $(tools)/drops.inc
	@mkdir -p $(@D)
	$(CC) $(ios_cflags) -MMD -MP -c -o $@ $<

$(ios_tests): $(out)/test_ios_%: $(here)/test_ios_%.c $(language)
	$(CC) $(ios_cflags) $(test_flags) -MMD -MP -MF $@.d -o $@ $(filter %.c %.o,$^) -lmnl -ljansson -ledit

# each basic block of the language calls __sanitizer_cov_trace_pc() of the test
counted := $(patsubst $(tools)/%.c,$(out)/counted/%.o,$(wildcard $(tools)/ios/*.c))
$(out)/counted/%.o: $(tools)/%.c $(here)/ios.mk
	@mkdir -p $(@D)
	$(CC) $(filter-out -fsanitize%,$(ios_cflags)) -fsanitize-coverage=trace-pc -MMD -MP -c -o $@ $<

$(out)/test_ios_steps: $(here)/test_ios_steps.c $(counted)
	$(CC) $(filter-out -fsanitize%,$(ios_cflags)) -Wno-missing-field-initializers -MMD -MP -MF $@.d -o $@ $(filter %.c %.o,$^)

-include $(wildcard $(out)/*.d $(out)/tools/*.d $(out)/tools/ios/*.d $(out)/counted/ios/*.d)
