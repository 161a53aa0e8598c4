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
	test_off();
	return tap_done();
}
