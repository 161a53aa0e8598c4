# SPDX-License-Identifier: GPL-2.0-or-later
# Unit tests of the configuration language and of the tool's layouts: the
# sources that the tool and the plugin are built of, with sanitizers.
# IOS_EXAMPLES= a folder with further configurations for the round trip.
tools := $(top)/tools
ios_cflags := -std=gnu11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Werror -fno-strict-aliasing \
	-fsanitize=address,undefined -fno-sanitize-recover=all \
	-DEXAMPLES='"$(top)/docs/examples"' -iquote $(tools) -iquote $(here) -I$(top)/uapi

ios_tests := $(addprefix $(out)/test_ios_,parse acl group text lint print show)
tests += $(ios_tests) $(here)/test_commands.sh

$(out)/test_ios_parse: $(here)/test_ios_parse.c
$(out)/test_ios_acl: $(here)/test_ios_acl.c
$(out)/test_ios_group: $(here)/test_ios_group.c
$(out)/test_ios_text: $(here)/test_ios_text.c
$(out)/test_ios_lint: $(here)/test_ios_lint.c $(addprefix $(tools)/,load.c transaction.c trial.c \
	show_plan.c kernel.c out.c nl.c ctl.c args.c)
$(out)/test_ios_print: $(here)/test_ios_print.c
$(out)/test_ios_show: $(here)/test_ios_show.c $(addprefix $(tools)/,show_isakmp.c show_ipsec.c \
	show_session.c show_map.c show_config.c commands.c clear.c load.c transaction.c trial.c \
	show_plan.c show_drops.c show_engine.c execute.c filter.c args.c kernel.c \
	nl.c ctl.c out.c) $(tools)/drops.inc

$(tools)/drops.inc: $(top)/uapi/linux/crypto_map.h $(tools)/drops.awk
	$(MAKE) -C $(tools) drops.inc

$(ios_tests): $(here)/tap.h $(here)/ios_diags.h \
		$(wildcard $(tools)/ios/*.c) $(wildcard $(tools)/ios/*.h) $(wildcard $(tools)/*.h) $(tools)/commands.inc
	@mkdir -p $(@D)
	$(CC) $(ios_cflags) -o $@ $(filter %.c,$^) -lmnl -ljansson
