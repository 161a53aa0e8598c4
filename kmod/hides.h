/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_HIDES_H
#define _CMAP_HIDES_H

/*
 * What an index leaves out because of other conditions that decide for it, so that it
 * can be put back when those go. By groups of conditions, which come and go together.
 * Free of skb and netlink: the same file is built into the unit tests.
 */

#include <linux/types.h>

/**
 * struct cmap_hiding - a group that another one hides, or some of it
 * @by: the other group
 * @group: the hidden one
 */
struct cmap_hiding {
	u32	by;
	u32	group;
};

/**
 * struct cmap_hides - what an index leaves out
 * @pair: which group hides which; sorted when finished
 * @n: pairs
 * @room: pairs that there is memory for
 * @max: pairs that there may be
 * @vital: bits by group, those without which the index is to be made anew
 */
struct cmap_hides {
	struct cmap_hiding	*pair;
	u32			n;
	u32			room;
	u32			max;
	unsigned long		vital[];
};

/**
 * cmap_hides_create() - begin to note what an index leaves out
 * @n: groups are below this; there may be as many pairs
 *
 * Context: may sleep. Return: nothing left out yet, or NULL.
 */
struct cmap_hides *cmap_hides_create(u32 n);

/**
 * cmap_hides_destroy() - free what cmap_hides_create() made
 * @hides: it, or NULL
 */
void cmap_hides_destroy(struct cmap_hides *hides);

/**
 * cmap_hides_note() - note that a group hides another one
 * @hides: where
 * @by: group
 * @group: the one that it hides
 *
 * If there is no room for that, @by is vital.
 *
 * Context: may sleep.
 */
void cmap_hides_note(struct cmap_hides *hides, u32 by, u32 group);

/**
 * cmap_hides_finish() - make ready to be looked into
 * @hides: nothing is noted any more
 */
void cmap_hides_finish(struct cmap_hides *hides);

/**
 * cmap_hides_first() - first group that a group hides
 * @hides: finished
 * @by: group
 *
 * Return: its place in @pair; those behind it with the same @by are all others.
 */
u32 cmap_hides_first(const struct cmap_hides *hides, u32 by);

#endif /* _CMAP_HIDES_H */
