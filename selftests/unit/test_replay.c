// SPDX-License-Identifier: GPL-2.0-or-later
/* kmod/replay.c: the window against a plain memory of everything seen. */

#include <string.h>

#include "replay.h"
#include "tap.h"

#define SPAN	20000	/* sequence numbers that the model remembers */

static bool model_seen[SPAN];
static u32 model_top;

static struct cmap_replay *window_new(u32 window)
{
	struct cmap_replay *r;

	r = malloc(sizeof(*r) + cmap_replay_words(window) * sizeof(long));
	cmap_replay_init(r, window);
	memset(model_seen, 0, sizeof(model_seen));
	model_top = 0;
	return r;
}

static enum cmap_replay_result model_check(u32 window, u32 seq)
{
	if (!seq)
		return CMAP_REPLAY_ZERO;
	if (seq <= model_top && model_top - seq >= window)
		return CMAP_REPLAY_OLD;
	return model_seen[seq] ? CMAP_REPLAY_SEEN : CMAP_REPLAY_OK;
}

/* Random numbers around the top, with jumps: agreement at every step. */
static bool agrees(u32 window, unsigned int steps)
{
	struct cmap_replay *r = window_new(window);
	enum cmap_replay_result want;
	bool good = true;
	u32 seq;

	while (steps-- && good && model_top < SPAN - 3000) {
		if (!tap_random(200))
			seq = model_top + 1 + tap_random(2500);
		else if (tap_random(3))
			seq = model_top + 1 + tap_random(4);
		else
			seq = model_top - tap_random(model_top + 1) %
			      (window + 20);
		if (seq > model_top + 3000)
			seq = 0;
		want = model_check(window, seq);
		good = cmap_replay_check(r, seq) == want &&
		       cmap_replay_advance(r, seq) == want;
		if (want == CMAP_REPLAY_OK) {
			model_seen[seq] = true;
			if (seq > model_top)
				model_top = seq;
		}
		good = good && r->top == model_top;
	}
	free(r);
	return good;
}

static void test_model(void)
{
	static const u32 sizes[] = { 1, 31, 32, 63, 64, 65, 127, 128, 256, 512,
				     1000, 1024, CMAP_REPLAY_MAX };
	unsigned int i, round;
	bool good;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		good = true;
		for (round = 0; round < 20 && good; round++)
			good = agrees(sizes[i], 20000);
		tap_ok(good, "window of %u agrees with a full memory",
		       sizes[i]);
	}
}

static void test_edges(void)
{
	struct cmap_replay *r = window_new(64);

	tap_ok(cmap_replay_advance(r, 0) == CMAP_REPLAY_ZERO,
	       "zero is refused");
	tap_ok(cmap_replay_advance(r, 100) == CMAP_REPLAY_OK, "a first number");
	tap_ok(cmap_replay_advance(r, 37) == CMAP_REPLAY_OK,
	       "the leftmost number of the window");
	tap_ok(cmap_replay_advance(r, 36) == CMAP_REPLAY_OLD,
	       "one left of the window");
	tap_ok(cmap_replay_check(r, 37) == CMAP_REPLAY_SEEN &&
	       cmap_replay_advance(r, 100) == CMAP_REPLAY_SEEN,
	       "numbers seen before");
	tap_ok(cmap_replay_advance(r, UINT32_MAX) == CMAP_REPLAY_OK &&
	       r->top == UINT32_MAX, "the last number there is");
	tap_ok(cmap_replay_advance(r, UINT32_MAX - 63) == CMAP_REPLAY_OK &&
	       cmap_replay_advance(r, UINT32_MAX - 64) == CMAP_REPLAY_OLD,
	       "the window ends with it");
	tap_ok(cmap_replay_advance(r, 1) == CMAP_REPLAY_OLD,
	       "it does not wrap");
	free(r);
}

/*
 * Numbers in order but displaced at random, many of them several times: each
 * is accepted at most once, and exactly once if it was displaced by less than
 * the window.
 */
static bool never_twice(u32 window)
{
	struct cmap_replay *r = window_new(window);
	unsigned int i, accepted = 0, wanted = 0;
	bool good = true;
	u32 at, seq;

	for (at = 1; at < SPAN; at++)
		for (i = 0; i < 3; i++) {
			seq = tap_random(4) ? at : at + tap_random(window / 2);
			if (!tap_random(3))
				seq -= tap_random(2 * window);
			if (!seq || seq >= SPAN)	/* below zero, too */
				continue;
			wanted += !model_seen[seq] &&
				  (seq > model_top || model_top - seq < window);
			if (cmap_replay_advance(r, seq) != CMAP_REPLAY_OK)
				continue;
			good = good && !model_seen[seq];
			model_seen[seq] = true;
			accepted++;
			if (seq > model_top)
				model_top = seq;
		}
	free(r);
	return good && accepted == wanted && accepted > SPAN / 2;
}

/* The ends of the window, wherever its top lies in a word of the ring. */
static bool ends_right(u32 window, u32 first)
{
	struct cmap_replay *r = window_new(window);
	u32 top = first + window - 1, seq;
	bool good;

	good = cmap_replay_advance(r, top) == CMAP_REPLAY_OK &&
	       cmap_replay_check(r, first - 1) != CMAP_REPLAY_OK &&
	       cmap_replay_advance(r, first - 1) != CMAP_REPLAY_OK;
	for (seq = first; seq < top && good; seq++)
		good = cmap_replay_advance(r, seq) == CMAP_REPLAY_OK;
	for (seq = first; seq <= top && good; seq++)
		good = cmap_replay_advance(r, seq) == CMAP_REPLAY_SEEN;
	/* one on: the first falls out, nothing of the old round is left */
	good = good && cmap_replay_advance(r, top + 1) == CMAP_REPLAY_OK &&
	       cmap_replay_advance(r, first) == CMAP_REPLAY_OLD &&
	       (window == 1 ||
		cmap_replay_advance(r, first + 1) == CMAP_REPLAY_SEEN);
	/* a whole window on: all is new but the first */
	good = good &&
	       cmap_replay_advance(r, top + 1 + window) == CMAP_REPLAY_OK;
	for (seq = top + 2; seq < top + 1 + window && good; seq++)
		good = cmap_replay_advance(r, seq) == CMAP_REPLAY_OK;
	good = good && cmap_replay_advance(r, top + 1) == CMAP_REPLAY_OLD;
	free(r);
	return good;
}

static void test_sizes(void)
{
	static const u32 sizes[] = { 1, 32, 63, 64, 65, 128, 256, 512, 1024,
				     2048, 4095, CMAP_REPLAY_MAX };
	unsigned int i;
	u32 first;
	bool good;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		good = true;
		for (first = 1; first <= 130 && good; first++)
			good = ends_right(sizes[i], first);
		tap_ok(good, "window of %u: its ends, at every place in a word",
		       sizes[i]);
		if (sizes[i] >= 2)
			tap_ok(never_twice(sizes[i]),
			       "window of %u: random order, never twice",
			       sizes[i]);
	}
}

static void test_off(void)
{
	struct cmap_replay *r = window_new(0);

	tap_ok(cmap_replay_advance(r, 5) == CMAP_REPLAY_OK &&
	       cmap_replay_advance(r, 5) == CMAP_REPLAY_OK &&
	       cmap_replay_advance(r, 1) == CMAP_REPLAY_OK,
	       "without a window everything passes");
	tap_ok(r->top == 5, "the highest number is remembered all the same");
	free(r);
}

int main(void)
{
	tap_random_init();
	test_model();
	test_edges();
	test_sizes();
	test_off();
	return tap_done();
}
