// SPDX-License-Identifier: GPL-2.0-only
/* First match of a packet over the entries of one access list. */

#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/types.h>

#include <uapi/linux/crypto_map.h>

#include "acl.h"
#include "filter.h"
#include "index.h"
#include "tuple.h"

int cmap_filter_make(struct cmap_acl *acl)
{
	struct cmap_index_item *item;
	struct cmap_match *room;
	u32 i, n = 0;

	if (acl->filter || !acl->n_rule)
		return 0;
	item = cmap_index_items(acl->n_rule, &room);
	if (!item)
		return -ENOMEM;
	for (i = 0; i < acl->n; i++) {
		const struct cmap_ace *ace = &acl->ace[i];
		const struct cmap_match *match;

		if (ace->action == CRYPTO_MAP_ACE_ACTION_REMARK)
			continue;
		match = cmap_cond_get(&ace->cond, &room[n]);
		item[n++] = (struct cmap_index_item) {
			.match = match,
			.id = i,
			.cost = 1,
			/* others pass what hides from a deny */
			.final = ace->action == CRYPTO_MAP_ACE_ACTION_PERMIT ||
				 !cmap_match_needs_whole(match),
		};
	}
	acl->filter = cmap_index_create(item, n, acl->family, NULL);
	kvfree(item);
	return acl->filter ? 0 : -ENOMEM;
}

static bool cmap_filter_decides(const struct cmap_ace *ace,
				const struct cmap_tuple *tuple)
{
	switch (cmap_cond_tuple(&ace->cond, tuple)) {
	case CMAP_MATCH_YES:
		return true;
	case CMAP_MATCH_UNKNOWN:
		return ace->action == CRYPTO_MAP_ACE_ACTION_PERMIT;
	case CMAP_MATCH_NO:
		break;
	}
	return false;
}

struct cmap_ace *cmap_filter_match(struct cmap_acl *acl,
				   const struct cmap_tuple *tuple)
{
	struct cmap_ace *best = NULL;
	struct cmap_index_walk walk;
	u32 at = CMAP_INDEX_ID_MAX;
	u32 i;

	cmap_index_start(&walk, acl->filter, tuple);
	while (cmap_index_next(&walk, at)) {
		for (i = 0; i < walk.n && walk.id[i] < at; i++) {
			if (!cmap_filter_decides(&acl->ace[walk.id[i]], tuple))
				continue;
			at = walk.id[i];
			best = &acl->ace[at];
		}
		if (walk.cut < at) {
			at = walk.cut;
			best = NULL;
		}
	}
	return best;
}
