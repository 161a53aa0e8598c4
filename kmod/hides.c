// SPDX-License-Identifier: GPL-2.0-only
/* What an index leaves out. */

#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "hides.h"

#define CMAP_HIDES_ROOM_MIN	64U

struct cmap_hides *cmap_hides_create(u32 n)
{
	struct cmap_hides *hides;

	hides = kvzalloc(struct_size(hides, vital, BITS_TO_LONGS(n)),
			 GFP_KERNEL_ACCOUNT);
	if (hides)
		hides->max = n;
	return hides;
}

void cmap_hides_destroy(struct cmap_hides *hides)
{
	if (!hides)
		return;
	kvfree(hides->pair);
	kvfree(hides);
}

static bool cmap_hides_grow(struct cmap_hides *hides)
{
	u32 room = min(max(2 * hides->room, CMAP_HIDES_ROOM_MIN), hides->max);
	struct cmap_hiding *pair;

	if (hides->n == hides->max)
		return false;
	pair = kvmalloc_array(room, sizeof(*pair), GFP_KERNEL_ACCOUNT);
	if (!pair)
		return false;
	if (hides->n)
		memcpy(pair, hides->pair, hides->n * sizeof(*pair));
	kvfree(hides->pair);
	hides->pair = pair;
	hides->room = room;
	return true;
}

void cmap_hides_note(struct cmap_hides *hides, u32 by, u32 group)
{
	const struct cmap_hiding *last;

	if (hides->n) {
		last = &hides->pair[hides->n - 1];
		if (last->by == by && last->group == group)
			return;
	}
	if (hides->n == hides->room && !cmap_hides_grow(hides)) {
		__set_bit(by, hides->vital);
		return;
	}
	hides->pair[hides->n++] = (struct cmap_hiding) {
		.by = by,
		.group = group,
	};
}

static int cmap_hiding_cmp(const void *a, const void *b)
{
	const struct cmap_hiding *x = a, *y = b;

	if (x->by != y->by)
		return x->by < y->by ? -1 : 1;
	return x->group < y->group ? -1 : x->group > y->group;
}

void cmap_hides_finish(struct cmap_hides *hides)
{
	if (!hides->n)
		return;
	sort(hides->pair, hides->n, sizeof(*hides->pair), cmap_hiding_cmp,
	     NULL);
}

u32 cmap_hides_first(const struct cmap_hides *hides, u32 by)
{
	u32 low = 0, high = hides->n, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (hides->pair[mid].by < by)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}
