// SPDX-License-Identifier: GPL-2.0-only
/* What a transaction touches of an attachment. */

#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "config.h"
#include "rules.h"
#include "touch.h"

/* An entry may be touched itself, by its access list and by its filters. */
#define CMAP_TOUCH_TIMES	4

void cmap_changes_find(struct cmap_changes *changes,
		       const struct cmap_config *old,
		       const struct cmap_config *cfg)
{
	struct cmap_names_diff diff;
	const struct cmap_map *map;
	void *was, *now;

	*changes = (struct cmap_changes) { .old = old, .cfg = cfg };
	cmap_names_diff_start(&diff, &old->tsets, &cfg->tsets);
	while (cmap_names_diff_next(&diff, &was, &now))
		changes->tsets |= !!was;
	cmap_names_diff_start(&diff, &old->maps, &cfg->maps);
	while (cmap_names_diff_next(&diff, &was, &now)) {
		map = now ?: was;
		changes->dynamics |= map->dynamic;
	}
}

/**
 * struct cmap_touch_ctx - a search under way
 * @touch: result
 * @room: places that there is room for in it
 * @changes: transaction
 * @map: crypto map
 * @old_map: the same one in the configuration in force
 * @was: rule set in force
 */
struct cmap_touch_ctx {
	struct cmap_touch		*touch;
	u32				room;
	const struct cmap_changes	*changes;
	const struct cmap_map		*map;
	const struct cmap_map		*old_map;
	const struct cmap_ruleset	*was;
};

static void cmap_touch_dynamic(struct cmap_touch *touch)
{
	touch->all = true;
	touch->dynamic = true;
}

static void cmap_touch_place(struct cmap_touch_ctx *ctx, u32 place)
{
	struct cmap_touch *touch = ctx->touch;

	/* of a template */
	if (place & U16_MAX)
		cmap_touch_dynamic(touch);
	else if (touch->n == ctx->room)
		touch->all = true;
	else
		touch->place[touch->n++] = place;
}

static void cmap_touch_entries(struct cmap_touch_ctx *ctx)
{
	const struct cmap_entry *entry[2];
	struct cmap_names_diff diff;
	void *was, *now;
	int i;

	cmap_names_diff_start(&diff, &ctx->old_map->entries,
			      &ctx->map->entries);
	while (!ctx->touch->dynamic &&
	       cmap_names_diff_next(&diff, &was, &now)) {
		entry[0] = was ?: now;
		entry[1] = now ?: was;
		for (i = 0; i < 2; i++)
			if (entry[i]->kind == CRYPTO_MAP_ENTRY_KIND_DYNAMIC)
				cmap_touch_dynamic(ctx->touch);
		cmap_touch_place(ctx, (u32)entry[0]->seq << 16);
	}
}

static void cmap_touch_users(struct cmap_touch_ctx *ctx,
			     const struct cmap_rules *rules, u32 key)
{
	const struct cmap_use *use;

	for (use = cmap_rules_users(rules, key); use;
	     use = cmap_rules_users_next(rules, use))
		cmap_touch_place(ctx, use->place);
}

static void cmap_touch_lists(struct cmap_touch_ctx *ctx)
{
	const struct cmap_acl *acl;
	struct cmap_names_diff diff;
	void *was, *now;
	u32 key;

	cmap_names_diff_start(&diff, &ctx->changes->old->acls,
			      &ctx->changes->cfg->acls);
	while (!ctx->touch->dynamic &&
	       cmap_names_diff_next(&diff, &was, &now)) {
		acl = now ?: was;
		key = cmap_use_list(acl->name);
		cmap_touch_users(ctx, ctx->was->base, key);
		cmap_touch_users(ctx, ctx->was->delta, key);
		cond_resched();
	}
}

static void cmap_touch_sort(struct cmap_touch *touch)
{
	u32 i, n = 0;

	sort(touch->place, touch->n, sizeof(u32), cmap_place_cmp, NULL);
	for (i = 0; i < touch->n; i++)
		if (!n || touch->place[n - 1] != touch->place[i])
			touch->place[n++] = touch->place[i];
	touch->n = n;
}

int cmap_touch_find(struct cmap_touch *touch,
		    const struct cmap_changes *changes,
		    const struct cmap_attach *attach,
		    const struct cmap_attach *was)
{
	struct cmap_touch_ctx ctx = { .touch = touch, .changes = changes };

	memset(touch, 0, sizeof(*touch));
	ctx.map = cmap_map_find(changes->cfg, attach->map);
	if (!was || attach->family != was->family ||
	    (changes->dynamics && ctx.map->n_dynamic)) {
		cmap_touch_dynamic(touch);
		return 0;
	}
	ctx.old_map = cmap_map_find(changes->old, attach->map);
	ctx.was = was->ruleset;
	ctx.room = CMAP_TOUCH_TIMES * cmap_ruleset_room(ctx.was);
	touch->place = kvmalloc_array(ctx.room, sizeof(u32), GFP_KERNEL_ACCOUNT);
	if (!touch->place)
		return -ENOMEM;
	cmap_touch_entries(&ctx);
	cmap_touch_lists(&ctx);
	cmap_touch_sort(touch);
	return 0;
}
