// SPDX-License-Identifier: GPL-2.0-only
/* From a transaction to the configuration in force. */

#include <linux/err.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "algs.h"
#include "commit.h"
#include "compile.h"
#include "config.h"
#include "dynamic.h"
#include "flow.h"
#include "flow_filter.h"
#include "host_pair.h"
#include "manual.h"
#include "net.h"
#include "nl_event.h"
#include "offload.h"
#include "plan.h"
#include "rules.h"
#include "stage.h"
#include "touch.h"

/**
 * struct cmap_commit_pair - an attachment before and after
 * @attach: attachment of the transaction, NULL if it is gone
 * @was: attachment in force, NULL if it is new
 * @dynamic: its entries of kind dynamic are made anew
 * @moved: its local end point is on another device
 */
struct cmap_commit_pair {
	struct cmap_attach		*attach;
	const struct cmap_attach	*was;
	bool				dynamic;
	bool				moved;
};

/**
 * struct cmap_commit_ctx - a commit under way
 * @cn: namespace
 * @cfg: configuration of the transaction
 * @old: configuration in force
 * @changes: what is not the same in both
 * @filters: filters of flows among it
 * @pair: attachments of both
 * @n_pair: how many
 * @dynamic: dynamic flows have been marked
 * @stats: counts
 * @extack: told what is wrong
 */
struct cmap_commit_ctx {
	struct cmap_net			*cn;
	struct cmap_config		*cfg;
	struct cmap_config		*old;
	struct cmap_changes		changes;
	struct cmap_flow_filters	filters;
	struct cmap_commit_pair		*pair;
	u32				n_pair;
	bool				dynamic;
	struct cmap_commit_stats	*stats;
	struct netlink_ext_ack		*extack;
};

/*
 * Objects that say the same as those in force become those in force, where the
 * transaction entered them. So what is another object from here on says something
 * else, but for what was entered and another container holds by now.
 */
static void cmap_commit_reuse_acls(struct cmap_commit_ctx *ctx)
{
	struct cmap_names_diff diff;
	struct cmap_acl *acl;
	void *was, *now;

	cmap_names_diff_start(&diff, &ctx->old->acls, &ctx->cfg->acls);
	while (cmap_names_diff_next(&diff, &was, &now)) {
		if (!was || !now || !cmap_acl_equal(was, now))
			continue;
		acl = was;
		cmap_acl_get(acl);
		if (!cmap_names_reuse(&ctx->cfg->acls, acl->name, acl->family,
				      acl))
			cmap_acl_put(acl);
	}
}

static void cmap_commit_reuse_tsets(struct cmap_commit_ctx *ctx)
{
	struct cmap_names_diff diff;
	struct cmap_tset *tset;
	void *was, *now;

	cmap_names_diff_start(&diff, &ctx->old->tsets, &ctx->cfg->tsets);
	while (cmap_names_diff_next(&diff, &was, &now)) {
		if (!was || !now || !cmap_tset_equal(was, now))
			continue;
		tset = was;
		cmap_tset_get(tset);
		if (!cmap_names_reuse(&ctx->cfg->tsets, tset->name, AF_UNSPEC,
				      tset))
			cmap_tset_put(tset);
	}
}

static void cmap_commit_reuse_map(struct cmap_map *map,
				  const struct cmap_map *old_map)
{
	struct cmap_names_diff diff;
	struct cmap_entry *entry;
	void *was, *now;

	cmap_names_diff_start(&diff, &old_map->entries, &map->entries);
	while (cmap_names_diff_next(&diff, &was, &now)) {
		if (!was || !now || !cmap_entry_equal(was, now))
			continue;
		entry = was;
		cmap_entry_get(entry);
		if (!cmap_map_reuse_entry(map, entry))
			cmap_entry_put(entry);
	}
}

static void cmap_commit_reuse_entries(struct cmap_commit_ctx *ctx)
{
	struct cmap_names_diff diff;
	void *was, *now;

	cmap_names_diff_start(&diff, &ctx->old->maps, &ctx->cfg->maps);
	while (cmap_names_diff_next(&diff, &was, &now))
		if (was && now)
			cmap_commit_reuse_map(now, was);
}

static int cmap_commit_check_manual(struct cmap_commit_ctx *ctx,
				    const struct cmap_entry *entry)
{
	const struct cmap_tset *tset;
	int dir, err;

	/* incomplete: kept, and inert */
	if (!entry->n_peer || !entry->n_tset || !entry->more->manual)
		return 0;
	if (entry->n_peer != 1 || entry->n_tset != 1) {
		NL_SET_ERR_MSG_FMT(ctx->extack,
				   "crypto map '%.20s' %u: manual takes only one %s",
				   entry->map, entry->seq,
				   entry->n_peer != 1 ? "peer" :
							"transform set");
		return -EINVAL;
	}
	tset = cmap_tset_find(ctx->cfg, cmap_entry_tset(entry, 0));
	for (dir = 0; dir < CMAP_DIRS; dir++) {
		const struct cmap_manual_key *key = &entry->more->manual[dir];

		err = cmap_algs_check_keys(tset->cipher, tset->key_bits,
					   tset->auth, key->enc_len,
					   key->auth_len, ctx->extack);
		if (err)
			return err;
	}
	return 0;
}

static int cmap_commit_check_entry(struct cmap_commit_ctx *ctx,
				   const struct cmap_entry *entry)
{
	int i;

	for (i = 0; i < entry->n_tset; i++) {
		if (cmap_tset_find(ctx->cfg, cmap_entry_tset(entry, i)))
			continue;
		NL_SET_ERR_MSG_FMT(ctx->extack,
				   "crypto map '%.18s' %u: no transform set '%.18s'",
				   entry->map, entry->seq, cmap_entry_tset(entry, i));
		return -ENOENT;
	}
	if (entry->kind == CRYPTO_MAP_ENTRY_KIND_MANUAL)
		return cmap_commit_check_manual(ctx, entry);
	return 0;
}

/* What an entry says by itself, and that its transform sets exist. */
static int cmap_commit_check_map(struct cmap_commit_ctx *ctx,
				 const struct cmap_names *old_entries,
				 const struct cmap_map *map)
{
	struct cmap_names_diff diff;
	void *was, *now;
	int err = 0;

	cmap_names_diff_start(&diff, old_entries, &map->entries);
	while (!err && cmap_names_diff_next(&diff, &was, &now))
		if (now)
			err = cmap_commit_check_entry(ctx, now);
	return err;
}

static int cmap_commit_check_entries(struct cmap_commit_ctx *ctx)
{
	static const struct cmap_names none;
	const struct cmap_map *old_map;
	struct cmap_names_diff diff;
	void *was, *now;
	int err = 0;

	/* with other transform sets no entry is as it was checked before */
	cmap_names_diff_start(&diff,
			      ctx->changes.tsets ? &none : &ctx->old->maps,
			      &ctx->cfg->maps);
	while (!err && cmap_names_diff_next(&diff, &was, &now)) {
		old_map = was;
		if (now)
			err = cmap_commit_check_map(ctx, old_map ?
						    &old_map->entries : &none,
						    now);
	}
	return err;
}

/* Attachments are the configuration's. */
static const char *cmap_commit_attach_key(const void *obj, u32 *num)
{
	const struct cmap_attach *attach = obj;

	*num = attach->family;
	return attach->ifname;
}

static void cmap_commit_attach_get(void *obj)
{
}

static void cmap_commit_attach_put(void *obj)
{
}

static const struct cmap_names_ops cmap_commit_attach_ops = {
	.key = cmap_commit_attach_key,
	.get = cmap_commit_attach_get,
	.put = cmap_commit_attach_put,
};

static int cmap_commit_check_attach(struct cmap_commit_ctx *ctx,
				    struct cmap_attach *attach,
				    struct cmap_names *taken)
{
	struct cmap_map *map = cmap_map_find(ctx->cfg, attach->map);
	const struct cmap_attach *other;

	if (!map) {
		NL_SET_ERR_MSG_FMT(ctx->extack,
				   "interface %s: crypto map '%.24s' does not exist",
				   attach->ifname, attach->map);
		return -ENOENT;
	}
	attach->family = map->family;
	cmap_attach_inherit(attach, &ctx->cfg->globals);
	strscpy(attach->local_dev, map->local_dev, sizeof(attach->local_dev));
	other = cmap_names_find(taken, attach->ifname, map->family);
	if (other) {
		NL_SET_ERR_MSG_FMT(ctx->extack,
				   "interface %s has crypto maps '%.18s' and '%.18s'",
				   attach->ifname, other->map, attach->map);
		return -EEXIST;
	}
	return cmap_names_set(taken, attach->ifname, map->family, attach);
}

static int cmap_commit_check_attaches(struct cmap_commit_ctx *ctx)
{
	struct cmap_names taken = { .ops = &cmap_commit_attach_ops };
	struct cmap_attach *attach;
	int err = 0;

	list_for_each_entry(attach, &ctx->cfg->attaches, list) {
		err = cmap_commit_check_attach(ctx, attach, &taken);
		if (err)
			break;
	}
	cmap_names_destroy(&taken);
	return err;
}

/* Attachments before and after. */
static int cmap_commit_pairs(struct cmap_commit_ctx *ctx)
{
	struct cmap_commit_pair *pair;
	struct cmap_attach *attach;

	pair = kvcalloc(ctx->cfg->n_attach + ctx->old->n_attach, sizeof(*pair),
			GFP_KERNEL_ACCOUNT);
	if (!pair)
		return -ENOMEM;
	ctx->pair = pair;
	list_for_each_entry(attach, &ctx->cfg->attaches, list) {
		pair->attach = attach;
		pair++->was = cmap_attach_find(ctx->old, attach->ifname,
					       attach->map);
	}
	list_for_each_entry(attach, &ctx->old->attaches, list)
		if (!cmap_attach_find(ctx->cfg, attach->ifname, attach->map))
			pair++->was = attach;
	ctx->n_pair = pair - ctx->pair;
	return 0;
}

static int cmap_commit_fill_dynamic(struct cmap_commit_ctx *ctx,
				    struct cmap_commit_pair *pair)
{
	if (!pair->dynamic) {
		pair->attach->dynamic = pair->was->dynamic;
		if (pair->attach->dynamic)
			cmap_dynamic_get(pair->attach->dynamic);
		return 0;
	}
	if (pair->was && pair->was->dynamic) {
		cmap_dynamic_leave(ctx->cn, pair->was);
		ctx->dynamic = true;
	}
	return pair->attach ?
	       cmap_dynamic_fill(ctx->cn, ctx->cfg, pair->attach,
				 &ctx->filters) : 0;
}

static int cmap_commit_fill_pair(struct cmap_commit_ctx *ctx,
				 struct cmap_compile *c,
				 struct cmap_commit_pair *pair)
{
	struct cmap_attach *attach = pair->attach;
	struct cmap_touch touch;
	int err;

	if (!attach) {
		cmap_compile_mark(pair->was->ruleset, NULL, CMAP_FLOW_STAYS,
				  CMAP_FLOW_LEAVES);
		pair->dynamic = true;
		return cmap_commit_fill_dynamic(ctx, pair);
	}
	err = cmap_touch_find(&touch, &ctx->changes, attach, pair->was);
	if (err)
		return err;
	err = cmap_compile_attach(c, attach, pair->was, &touch);
	kvfree(touch.place);
	if (err)
		return err;
	pair->dynamic = touch.dynamic;
	pair->moved = pair->was &&
		      strcmp(pair->was->local_dev, attach->local_dev);
	err = cmap_commit_fill_dynamic(ctx, pair);
	/* peers may negotiate ports at any time */
	attach->needs_whole = attach->dynamic ||
			      cmap_ruleset_needs_whole(attach->ruleset);
	return err;
}

static const struct cmap_ruleset *
cmap_commit_was(const struct cmap_commit_pair *pair)
{
	return pair->was ? pair->was->ruleset : NULL;
}

/* Whether an attachment has rules that it had not. */
static bool cmap_commit_has_new(const struct cmap_commit_pair *pair)
{
	return pair->attach && pair->attach->ruleset != cmap_commit_was(pair);
}

/* Whether the manual entries of an attachment can have their SAs. */
static int cmap_commit_check_spis(struct cmap_commit_ctx *ctx,
				  const struct cmap_commit_pair *pair)
{
	if (!cmap_commit_has_new(pair) && !pair->moved)
		return 0;
	return cmap_manual_check(ctx->cfg, pair->attach,
				 pair->moved ? NULL : cmap_commit_was(pair),
				 ctx->extack);
}

/* Return: SAs of manual entries that were removed or replaced. */
static unsigned int cmap_commit_sync_manual(struct cmap_commit_ctx *ctx,
					    const struct cmap_commit_pair *pair)
{
	bool all = pair->attach && (pair->moved || ctx->changes.tsets);

	if (!cmap_commit_has_new(pair) && !all)
		return 0;
	return cmap_manual_sync(ctx->cn, pair->attach,
				all ? NULL : cmap_commit_was(pair));
}

static int cmap_commit_fill(struct cmap_commit_ctx *ctx)
{
	struct cmap_compile c = {
		.cn = ctx->cn,
		.cfg = ctx->cfg,
		.filters = &ctx->filters,
		.extack = ctx->extack,
	};
	int err = 0;
	u32 i;

	for (i = 0; !err && i < ctx->n_pair; i++)
		err = cmap_commit_fill_pair(ctx, &c, &ctx->pair[i]);
	for (i = 0; !err && i < ctx->n_pair; i++)
		err = cmap_commit_check_spis(ctx, &ctx->pair[i]);
	ctx->stats->flows_added = c.flows_added;
	return err;
}

/* Flows as they were, no rules: the transaction as before the commit. */
static void cmap_commit_undo(struct cmap_commit_ctx *ctx)
{
	u32 i;

	for (i = 0; i < ctx->n_pair; i++) {
		const struct cmap_commit_pair *pair = &ctx->pair[i];

		if (pair->attach)
			cmap_compile_undo(pair->attach, pair->was);
		else
			cmap_compile_mark(pair->was->ruleset, NULL,
					  CMAP_FLOW_LEAVES, CMAP_FLOW_STAYS);
	}
	if (ctx->dynamic)
		cmap_dynamic_stay(ctx->cn);
	cmap_flow_filter_undo(&ctx->filters);
}

static void cmap_commit_inherit_hits(struct cmap_commit_ctx *ctx)
{
	struct cmap_names_diff diff;
	void *was, *now;

	cmap_names_diff_start(&diff, &ctx->old->acls, &ctx->cfg->acls);
	while (cmap_names_diff_next(&diff, &was, &now))
		if (was && now)
			cmap_acl_inherit_hits(now, was);
}

/*
 * Point the flows of new rules at the entry and ACE that they stand for. Backwards
 * within an entry, so that of several equal ACEs the first, which packets meet, is the
 * one that a flow shows.
 */
static void cmap_commit_update_flows(struct cmap_commit_ctx *ctx,
				     const struct cmap_commit_pair *pair)
{
	struct cmap_map *map = cmap_map_find(ctx->cfg, pair->attach->map);
	struct cmap_ruleset_iter iter = {};
	const struct cmap_rule *rule;
	struct cmap_entry *entry;
	u32 n;

	while ((rule = cmap_ruleset_next(pair->attach->ruleset,
					 cmap_commit_was(pair), &iter, &n))) {
		/* the flows of templates are not here */
		if (rule->place & U16_MAX)
			continue;
		entry = cmap_map_entry(map, rule->place >> 16);
		while (n--) {
			struct cmap_flow *flow = rule[n].flow;

			if (!flow)
				continue;
			if (flow->phase == CMAP_FLOW_NEW)
				flow->phase = CMAP_FLOW_STAYS;
			else
				ctx->stats->sas_removed +=
					cmap_flow_update(flow, entry,
							 rule[n].acl,
							 rule[n].ace);
		}
		cond_resched();
	}
}

/* The flows of rules that are gone, unless new rules have them. */
static void cmap_commit_remove_flows(struct cmap_commit_ctx *ctx,
				     const struct cmap_commit_pair *pair)
{
	struct cmap_ruleset_iter iter = {};
	const struct cmap_rule *rule;
	u32 n;

	while ((rule = cmap_ruleset_next(pair->was->ruleset,
					 pair->attach ? pair->attach->ruleset :
							NULL, &iter, &n))) {
		while (n--) {
			struct cmap_flow *flow = rule[n].flow;

			if (!flow || flow->phase != CMAP_FLOW_LEAVES ||
			    flow->removed)
				continue;
			/* the old rules still refer to it */
			ctx->stats->flows_removed++;
			if (flow->kind == CMAP_FLOW_PER_HOST)
				ctx->stats->flows_removed +=
					cmap_host_pair_count(flow);
			ctx->stats->sas_removed += cmap_flow_remove(flow);
		}
		cond_resched();
	}
}

/* Bring the flows of an attachment in line with what was published. */
static void cmap_commit_settle(struct cmap_commit_ctx *ctx,
			       const struct cmap_commit_pair *pair)
{
	if (cmap_commit_has_new(pair)) {
		cmap_commit_update_flows(ctx, pair);
		cmap_host_pair_settle(ctx->cn, pair->attach, ctx->stats);
	}
	if (pair->was && (!pair->attach || cmap_commit_has_new(pair)))
		cmap_commit_remove_flows(ctx, pair);
}

/* Tell all flows how long their SAs may be idle, if they have another time now. */
static void cmap_commit_settle_idle(const struct cmap_commit_ctx *ctx)
{
	struct cmap_flow *flow;
	unsigned long id;

	if (ctx->cfg->globals.idle_seconds == ctx->old->globals.idle_seconds)
		return;
	xa_for_each(&ctx->cn->flows, id, flow) {
		cmap_flow_set_idle(flow);
		cond_resched();
	}
}

/* Whether an interface gets a map that had none of this family. */
static bool cmap_commit_attaches_more(const struct cmap_commit_ctx *ctx)
{
	const struct cmap_attach *attach, *was;
	bool found;

	list_for_each_entry(attach, &ctx->cfg->attaches, list) {
		found = false;
		list_for_each_entry(was, &ctx->old->attaches, list)
			found = found || (was->family == attach->family &&
					  !strcmp(was->ifname, attach->ifname));
		if (!found)
			return true;
	}
	return false;
}

/* The point of no return: nothing here can fail. */
static void cmap_commit_publish(struct cmap_commit_ctx *ctx)
{
	struct cmap_config *cfg = ctx->cfg;
	struct cmap_net *cn = ctx->cn;
	u32 i;

	cmap_commit_inherit_hits(ctx);
	cmap_attach_bind_all(cn, cfg);
	for (i = 0; i < ctx->n_pair; i++)
		if (ctx->pair[i].attach && ctx->pair[i].was)
			ctx->pair[i].attach->past = ctx->pair[i].was->past;
	/* flows have its filters already, see cmap_flow_permits() */
	rcu_assign_pointer(cn->config, cfg);
	cmap_flow_filter_settle(&ctx->filters);
	if (cmap_commit_attaches_more(ctx))
		cmap_offload_end(cn);

	for (i = 0; i < ctx->n_pair; i++)
		cmap_commit_settle(ctx, &ctx->pair[i]);
	if (ctx->dynamic)
		ctx->stats->flows_removed +=
			cmap_dynamic_remove(cn, &ctx->stats->sas_removed);
	cmap_commit_settle_idle(ctx);
	cmap_hooks_settle(cn, cfg);
	if (cn->manual_failed) {
		cn->manual_failed = false;
		queue_work(cmap_wq, &cn->manual_work);
	}
	for (i = 0; i < ctx->n_pair; i++)
		if (cmap_commit_has_new(&ctx->pair[i]))
			ctx->stats->sas_removed +=
				cmap_manual_leave(cn, ctx->pair[i].attach,
						  cmap_commit_was(&ctx->pair[i]));
	for (i = 0; i < ctx->n_pair; i++)
		ctx->stats->sas_removed +=
			cmap_commit_sync_manual(ctx, &ctx->pair[i]);
	cmap_nl_config_ntf(cn, cfg->generation);
	cmap_config_destroy_rcu(ctx->old);
}

static int cmap_commit_prepare(struct cmap_commit_ctx *ctx)
{
	int err;

	cmap_commit_reuse_acls(ctx);
	cmap_commit_reuse_tsets(ctx);
	cmap_commit_reuse_entries(ctx);
	cmap_changes_find(&ctx->changes, ctx->old, ctx->cfg);

	err = cmap_commit_check_attaches(ctx);
	if (!err)
		err = cmap_commit_check_entries(ctx);
	if (!err)
		err = cmap_commit_pairs(ctx);
	if (!err)
		err = cmap_commit_fill(ctx);
	return err;
}

int cmap_commit(struct cmap_net *cn, struct cmap_stage *stage, bool dry_run,
		struct cmap_commit_stats *stats, struct netlink_ext_ack *extack)
{
	struct cmap_commit_ctx ctx = {
		.cn = cn,
		.cfg = stage->config,
		.old = cmap_config_of(cn),
		.stats = stats,
		.extack = extack,
	};
	u32 flows = cn->n_flows;
	int err;

	lockdep_assert_held(&cn->lock);

	ctx.cfg->generation = ctx.old->generation + 1;
	ctx.filters.generation = ctx.cfg->generation;
	memset(stats, 0, sizeof(*stats));
	stats->generation = ctx.cfg->generation;

	err = cmap_commit_prepare(&ctx);
	if (!err && dry_run)
		err = cmap_plan_make(cn, stage, stats);
	else if (!err)
		err = cmap_hooks_prepare(cn, ctx.cfg);
	if (err || dry_run) {
		cmap_hooks_settle(cn, ctx.old);
		cmap_commit_undo(&ctx);
	} else {
		cmap_commit_publish(&ctx);
		stage->config = NULL;
	}
	stats->flows_kept = flows - stats->flows_removed;
	kvfree(ctx.pair);
	return err;
}
