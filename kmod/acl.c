// SPDX-License-Identifier: GPL-2.0-only
/* Access lists. */

#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "acl.h"
#include "classify.h"
#include "index.h"

struct cmap_acl *cmap_acl_create(const char *name, u16 family, u32 room)
{
	size_t size = strlen(name) + 1;
	struct cmap_acl *acl;

	acl = kvzalloc(size_add(struct_size(acl, ace, room), size),
		       GFP_KERNEL_ACCOUNT);
	if (!acl)
		return NULL;
	refcount_set(&acl->refs, 1);
	acl->name = memcpy(&acl->ace[room], name, size);
	acl->family = family;
	acl->room = room;
	return acl;
}

struct cmap_acl *cmap_acl_permit(const struct cmap_match *match)
{
	struct cmap_acl *acl = cmap_acl_create("", match->family, 1);

	if (!acl)
		return NULL;
	if (cmap_cond_set(&acl->ace[0].cond, match)) {
		cmap_acl_put(acl);
		return NULL;
	}
	acl->ace[0].action = CRYPTO_MAP_ACE_ACTION_PERMIT;
	acl->n = 1;
	acl->n_rule = 1;
	return acl;
}

/* Copy what an entry owns. */
static int cmap_ace_copy(struct cmap_ace *ace, const struct cmap_ace *from)
{
	struct cmap_match room;

	if (from->action == CRYPTO_MAP_ACE_ACTION_REMARK) {
		ace->remark = kstrdup(from->remark, GFP_KERNEL_ACCOUNT);
		return ace->remark ? 0 : -ENOMEM;
	}
	if (from->groups) {
		ace->groups = kmemdup(from->groups, sizeof(*from->groups),
				      GFP_KERNEL_ACCOUNT);
		if (!ace->groups)
			return -ENOMEM;
	}
	return cmap_cond_set(&ace->cond, cmap_cond_get(&from->cond, &room));
}

struct cmap_acl *cmap_acl_copy(const struct cmap_acl *acl)
{
	struct cmap_acl *copy = cmap_acl_create(acl->name, acl->family, acl->n);
	u32 i;

	if (!copy)
		return NULL;
	for (i = 0; i < acl->n; i++) {
		const struct cmap_ace *from = &acl->ace[i];
		struct cmap_ace *ace = &copy->ace[i];

		ace->seq = from->seq;
		ace->action = from->action;
		ace->part = from->part;
		copy->n++;
		if (cmap_ace_copy(ace, from)) {
			cmap_acl_put(copy);
			return NULL;
		}
	}
	copy->n_rule = acl->n_rule;
	copy->standard = acl->standard;
	return copy;
}

/* Entries move with what they own. */
static void cmap_acl_move(struct cmap_acl *to, struct cmap_acl *from)
{
	memcpy(&to->ace[to->n], from->ace, from->n * sizeof(*from->ace));
	to->n += from->n;
	to->n_rule += from->n_rule;
	from->n = 0;
	from->n_rule = 0;
}

struct cmap_acl *cmap_acl_join(struct cmap_acl *acl, struct cmap_acl *more)
{
	u32 need = acl->n + more->n;

	/* of a dry run, perhaps */
	cmap_denies_destroy(acl->denies);
	acl->denies = NULL;
	cmap_index_destroy(acl->filter);
	acl->filter = NULL;
	if (need > acl->room) {
		/* doubled, so that a list of many messages is not copied often */
		u32 room = max(need, min(2 * acl->room, CMAP_ACL_MAX));
		struct cmap_acl *grown;

		grown = cmap_acl_create(acl->name, acl->family, room);
		if (!grown)
			return NULL;
		grown->standard = acl->standard;
		cmap_acl_move(grown, acl);
		acl = grown;
	}
	cmap_acl_move(acl, more);
	return acl;
}

static bool cmap_ace_equal(const struct cmap_ace *a, const struct cmap_ace *b)
{
	struct cmap_match room_a, room_b;

	if (a->seq != b->seq || a->action != b->action || a->part != b->part)
		return false;
	if (a->action == CRYPTO_MAP_ACE_ACTION_REMARK)
		return !strcmp(a->remark, b->remark);
	if (!a->groups != !b->groups ||
	    (a->groups && memcmp(a->groups, b->groups, sizeof(*a->groups))))
		return false;
	return !memcmp(cmap_cond_get(&a->cond, &room_a),
		       cmap_cond_get(&b->cond, &room_b), sizeof(room_a));
}

bool cmap_acl_equal(const struct cmap_acl *a, const struct cmap_acl *b)
{
	u32 i;

	if (a->n != b->n || a->family != b->family ||
	    a->standard != b->standard || strcmp(a->name, b->name))
		return false;
	for (i = 0; i < a->n; i++)
		if (!cmap_ace_equal(&a->ace[i], &b->ace[i]))
			return false;
	return true;
}

void cmap_acl_inherit_hits(struct cmap_acl *acl, const struct cmap_acl *old)
{
	u32 i = 0, j = 0;

	while (i < acl->n && j < old->n) {
		struct cmap_ace *ace = &acl->ace[i];
		const struct cmap_ace *was = &old->ace[j];

		if (cmap_ace_equal(ace, was))
			atomic_long_set(&ace->hits,
					atomic_long_read(&was->hits));
		if (ace->seq <= was->seq)
			i++;
		if (was->seq <= ace->seq)
			j++;
	}
}

static void cmap_acl_free_rcu(struct rcu_head *rcu)
{
	struct cmap_acl *acl = container_of(rcu, struct cmap_acl, rcu);
	u32 i;

	for (i = 0; i < acl->n; i++) {
		kfree(acl->ace[i].remark);	/* or groups */
		cmap_cond_clear(&acl->ace[i].cond);
	}
	cmap_denies_destroy(acl->denies);
	cmap_index_destroy(acl->filter);
	kvfree(acl);
}

/**
 * cmap_acl_get() - take a reference
 * @acl: access list
 */
void cmap_acl_get(struct cmap_acl *acl)
{
	refcount_inc(&acl->refs);
}

/**
 * cmap_acl_put() - give a reference back
 * @acl: access list; freed with the last one, after a grace period
 */
void cmap_acl_put(struct cmap_acl *acl)
{
	if (refcount_dec_and_test(&acl->refs))
		call_rcu(&acl->rcu, cmap_acl_free_rcu);
}
