/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_INDEX_H
#define _CMAP_INDEX_H

/*
 * An index of conditions: which of many may match a packet, at a cost that does
 * not depend on how many there are. docs/classifier.md tells how it works. Free
 * of skb and netlink: the same files are built into the unit tests.
 *
 * An index is built as a whole and immutable from then on. Its owner publishes
 * it and frees it after a grace period.
 */

#include <linux/types.h>

#include "tuple.h"

struct cmap_hides;

/* Ids are below this. */
#define CMAP_INDEX_ID_MAX	0x80000000U

/* Hash tables of one index, each for a pair of address masks. */
#define CMAP_INDEX_TABLES_MAX	32

/**
 * struct cmap_index_item - a condition to be indexed
 * @match: condition; only looked at while the index is built
 * @id: what look-ups give; the lower one goes first
 * @group: conditions of one group come and go together
 * @cost: comparisons that it takes to decide this condition, at most
 * @final: nothing that this condition matches is decided by a later one
 */
struct cmap_index_item {
	const struct cmap_match	*match;
	u32			id;
	u32			group;
	u32			cost;
	bool			final;
};

/**
 * struct cmap_index_stats - what an index is like
 * @n: conditions
 * @tables: hash tables that a packet looks into at most
 * @longest: conditions in the longest list
 * @worst: comparisons that any packet can cost, at most
 * @bytes: memory
 */
struct cmap_index_stats {
	u32	n;
	u32	tables;
	u32	longest;
	u32	worst;
	size_t	bytes;
};

/**
 * struct cmap_index_table - the conditions of similar address masks
 * @src_mask: source address bits that the hash is of
 * @dst_mask: destination address bits that the hash is of
 * @best: lowest id in the table
 * @first: cell of the first slot
 * @mask: slots less one; their number is a power of two
 */
struct cmap_index_table {
	union cmap_addr	src_mask;
	union cmap_addr	dst_mask;
	u32		best;
	u32		first;
	u32		mask;
};

/**
 * struct cmap_index - an index of conditions of one family
 * @stats: what it is like
 * @cell: slots, trees and lists; see index_cell.h
 * @seed: of the hash
 * @family: AF_INET or AF_INET6
 * @n_table: tables in @table
 * @table: by ascending @best
 */
struct cmap_index {
	struct cmap_index_stats	stats;
	u32			*cell;
	u32			seed;
	u16			family;
	u16			n_table;
	struct cmap_index_table	table[];
};

/**
 * struct cmap_index_walk - a look-up under way
 * @id: ids of a list, ascending
 * @n: ids in @id
 * @cut: CMAP_INDEX_ID_MAX; or, for a packet that does not show its ports, the
 *	lowest id of conditions that are left out because too many would have to
 *	be compared: any of those may match
 * @ix: index
 * @tuple: packet
 * @table: next table to look into
 * @root: next tree of the bucket under way
 * @n_root: trees there
 * @one: a list of one
 */
struct cmap_index_walk {
	const u32			*id;
	u32				n;
	u32				cut;

	/* private */
	const struct cmap_index		*ix;
	const struct cmap_tuple		*tuple;
	u32				table;
	const u32			*root;
	u32				n_root;
	u32				one;
};

/**
 * cmap_index_items() - memory for conditions to be indexed
 * @n: how many
 * @room: set to as many conditions in full, for @match of those that are not
 *	kept so
 *
 * Context: may sleep.
 * Return: items, not initialised, to be freed with kvfree(); NULL when there is no
 * memory.
 */
struct cmap_index_item *cmap_index_items(u32 n, struct cmap_match **room);

/**
 * cmap_index_create() - build an index
 * @item: conditions by ascending id
 * @n: number of conditions, at least 1
 * @family: AF_INET or AF_INET6, of all conditions
 * @hides: NULL; or told which groups are left out because of others
 *
 * Context: may sleep.
 * Return: the index or NULL when there is no memory.
 */
struct cmap_index *cmap_index_create(const struct cmap_index_item *item, u32 n,
				     u16 family, struct cmap_hides *hides);

/**
 * cmap_index_destroy() - free an index that nobody can reach
 * @ix: index or NULL
 */
void cmap_index_destroy(struct cmap_index *ix);

/**
 * cmap_index_start() - begin a look-up
 * @walk: set up
 * @ix: index, or NULL for one without conditions
 * @tuple: packet; constant during the look-up
 */
void cmap_index_start(struct cmap_index_walk *walk, const struct cmap_index *ix,
		      const struct cmap_tuple *tuple);

/**
 * cmap_index_next() - next list of conditions that may match
 * @walk: look-up
 * @limit: only ids below this are of interest
 *
 * Each condition below the limit that the packet matches, or that it might
 * match by what it shows, is in one of the lists, or at or above a @cut; not
 * so one that a final condition of a lower id contains. A list may have ids
 * that do not match, and ids from @limit on.
 *
 * Context: the index must not go away; RCU read side.
 * Return: false after the last list.
 */
bool cmap_index_next(struct cmap_index_walk *walk, u32 limit);

#endif /* _CMAP_INDEX_H */
