/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_ACL_H
#define _CMAP_ACL_H

/*
 * Access lists. A list grows while only its transaction refers to it and is
 * immutable from then on, but for the hit counters. Configurations,
 * transactions and flows hold references; packets reach the entries through
 * the rules of the configuration in force.
 */

#include <linux/atomic.h>
#include <linux/refcount.h>
#include <linux/types.h>

#include <uapi/linux/crypto_map.h>

#include "cond.h"

struct cmap_denies;
struct cmap_index;

/* Entries of one list. */
#define CMAP_ACL_MAX	65536U

/**
 * struct cmap_ace_groups - object-groups of an entry, for who reads it back
 * @service: in the place of protocol, ports and ICMP type
 * @src: of the source
 * @dst: of the destination
 *
 * Empty for none, padded with zeroes.
 */
struct cmap_ace_groups {
	char	service[CRYPTO_MAP_NAME_MAX + 1];
	char	src[CRYPTO_MAP_NAME_MAX + 1];
	char	dst[CRYPTO_MAP_NAME_MAX + 1];
};

/**
 * struct cmap_ace - an access list entry
 * @seq: sequence number
 * @action: enum crypto_map_ace_action
 * @part: one of several that an entry with object-groups stands for, and not the
 *	first: the one before it has the same sequence number
 * @remark: text of a remark; owned
 * @groups: object-groups of the first part of another entry, or NULL; owned
 * @cond: condition, but of a remark; source is the protected side
 * @hits: packets that this entry decided: outbound ones, and those that its
 *	list filters
 */
struct cmap_ace {
	u32			seq;
	u8			action;
	bool			part;
	union {
		char			*remark;
		struct cmap_ace_groups	*groups;
	};
	struct cmap_cond	cond;
	atomic_long_t		hits;
};

/**
 * struct cmap_acl - an access list
 * @refs: configurations, transactions and flows that use it
 * @rcu: freed after a grace period
 * @name: name, constant, behind the entries
 * @family: AF_INET or AF_INET6; AF_UNSPEC for an object-group, all of remarks
 * @standard: a standard list, for who reads it back
 * @n: entries in @ace
 * @n_rule: entries that are not remarks
 * @room: entries that @ace has room for
 * @denies: its deny entries, made by the first commit that needs them; NULL if
 *	there are none
 * @filter: index of its entries by place, made by the first commit that has it
 *	for a filter, see cmap_filter_make()
 * @ace: entries by ascending sequence number
 */
struct cmap_acl {
	refcount_t		refs;
	struct rcu_head		rcu;
	const char		*name;
	u16			family;
	bool			standard;
	u32			n;
	u32			n_rule;
	u32			room;
	struct cmap_denies	*denies;
	struct cmap_index	*filter;
	struct cmap_ace		ace[];
};

/**
 * cmap_acl_create() - make an empty access list
 * @name: name
 * @family: AF_INET, AF_INET6 or AF_UNSPEC
 * @room: entries it must have room for
 *
 * Return: the list with one reference, or NULL when there is no memory.
 */
struct cmap_acl *cmap_acl_create(const char *name, u16 family, u32 room);

/**
 * cmap_acl_permit() - make an access list without name, of one permit
 * @match: condition of the permit
 *
 * Return: the list with one reference, or NULL when there is no memory.
 */
struct cmap_acl *cmap_acl_permit(const struct cmap_match *match);

/**
 * cmap_acl_copy() - make a list of its own with the same entries
 * @acl: list
 *
 * Return: the copy with one reference and counters of zero, or NULL when there
 * is no memory.
 */
struct cmap_acl *cmap_acl_copy(const struct cmap_acl *acl);

/**
 * cmap_acl_join() - append the entries of a list to those of another
 * @acl: list that is not shared; emptied when a larger one has to be made
 * @more: list whose entries move to @acl, it is empty afterwards
 *
 * The caller made sure that the sequence numbers of @more are above those of
 * @acl.
 *
 * Return: the joint list: @acl, or a new one with a reference of its own; NULL
 * when there is no memory, and nothing has changed.
 */
struct cmap_acl *cmap_acl_join(struct cmap_acl *acl, struct cmap_acl *more);

/**
 * cmap_acl_equal() - whether two lists say the same
 * @a: a list
 * @b: a list
 *
 * Return: true if name and entries are equal; hit counters do not count.
 */
bool cmap_acl_equal(const struct cmap_acl *a, const struct cmap_acl *b);

/**
 * cmap_acl_inherit_hits() - take over the counters of equal entries
 * @acl: list that packets do not see yet
 * @old: list that it will replace
 */
void cmap_acl_inherit_hits(struct cmap_acl *acl, const struct cmap_acl *old);

void cmap_acl_get(struct cmap_acl *acl);
void cmap_acl_put(struct cmap_acl *acl);

#endif /* _CMAP_ACL_H */
