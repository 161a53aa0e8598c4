/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_CLASSIFY_H
#define _CMAP_CLASSIFY_H

/*
 * What a crypto map wants of a packet. Free of skb and netlink: the same file
 * is built into the module and into the unit tests.
 *
 * The rules of an attachment are in order; an index of the permits among them
 * finds those that may match a packet. The denies of an access list are kept
 * with the list, since they decide only for its own permits. Both are made
 * before packets can see the rules, and immutable.
 */

#include <linux/types.h>

#include "index.h"

struct cmap_ace;
struct cmap_acl;
struct cmap_flow;
struct cmap_hides;
struct cmap_tuple;

/**
 * struct cmap_rule - one access list entry as an attachment looks it up
 * @acl: access list of @ace
 * @ace: the entry; belongs to an access list of the configuration
 * @flow: what a permit protects (holds a reference); NULL for deny, and for a
 *	template's permit, which peers have to negotiate flows within
 * @place: of the crypto map entry among all that the attachment has or will have:
 *	sequence number of the entry, and in the low 16 bits that of its template
 * @next: index of the first rule of the next crypto map entry, or template
 * @df_bit: enum crypto_map_df_bit of the entry, valid with @has_df_bit
 * @has_df_bit: the entry has one of its own, see cmap_attach_df_bit()
 * @pre_classify: outer packets keep the flow hash of the inner ones
 */
struct cmap_rule {
	struct cmap_acl		*acl;
	struct cmap_ace		*ace;
	struct cmap_flow	*flow;
	u32			place;
	u32			next		: 24,
				df_bit		: 4,
				has_df_bit	: 1,
				pre_classify	: 1;
};

/* Denies of a list that are held against a packet one after the other. */
#define CMAP_DENIES_SCAN	8

/**
 * struct cmap_denies - the deny entries of an access list
 * @n: how many
 * @pos: places of the first of them in the list
 * @index: index of all by place, if there are more than @pos has room for
 */
struct cmap_denies {
	u32			n;
	u32			pos[CMAP_DENIES_SCAN];
	struct cmap_index	*index;
};

/**
 * enum cmap_class - what a crypto map wants of a packet
 * @CMAP_CLASS_CLEAR: no entry wants it, it passes in clear
 * @CMAP_CLASS_PROTECT: a permit ACE of some entry matches
 * @CMAP_CLASS_UNKNOWN: a packet that does not show its ports or its protocol and
 *	might match a permit ACE: fail closed
 */
enum cmap_class {
	CMAP_CLASS_CLEAR,
	CMAP_CLASS_PROTECT,
	CMAP_CLASS_UNKNOWN,
};

/**
 * struct cmap_verdict - what rules decide about a packet
 * @at: index of the permit that protects it, or of the first that might; behind all
 *	rules for CMAP_CLASS_CLEAR
 * @class: what is decided
 */
struct cmap_verdict {
	u32		at;
	enum cmap_class	class;
};

/**
 * cmap_classify() - first match over rules
 * @rules: rules in order of entry and ACE
 * @index: their index
 * @dead: bits by rule, set for those that do not count any more, or NULL; all of an
 *	entry or none, and with them what they hide, see cmap_classify_index()
 * @tuple: packet, source on the protected side
 *
 * IOS semantics: entries in order of sequence; the first ACE of an entry that
 * matches decides for that entry: permit protects, deny goes on with the next
 * entry, as does the end of the list.
 *
 * A packet that does not show its ports is CMAP_CLASS_UNKNOWN when what it hides
 * decides, and also when more conditions than a few are about its addresses and
 * none of the first ones decides: it must not be dearer than others.
 *
 * Of many packets (struct cmap_packets) the first rule decides that has all of them, or
 * that is of their flow and has some: then they are CMAP_CLASS_UNKNOWN.
 *
 * Context: RCU read side, or cn->lock.
 */
struct cmap_verdict cmap_classify(const struct cmap_rule *rules,
				  const struct cmap_index *index,
				  const unsigned long *dead,
				  const struct cmap_tuple *tuple);

/**
 * cmap_classify_index() - make the index of rules
 * @rules: rules in order of entry and ACE; the denies of their lists are made
 * @n: number of rules
 * @family: AF_INET or AF_INET6, of all of them
 * @hides: NULL; or told which entries are not in the index because of others, each by
 *	its first rule
 * @index: set to the index, NULL if no rule permits
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int cmap_classify_index(const struct cmap_rule *rules, u32 n, u16 family,
			struct cmap_hides *hides, struct cmap_index **index);

/**
 * cmap_denies_make() - make the denies of an access list, if it has any
 * @acl: list that is complete
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int cmap_denies_make(struct cmap_acl *acl);

/**
 * cmap_denies_destroy() - free denies that nobody can reach
 * @denies: denies or NULL
 */
void cmap_denies_destroy(struct cmap_denies *denies);

#endif /* _CMAP_CLASSIFY_H */
