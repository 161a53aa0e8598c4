// SPDX-License-Identifier: GPL-2.0-only
/* Transform sets. */

#include <linux/slab.h>
#include <linux/string.h>

#include "tset.h"

/**
 * cmap_tset_equal() - whether two transform sets say the same
 * @a: a transform set
 * @b: a transform set
 */
bool cmap_tset_equal(const struct cmap_tset *a, const struct cmap_tset *b)
{
	return !strcmp(a->name, b->name) && a->cipher == b->cipher &&
	       a->key_bits == b->key_bits && a->icv_bytes == b->icv_bytes &&
	       a->auth == b->auth && a->mode == b->mode &&
	       a->require == b->require && a->esn == b->esn;
}

/**
 * cmap_tset_get() - take a reference
 * @tset: transform set
 */
void cmap_tset_get(struct cmap_tset *tset)
{
	refcount_inc(&tset->refs);
}

/**
 * cmap_tset_put() - give a reference back
 * @tset: transform set, freed with the last one
 */
void cmap_tset_put(struct cmap_tset *tset)
{
	if (refcount_dec_and_test(&tset->refs))
		kfree(tset);
}
