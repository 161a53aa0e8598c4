/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_INDEX_CELL_H
#define _CMAP_INDEX_CELL_H

/*
 * What the cells of an index mean. All of an index but its tables is one array
 * of 32-bit cells, and a reference is the number of a cell: half the size of a
 * pointer, and freed in one piece.
 *
 * A reference is one of
 *
 *	0			nothing
 *	CMAP_CELL_ONE | id	one condition
 *	number of a cell	a node, which begins there
 *
 * A slot of a table is two cells, hash and reference; it is empty when the
 * reference is 0. Slots are at the beginning, so that no node is cell 0.
 *
 * A node begins with a head that has its kind and a number @n:
 *
 *	LIST	head, n ids, ascending
 *	BITS	head with a word, n positions of bits of that word in one cell,
 *		2^n references, by the value of these bits
 *	RANGE	head with a field, n ascending bounds, two in a cell, n + 1
 *		references, by how many bounds are not above the field
 *	VEIL	head, cut, number of ids, n references, ids
 *
 * A veil is where a look-up begins to use what a fragment does not show. A
 * packet that shows it looks into all of the n trees behind it. One that does
 * not takes the ids, the first conditions of those trees, and all from the cut
 * on for a match.
 */

#include <linux/types.h>

#include "tuple.h"

#define CMAP_CELL_ONE	0x80000000U

enum cmap_cell_kind {
	CMAP_CELL_LIST,
	CMAP_CELL_BITS,
	CMAP_CELL_RANGE,
	CMAP_CELL_VEIL,
};

/* Words that bits are taken of: addresses as they are, and small fields. */
#define CMAP_WORD_SRC	0
#define CMAP_WORD_DST	4
#define CMAP_WORD_SMALL	8
#define CMAP_WORDS	9

/* Fields that ranges are of. */
#define CMAP_FIELD_SPORT	0
#define CMAP_FIELD_DPORT	1
#define CMAP_FIELDS		2

/* Bits or, for ranges, halvings of one node; trees behind a veil. */
#define CMAP_CELL_BITS_MAX	4
#define CMAP_CELL_FAN_MAX	16	/* 2 ^ CMAP_CELL_BITS_MAX */
#define CMAP_CELL_ROOTS_MAX	5

static inline u32 cmap_cell_head(enum cmap_cell_kind kind, u32 what, u32 n)
{
	return kind << 28 | what << 24 | n;
}

static inline enum cmap_cell_kind cmap_cell_kind(u32 head)
{
	return head >> 28;
}

static inline u32 cmap_cell_what(u32 head)
{
	return head >> 24 & 0xf;
}

static inline u32 cmap_cell_n(u32 head)
{
	return head & 0xffffff;
}

/* Position @k of a BITS node. */
static inline u32 cmap_cell_pos(u32 pos, u32 k)
{
	return pos >> 8 * k & 31;
}

/* Bound @k of a RANGE node whose bounds begin at @cell. */
static inline u16 cmap_cell_bound(const u32 *cell, u32 k)
{
	return cell[k / 2] >> 16 * (k & 1);
}

static inline u32 cmap_cell_bounds_size(u32 n)
{
	return (n + 1) / 2;
}

/* The word that protocol, ICMP type and code make. */
static inline u32 cmap_cell_small(u8 proto, u8 icmp_type, u8 icmp_code)
{
	return proto | icmp_type << 8 | icmp_code << 16;
}

/* A number for the hash of addresses, the same for equal ones. */
u32 cmap_index_hash(const union cmap_addr *src, const union cmap_addr *src_mask,
		    const union cmap_addr *dst, const union cmap_addr *dst_mask,
		    u16 family, u32 seed);

#endif /* _CMAP_INDEX_CELL_H */
