# SPDX-License-Identifier: GPL-2.0-or-later
# Unit tests of charon's plugin: all of it, with sanitizers, and the charon that is installed.
plugin := $(top)/plugin
plugin_cflags := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
plugin_make := $(MAKE) -C $(plugin) program ALL=yes O=$(out)/plugin CFLAGS="$(plugin_cflags)"

plugin_tests := $(addprefix $(out)/test_plugin_,acquire adopt contacts ctl deletes exchanges \
	filter halfopen ipsec keepalive lifetimes orphans outcome pairs peer reauths recovery rekeys routes \
	split stale turns twins)
tests += $(plugin_tests)

$(addprefix $(out)/test_plugin_,keepalive peer reauths recovery twins): plugin_ldflags := -Wl,--wrap=time_monotonic

$(plugin_tests): $(out)/test_plugin_%: $(here)/test_plugin_%.c $(here)/plugin.h $(here)/ike.h \
		$(here)/tap.h $(wildcard $(plugin)/*.[ch])
	@mkdir -p $(out)/plugin
	flock $(out)/plugin $(plugin_make) OUT=$@ SOURCE=$< CPPFLAGS="-iquote $(here)" \
		LDFLAGS="$(plugin_ldflags)"
