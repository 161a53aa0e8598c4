/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_CLASSIFY_H
#define _CMAP_CLASSIFY_H

/*
 * What a crypto map wants of a packet. Free of skb and netlink: the same file
 * is built into the module and into the unit tests.
 */

#include <linux/types.h>

struct cmap_ace;
struct cmap_flow;
struct cmap_tuple;

/**
 * struct cmap_rule - one access list entry as an attachment looks it up
 * @ace: the entry; belongs to an access list of the configuration
 * @flow: what a permit protects (holds a reference); NULL for deny
 * @df_bit: enum crypto_map_df_bit, inheritance resolved
 * @fragmentation: enum crypto_map_fragmentation, likewise
 * @pre_classify: outer packets keep the flow hash of the inner ones
 * @next: index of the first rule of the next crypto map entry
 */
struct cmap_rule {
	struct cmap_ace		*ace;
	struct cmap_flow	*flow;
	u8			df_bit;
	u8			fragmentation;
	bool			pre_classify;
	u32			next;
};

/**
 * enum cmap_class - what a crypto map wants of a packet
 * @CMAP_CLASS_CLEAR: no entry wants it, it passes in clear
 * @CMAP_CLASS_PROTECT: a permit ACE of some entry matches
 * @CMAP_CLASS_UNKNOWN: a fragment without ports that might match a permit ACE:
 *	fail closed
 */
enum cmap_class {
	CMAP_CLASS_CLEAR,
	CMAP_CLASS_PROTECT,
	CMAP_CLASS_UNKNOWN,
};

/**
 * cmap_classify() - first match over the rules of an attachment
 * @rules: rules in order of entry and ACE
 * @n: number of rules
 * @tuple: packet, source on the protected side
 * @found: set to the deciding permit rule for CMAP_CLASS_PROTECT
 *
 * IOS semantics: entries in order of sequence; the first ACE of an entry that
 * matches decides for that entry: permit protects, deny goes on with the next
 * entry, as does the end of the list.
 *
 * Context: RCU read side, or cn->lock.
 */
enum cmap_class cmap_classify(const struct cmap_rule *rules, u32 n,
			      const struct cmap_tuple *tuple,
			      const struct cmap_rule **found);

#endif /* _CMAP_CLASSIFY_H */
