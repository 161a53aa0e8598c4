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
	r->top = UINT64_MAX;
	tap_ok(cmap_replay_extend(r, 1) == 1 &&
	       cmap_replay_advance(r, 1) == CMAP_REPLAY_OLD,
	       "nor does the extended one");
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

/* The number with these low bits that is in the window, or next right of it. */
static u64 model_extend(u64 top, u32 window, u32 low)
{
	u64 bottom = top >= window ? top - window + 1 : 0;
	u64 seq = bottom >> 32 << 32 | low;

	return seq < bottom ? seq + (1ULL << 32) : seq;
}

static bool extends_right(u32 window, u64 top)
{
	struct cmap_replay *r = window_new(window);
	u64 seq, low, span = 3 * (u64)window + 10;
	bool good = true;
	unsigned int i;

	r->top = top;
	for (i = 0; i < 2000 && good; i++) {
		/* around the top, around the turn, and anywhere */
		low = i % 3 == 0 ? top - span + tap_random(2 * span) :
		      i % 3 == 1 ? tap_random(2 * span) - span :
				   (u64)tap_random(UINT32_MAX);
		seq = model_extend(top, window ?: 1u << 31, low);
		good = cmap_replay_extend(r, low) == seq;
	}
	free(r);
	return good;
}

static void test_extend(void)
{
	static const u32 sizes[] = { 0, 1, 32, 64, 65, 128, 1024,
				     CMAP_REPLAY_MAX };
	u64 turn, top;
	unsigned int i;
	bool good;
	int off;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		good = true;
		for (turn = 0; turn < 4; turn++)
			for (off = -70; off < 70 && good; off++) {
				top = (turn << 32) + off * (i % 2 ? 1 : 97);
				if (turn || off >= 0)
					good = extends_right(sizes[i], top);
			}
		tap_ok(good, "window of %u: the high half, around every turn",
		       sizes[i]);
	}
}

/* What a receiver does with low halves that arrive around a turn. */
static void test_turn(void)
{
	struct cmap_replay *r = window_new(64);
	u64 first = (3ULL << 32) - 1000, seq, got, at;
	unsigned int i, twice = 0, wrong = 0, missed = 0;
	static u8 seen[2000];

	cmap_replay_start(r, first - 1);
	for (i = 0; i < 2000; i++) {
		at = first + i;
		seq = i < 40 ? at : at - tap_random(40);
		got = cmap_replay_extend(r, seq);
		wrong += got != seq;
		if (cmap_replay_advance(r, got) == CMAP_REPLAY_OK)
			twice += seen[seq - first]++;
		else
			missed += !seen[seq - first];
	}
	tap_ok(!twice && !wrong && !missed, "reordered over a turn: each once");
	at = r->top;
	got = cmap_replay_extend(r, at + 5000);
	tap_ok(got == at + 5000 &&
	       cmap_replay_advance(r, got) == CMAP_REPLAY_OK,
	       "more lost than the window holds");
	free(r);

	r = window_new(128);
	cmap_replay_start(r, UINT32_MAX - 10);
	got = cmap_replay_extend(r, 500);
	tap_ok(got == (1ULL << 32) + 500 &&
	       cmap_replay_advance(r, got) == CMAP_REPLAY_OK,
	       "more lost than the window holds, over the turn");
	tap_ok(cmap_replay_check(r, 1ULL << 32) == CMAP_REPLAY_OLD &&
	       cmap_replay_check(r, (1ULL << 32) + 400) == CMAP_REPLAY_OK,
	       "the window went along");
	got = cmap_replay_extend(r, 0);
	tap_ok(got == 2ULL << 32 &&
	       cmap_replay_advance(r, got) == CMAP_REPLAY_OK,
	       "the low half may be zero");
	free(r);
}

static void test_start(void)
{
	u32 sizes[] = { 0, 1, 64, 128, 1024, CMAP_REPLAY_MAX }, i, back;
	struct cmap_replay *r;
	bool good = true;
	u64 top;

	for (i = 1; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (top = 1000; top < 1130; top++) {
			r = window_new(sizes[i]);
			cmap_replay_start(r, top);
			for (back = 0; back < top; back++)
				good = good && cmap_replay_check(r, top - back) !=
					       CMAP_REPLAY_OK;
			/* from the far end, so that each lies in the window */
			for (back = sizes[i]; back; back--)
				good = good &&
				       cmap_replay_advance(r, top + back) ==
				       CMAP_REPLAY_OK;
			free(r);
		}
	tap_ok(good, "from a number on: nothing before it, everything after");
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
	test_extend();
	test_turn();
	test_start();
	test_off();
	return tap_done();
}
