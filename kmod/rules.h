/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_RULES_H
#define _CMAP_RULES_H

/*
 * The rules of an attachment, in two layers, so that a commit that changes little
 * makes little anew: a base that many configurations share, and a delta with the
 * entries that changed since. docs/classifier.md tells how they answer as one.
 *
 * All of it is made before packets can see it and immutable from then on.
 * Configurations hold references; the last one goes with a configuration that was
 * destroyed a grace period after it was replaced, or that packets never saw.
 *
 * Free of skb and netlink: the same file is built into the unit tests.
 */

#include <linux/refcount.h>
#include <linux/types.h>

#include "classify.h"
#include "hides.h"
#include "tuple.h"

/* A base is made anew when more than one of so many parts of it has changed. */
#define CMAP_RULES_PARTS	64

/**
 * struct cmap_use - an entry by something that it refers to
 * @key: hash of that, of cmap_use_list(), cmap_use_peer(), cmap_use_name() or
 *	cmap_use_spi()
 * @place: of the entry, see struct cmap_rule
 */
struct cmap_use {
	u32	key;
	u32	place;
};

/**
 * struct cmap_rules - one layer of rules
 * @refs: rule sets that have it
 * @n: rules in @rule
 * @n_use: in @use
 * @n_whole: rules that cannot be decided on fragments
 * @rule: every ACE but remarks of every complete entry, in order of entry and ACE;
 *	those of a dynamic crypto map in the place of the entry that refers to it
 * @use: what the entries refer to, also those that have no rules, by key
 * @hides: what is not in the index because of others, entries by their first rule;
 *	NULL in a delta
 * @index: of the permits in @rule; NULL if there are none
 *
 * What rules refer to, but for flows, belongs to a configuration that has them in
 * force. A rule that is dead must not be looked into.
 */
struct cmap_rules {
	refcount_t		refs;
	u32			n;
	u32			n_use;
	u32			n_whole;
	struct cmap_rule	*rule;
	struct cmap_use		*use;
	struct cmap_hides	*hides;
	struct cmap_index	*index;
};

/**
 * struct cmap_ruleset - the rules of an attachment
 * @refs: attachments of configurations that have it
 * @base: layer that was made of all entries at once
 * @delta: layer of the entries that changed since; NULL if none did
 * @dead: bits by rule of @base, those of entries that changed; NULL if none did
 * @n_dead: how many
 * @n_whole: rules of @base that are not dead and cannot be decided on fragments
 * @n_changed: in @changed
 * @changed: places of all entries that changed, ascending
 */
struct cmap_ruleset {
	refcount_t		refs;
	struct cmap_rules	*base;
	struct cmap_rules	*delta;
	unsigned long		*dead;
	u32			n_dead;
	u32			n_whole;
	u32			n_changed;
	u32			changed[];
};

/**
 * struct cmap_ruleset_iter - a walk over the entries of a rule set
 * @base: where to go on in the base, 0 at first
 * @delta: and in the delta
 */
struct cmap_ruleset_iter {
	u32	base;
	u32	delta;
};

/**
 * cmap_place_cmp() - order of places, for sort()
 * @a: a place
 * @b: a place
 */
int cmap_place_cmp(const void *a, const void *b);

/**
 * cmap_use_list() - key of entries that refer to an access list
 * @name: its name; lists of both families have the same key
 */
u32 cmap_use_list(const char *name);

/**
 * cmap_use_peer() - key of ipsec-isakmp entries that have a peer
 * @peer: its address, unused bytes zero
 */
u32 cmap_use_peer(const union cmap_addr *peer);

/**
 * cmap_use_name() - key of ipsec-isakmp entries that have a peer by name
 * @name: the name
 */
u32 cmap_use_name(const char *name);

/**
 * cmap_use_spi() - key of entries that have an inbound SPI of their own
 * @spi: SPI, host byte order
 */
u32 cmap_use_spi(u32 spi);

/**
 * cmap_rules_create() - make a layer for the caller to fill in
 * @n: rules
 * @n_use: uses that there is room for; none is there yet
 *
 * Return: the layer with one reference, its rules zero, or NULL.
 */
struct cmap_rules *cmap_rules_create(u32 n, u32 n_use);

/**
 * cmap_rules_finish() - make the index of a layer that was filled in
 * @rules: layer
 * @family: AF_INET or AF_INET6, of its rules
 * @base: it is to be a base
 *
 * Context: may sleep. Return: 0 or -ENOMEM.
 */
int cmap_rules_finish(struct cmap_rules *rules, u16 family, bool base);

/**
 * cmap_rules_put() - give a reference back
 * @rules: layer or NULL; with the last one it is freed, and its flows are put
 */
void cmap_rules_put(struct cmap_rules *rules);

/**
 * cmap_rules_users() - first of the entries that refer to something
 * @rules: layer that is finished, or NULL
 * @key: what they refer to
 *
 * Others of this key may be among them, since keys are hashes; in a base also entries
 * as they were before they changed.
 *
 * Return: the use, NULL if there is none.
 */
const struct cmap_use *cmap_rules_users(const struct cmap_rules *rules, u32 key);

/**
 * cmap_rules_users_next() - next entry that refers to the same
 * @rules: layer
 * @use: one that refers to it
 *
 * Return: the next use or NULL.
 */
const struct cmap_use *cmap_rules_users_next(const struct cmap_rules *rules,
					     const struct cmap_use *use);

/**
 * cmap_ruleset_create() - make a rule set without layers
 * @n_changed: places that there is room for; none is there yet
 *
 * Return: the set with one reference, or NULL.
 */
struct cmap_ruleset *cmap_ruleset_create(u32 n_changed);

/**
 * cmap_ruleset_edit() - make a rule set of another one, without some entries
 * @was: rule set
 * @place: places of entries that changed, ascending, without doubles
 * @n: how many
 * @edited: set to one that shares the base, with these entries dead, and those that
 *	are not in the index because of them. It needs a delta of all that are in
 *	@changed. NULL if that would not do: too much has changed
 *
 * Return: 0 or -ENOMEM.
 */
int cmap_ruleset_edit(const struct cmap_ruleset *was, const u32 *place, u32 n,
		      struct cmap_ruleset **edited);

/**
 * cmap_ruleset_room() - how much may change of a rule set
 * @set: rule set
 *
 * Return: the most that dead rules, changed entries and rules of the delta may be
 * together before the base is made anew.
 */
u32 cmap_ruleset_room(const struct cmap_ruleset *set);

/**
 * cmap_ruleset_count() - rules in force
 * @set: rule set
 */
static inline u32 cmap_ruleset_count(const struct cmap_ruleset *set)
{
	return set->base->n - set->n_dead + (set->delta ? set->delta->n : 0);
}

/**
 * cmap_ruleset_needs_whole() - whether fragments must be reassembled
 * @set: rule set
 *
 * Return: true if a rule in force cannot be decided on fragments.
 */
static inline bool cmap_ruleset_needs_whole(const struct cmap_ruleset *set)
{
	return set->n_whole || (set->delta && set->delta->n_whole);
}

/**
 * cmap_ruleset_classify() - first match over a rule set
 * @set: rule set
 * @tuple: packet, source on the protected side
 * @found: set to the rule that protects, or to the first that might; not for
 *	CMAP_CLASS_CLEAR
 *
 * See cmap_classify(). Context: RCU read side, or cn->lock.
 */
enum cmap_class cmap_ruleset_classify(const struct cmap_ruleset *set,
				      const struct cmap_tuple *tuple,
				      const struct cmap_rule **found);

/**
 * cmap_ruleset_gives() - whether a flow has some of the packets of two hosts
 * @set: rule set
 * @sel: condition about two hosts only, within what @flow protects
 * @flow: the flow
 *
 * Whatever else they differ in: ports, TOS, TTL.
 *
 * Context: RCU read side, or cn->lock.
 * Return: false if no packet that @sel matches is of @flow: one rule before has them all.
 * Several that have them all together do not count.
 */
bool cmap_ruleset_gives(const struct cmap_ruleset *set,
			const struct cmap_match *sel,
			const struct cmap_flow *flow);

/**
 * cmap_ruleset_next() - next entry with rules in force
 * @set: rule set
 * @but: only what this one has not in a base that both share; NULL for all
 * @iter: walk
 * @n: set to the number of its rules
 *
 * In order. With one of two rule sets as @set and the other as @but: what one commit
 * took away, and what it made.
 *
 * Return: the first rule of the entry, NULL after the last one.
 */
const struct cmap_rule *cmap_ruleset_next(const struct cmap_ruleset *set,
					  const struct cmap_ruleset *but,
					  struct cmap_ruleset_iter *iter,
					  u32 *n);

/**
 * cmap_ruleset_user() - next entry with rules in force that refers to something
 * @set: rule set
 * @key: what it refers to
 * @cursor: where to look from, 0 at first; set behind the entry
 * @n: set to the number of its rules
 *
 * In order. Others may be among them, since keys are hashes, and since an entry that
 * changed may have referred to it before.
 *
 * Return: the first rule of the entry, NULL after the last one.
 */
const struct cmap_rule *cmap_ruleset_user(const struct cmap_ruleset *set,
					  u32 key, u64 *cursor, u32 *n);

void cmap_ruleset_get(struct cmap_ruleset *set);
void cmap_ruleset_put(struct cmap_ruleset *set);

#endif /* _CMAP_RULES_H */
