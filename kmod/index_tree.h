/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_INDEX_TREE_H
#define _CMAP_INDEX_TREE_H

/* Building of an index: from the conditions of one bucket to a reference. */

#include <linux/types.h>

#include "index_cell.h"

struct cmap_hides;
struct cmap_index_item;

/**
 * struct cmap_index_pool - an array of numbers that grows
 * @v: numbers
 * @n: numbers in use
 * @room: numbers that there is memory for
 */
struct cmap_index_pool {
	u32	*v;
	u32	n;
	u32	room;
};

/**
 * struct cmap_index_region - the ports of packets that come to a place in a tree
 * @low: lowest one, by field
 * @high: highest one
 */
struct cmap_index_region {
	u16	low[CMAP_FIELDS];
	u16	high[CMAP_FIELDS];
};

/**
 * struct cmap_index_job - conditions that a reference has to be made for
 * @at: cell that the reference goes to
 * @n: conditions; they are the last numbers of the pool
 * @room: cells that they may take
 * @cost: where in @costs of the builder the cost of lists goes
 * @region: ports of packets that come here
 * @veiled: behind a veil
 */
struct cmap_index_job {
	u32				at;
	u32				n;
	u32				room;
	u32				cost;
	struct cmap_index_region	region;
	bool				veiled;
};

/*
 * Jobs that are pending at a time. Each level of a tree leaves some behind, and
 * each is smaller by a fixed part than the one above; what is deeper than this
 * suffices for remains a list.
 */
#define CMAP_INDEX_JOBS_MAX	1024

/* Conditions that are looked at to choose a split. */
#define CMAP_INDEX_SAMPLE	128

/**
 * struct cmap_index_build - an index under construction
 * @item: conditions
 * @family: AF_INET or AF_INET6, of all
 * @hides: told what is left out, or NULL; see cmap_index_create()
 * @cell: cells of the index
 * @ids: item numbers of the pending jobs
 * @costs: comparisons: the first number is the worst list before a veil, and
 *	CMAP_CELL_ROOTS_MAX numbers for each veil are those behind it
 * @longest: conditions of the longest list
 * @n_job: jobs in @job
 * @job: pending jobs, the last one goes first
 * @bound: bounds of ranges in a sample
 */
struct cmap_index_build {
	const struct cmap_index_item	*item;
	u16				family;
	struct cmap_hides		*hides;
	struct cmap_index_pool		cell;
	struct cmap_index_pool		ids;
	struct cmap_index_pool		costs;
	u32				longest;
	u32				n_job;
	struct cmap_index_job		job[CMAP_INDEX_JOBS_MAX];
	u32				bound[4 * CMAP_INDEX_SAMPLE];
};

/**
 * cmap_index_begin() - begin to build an index
 * @b: set up; most of it is not worth clearing
 * @item: conditions
 * @family: AF_INET or AF_INET6
 * @hides: told what is left out, or NULL
 */
void cmap_index_begin(struct cmap_index_build *b,
		      const struct cmap_index_item *item, u16 family,
		      struct cmap_hides *hides);

/**
 * cmap_index_take() - take numbers at the end of a pool
 * @pool: pool
 * @n: how many
 * @first: set to the place of the first one; they are not initialised
 *
 * Return: false when there is no memory.
 */
bool cmap_index_take(struct cmap_index_pool *pool, u32 n, u32 *first);

/**
 * cmap_index_tree() - make the reference for the conditions of one bucket
 * @b: index under construction; the pool of ids has the item numbers, ascending,
 *	and nothing else; it is empty afterwards
 * @at: cell that the reference goes to
 * @worst: raised to the comparisons that a packet costs in this bucket
 *
 * Return: false when there is no memory.
 */
bool cmap_index_tree(struct cmap_index_build *b, u32 at, u32 *worst);

#endif /* _CMAP_INDEX_TREE_H */
