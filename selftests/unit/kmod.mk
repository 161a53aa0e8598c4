# SPDX-License-Identifier: GPL-2.0-or-later
# Unit tests of the module's pure logic: the very sources that the module is
# built of, with the host's compiler and its sanitizers.
kmod := $(top)/kmod
kmod_cflags := -std=gnu11 -O1 -g -Wall -Wextra -Werror \
	-fsanitize=address,undefined -fno-sanitize-recover=all \
	-iquote $(kmod) -iquote $(here) -I$(here)/include -I$(top)

classify := $(addprefix $(kmod)/,classify.c index.c index_build.c index_tree.c \
	hides.c cond.c tuple.c)

kmod_tests := $(addprefix $(out)/,test_tuple test_classify test_rules test_filter test_names \
	test_replay test_algs test_vectors test_nest)
tests += $(kmod_tests)

$(out)/test_tuple: $(here)/test_tuple.c $(kmod)/tuple.c $(kmod)/cond.c
$(out)/test_classify: $(here)/test_classify.c $(classify)
$(out)/test_classify: kmod_cflags += -Wl,--wrap=cmap_cond_tuple
$(out)/test_rules: $(here)/test_rules.c $(kmod)/rules.c $(classify)
$(out)/test_names: $(here)/test_names.c $(kmod)/names.c
$(out)/test_names: kmod_cflags += -fno-builtin-strcmp \
	-Wl,--wrap=calloc,--wrap=malloc,--wrap=strcmp
$(out)/test_filter: $(here)/test_filter.c $(kmod)/filter.c \
	$(filter-out %/classify.c,$(classify))
$(out)/test_replay: $(here)/test_replay.c $(kmod)/replay.c
$(out)/test_nest: $(here)/test_nest.c $(kmod)/nest.c
$(out)/test_algs: $(here)/test_algs.c $(kmod)/algs.c
$(out)/test_vectors: $(here)/test_vectors.c $(kmod)/vectors.c $(kmod)/algs.c

$(kmod_tests): $(here)/tap.h $(here)/classify_sets.h $(wildcard $(kmod)/*.h) \
		$(wildcard $(here)/include/linux/*.h) $(top)/uapi/linux/crypto_map.h
	@mkdir -p $(@D)
	$(CC) $(kmod_cflags) -o $@ $(filter %.c,$^)

# longer than a test of every day
fuzz-classify: $(out)/test_classify $(out)/test_rules
	$(out)/test_classify $(or $(PACKETS),10000000)
	$(out)/test_rules $(or $(PACKETS),10000000)

# includes classify.c
bench-classify: $(here)/bench_classify.c $(filter-out %/classify.c,$(classify))
	@mkdir -p $(out)
	$(CC) $(filter-out -f%,$(kmod_cflags)) -O2 -Wno-unused-function \
		-o $(out)/bench_classify $^
	@$(out)/bench_classify

.PHONY: fuzz-classify bench-classify
