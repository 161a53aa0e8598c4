/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_COND_H
#define _CMAP_COND_H

/*
 * Conditions as access lists keep them. Most of them are plain: of IPv4, on
 * addresses and protocol and nothing else. These take 24 bytes instead of the 144
 * of a struct cmap_match, and a packet is compared with them at one place of
 * memory. Free of skb and netlink: the same file is built into the unit tests.
 */

#include <linux/types.h>

#include "tuple.h"

/**
 * struct cmap_cond - the condition of an access list entry
 * @wide: it is @match, else it is plain
 * @proto: of a plain one: IP protocol or CMAP_PROTO_ANY
 * @src: of a plain one: source address, bits outside @src_mask are zero
 * @src_mask: one bits are compared
 * @dst: destination address, bits outside @dst_mask are zero
 * @dst_mask: one bits are compared
 * @match: of a wide one; owned
 */
struct cmap_cond {
	bool	wide;
	u16	proto;
	union {
		struct {
			__be32	src;
			__be32	src_mask;
			__be32	dst;
			__be32	dst_mask;
		};
		struct cmap_match	*match;
	};
};

/**
 * cmap_cond_set() - keep a condition
 * @c: set
 * @m: condition
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM and @c is as before.
 */
int cmap_cond_set(struct cmap_cond *c, const struct cmap_match *m);

/**
 * cmap_cond_clear() - free what a condition owns
 * @c: condition
 */
void cmap_cond_clear(struct cmap_cond *c);

/**
 * cmap_cond_get() - a condition in full
 * @c: condition
 * @room: for one that is not kept in full
 *
 * Return: @room, or what @c owns.
 */
const struct cmap_match *cmap_cond_get(const struct cmap_cond *c,
				       struct cmap_match *room);

/**
 * cmap_cond_tuple() - compare a packet with a condition
 * @c: condition
 * @t: packet, source on the protected side, or many of them
 *
 * Return: as cmap_match_tuple().
 */
enum cmap_match_result cmap_cond_tuple(const struct cmap_cond *c,
				       const struct cmap_tuple *t);

#endif /* _CMAP_COND_H */
