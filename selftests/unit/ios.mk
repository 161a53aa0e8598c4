# SPDX-License-Identifier: GPL-2.0-or-later
# Unit tests of the configuration language and of the tool's layouts: the
# sources that the tool and the plugin are built of, with sanitizers.
# IOS_EXAMPLES= a folder with further configurations for the round trip.
tools := $(top)/tools
ios_cflags := -std=gnu11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Werror -fno-strict-aliasing \
	-fsanitize=address,undefined -fno-sanitize-recover=all \
	-DEXAMPLES='"$(top)/docs/examples"' -iquote $(tools) -iquote $(here) -I$(top)/uapi

ios_tests := $(addprefix $(out)/test_ios_,parse profile acl group text lint print random pasted metrics \
	show commands shell change trace monitor)
tests += $(ios_tests) $(here)/test_commands.sh

# all of the tool but its main()
tool_sources := $(filter-out %/main.c %/gen.c,$(wildcard $(tools)/*.c)) $(tools)/drops.inc

$(out)/test_ios_parse: $(here)/test_ios_parse.c
$(out)/test_ios_profile: $(here)/test_ios_profile.c
$(out)/test_ios_acl: $(here)/test_ios_acl.c
$(out)/test_ios_group: $(here)/test_ios_group.c
$(out)/test_ios_text: $(here)/test_ios_text.c
$(out)/test_ios_lint: $(here)/test_ios_lint.c $(addprefix $(tools)/,load.c transaction.c trial.c \
	show_plan.c kernel.c kernel_config.c decode.c out.c nl.c ctl.c args.c file.c progress.c say.c)
$(out)/test_ios_print: $(here)/test_ios_print.c
$(out)/test_ios_random: $(here)/test_ios_random.c
$(out)/test_ios_pasted: $(here)/test_ios_pasted.c
$(out)/test_ios_pasted: ios_cflags += -DPASTED='"$(here)/pasted"'
$(out)/test_ios_metrics: $(here)/test_ios_metrics.c $(tool_sources)
$(out)/test_ios_metrics: ios_cflags += -DHELPERS='"$(top)/selftests/helpers"' -DDOCS='"$(top)/docs"'
$(out)/test_ios_show: $(here)/test_ios_show.c $(tool_sources)
$(out)/test_ios_commands: $(here)/test_ios_commands.c $(tool_sources)
$(out)/test_ios_shell: $(here)/test_ios_shell.c $(tool_sources)
$(out)/test_ios_trace: $(here)/test_ios_trace.c $(tool_sources)
$(out)/test_ios_monitor: $(here)/test_ios_monitor.c $(tool_sources)
$(out)/test_ios_monitor: ios_cflags += \
	-Wl,--wrap=nl_open,--wrap=nl_close,--wrap=nl_listen,--wrap=nl_fd,--wrap=nl_events
$(out)/test_ios_shell: ios_cflags += \
	-Wl,--wrap=lock_loads,--wrap=trial_state,--wrap=running_config,--wrap=file_replace
$(out)/test_ios_change: $(here)/test_ios_change.c $(tool_sources)
$(out)/test_ios_change: ios_cflags += -Wl,--wrap=nl_batch_new,--wrap=nl_batch_message \
	-Wl,--wrap=nl_batch_end,--wrap=nl_batch_free,--wrap=make_config

$(tools)/drops.inc: $(top)/uapi/linux/crypto_map.h $(tools)/drops.awk
	$(MAKE) -C $(tools) drops.inc

$(ios_tests): $(here)/tap.h $(here)/ios_diags.h $(here)/printed.h $(here)/ios_random.h \
		$(here)/ios_same.h \
		$(wildcard $(tools)/ios/*.c) $(wildcard $(tools)/ios/*.h) $(wildcard $(tools)/*.h) $(tools)/commands.inc
	@mkdir -p $(@D)
	$(CC) $(ios_cflags) -o $@ $(filter %.c,$^) -lmnl -ljansson -ledit
