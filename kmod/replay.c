// SPDX-License-Identifier: GPL-2.0-only
/* Anti-replay window (RFC 4303 3.4.3), as a ring of words (RFC 6479). */

#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/string.h>
#include <linux/types.h>

#include "replay.h"

u32 cmap_replay_words(u32 window)
{
	/* one word more: the word of the top is only partly used */
	return roundup_pow_of_two(DIV_ROUND_UP(window, BITS_PER_LONG) + 1);
}

void cmap_replay_init(struct cmap_replay *r, u32 window)
{
	r->top = 0;
	r->window = window;
	r->words = cmap_replay_words(window);
	memset(r->ring, 0, r->words * sizeof(r->ring[0]));
}

void cmap_replay_start(struct cmap_replay *r, u64 top)
{
	u64 word = top / BITS_PER_LONG;
	u32 i;

	r->top = top;
	for (i = 0; i < r->words; i++)
		r->ring[i] = ~0UL;
	/* those right of the top are still to come */
	r->ring[word & (r->words - 1)] = ~0UL >> (BITS_PER_LONG - 1 -
						  top % BITS_PER_LONG);
}

static unsigned long *cmap_replay_word(struct cmap_replay *r, u64 seq)
{
	return &r->ring[(seq / BITS_PER_LONG) & (r->words - 1)];
}

u64 cmap_replay_extend(const struct cmap_replay *r, u32 low)
{
	/* READ_ONCE pairs with WRITE_ONCE in cmap_replay_advance(). Whatever is
	 * read, a wrong guess only makes the packet fail authentication.
	 */
	u64 top = READ_ONCE(r->top);
	/* not checked: the number nearest to the top is the best guess */
	u32 window = r->window ?: 1u << 31;
	u32 bottom = (u32)top - window + 1;	/* modulo 2^32 */
	u32 high = top >> 32;

	if ((u32)top >= window - 1) {
		/* the window lies within one span of 2^32 numbers */
		if (low < bottom)
			high++;
	} else if (low >= bottom && high) {
		/* it begins in the span before; there is none before the first */
		high--;
	}
	return (u64)high << 32 | low;
}

enum cmap_replay_result cmap_replay_check(const struct cmap_replay *r, u64 seq)
{
	/* READ_ONCE pairs with WRITE_ONCE in cmap_replay_advance(): an early
	 * check that sees an old window is repeated under the lock
	 */
	u64 top = READ_ONCE(r->top);
	unsigned long word;

	if (!r->window)
		return CMAP_REPLAY_OK;
	if (!seq)
		return CMAP_REPLAY_ZERO;
	if (seq > top)
		return CMAP_REPLAY_OK;
	if (top - seq >= r->window)
		return CMAP_REPLAY_OLD;

	word = READ_ONCE(r->ring[(seq / BITS_PER_LONG) & (r->words - 1)]);
	return word & BIT(seq % BITS_PER_LONG) ? CMAP_REPLAY_SEEN :
						 CMAP_REPLAY_OK;
}

enum cmap_replay_result cmap_replay_advance(struct cmap_replay *r, u64 seq)
{
	enum cmap_replay_result res = cmap_replay_check(r, seq);
	u64 i, from, steps;

	if (res != CMAP_REPLAY_OK)
		return res;
	if (!r->window) {
		if (seq > r->top)
			WRITE_ONCE(r->top, seq);
		return CMAP_REPLAY_OK;
	}

	if (seq > r->top) {
		/* words that the window enters anew still hold old bits */
		from = r->top / BITS_PER_LONG;
		steps = min(seq / BITS_PER_LONG - from, (u64)r->words);
		for (i = 1; i <= steps; i++)
			WRITE_ONCE(r->ring[(from + i) & (r->words - 1)], 0);
		WRITE_ONCE(r->top, seq);
	}
	*cmap_replay_word(r, seq) |= BIT(seq % BITS_PER_LONG);
	return CMAP_REPLAY_OK;
}
