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
#include "config.h"
#include "dynamic.h"
#include "flow.h"
#include "manual.h"
#include "net.h"
#include "nl_event.h"
#include "offload.h"
#include "plan.h"
#include "stage.h"

/**
 * struct cmap_commit_ctx - a commit under way
 * @cn: namespace
 * @cfg: configuration of the transaction
 * @old: configuration in force
 * @stats: counts
 * @n_rule: rules of all attachments
 * @extack: told what is wrong
 */
struct cmap_commit_ctx {
	struct cmap_net			*cn;
	struct cmap_config		*cfg;
	struct cmap_config		*old;
	struct cmap_commit_stats	*stats;
	u32				n_rule;
	struct netlink_ext_ack		*extack;
};

/*
 * Objects that say the same as those in force become those in force. What this
 * transaction entered is replaced without allocating, also during the walk.
 */
static void cmap_commit_reuse_acls(struct cmap_commit_ctx *ctx)
{
	struct cmap_names_iter iter;
	struct cmap_acl *acl, *was;

	for (acl = cmap_names_first(&ctx->cfg->acls, &iter); acl;
	     acl = cmap_names_next(&iter)) {
		was = cmap_acl_find(ctx->old, acl->name, acl->family);
		if (!was || was == acl || !cmap_acl_equal(was, acl))
			continue;
		cmap_acl_get(was);
		cmap_names_set(&ctx->cfg->acls, was->name, was->family, was);
	}
}

static void cmap_commit_reuse_tsets(struct cmap_commit_ctx *ctx)
{
	struct cmap_tset *tset, *was;
	struct cmap_names_iter iter;

	for (tset = cmap_names_first(&ctx->cfg->tsets, &iter); tset;
	     tset = cmap_names_next(&iter)) {
		was = cmap_tset_find(ctx->old, tset->name);
		if (!was || was == tset || !cmap_tset_equal(was, tset))
			continue;
		cmap_tset_get(was);
		cmap_names_set(&ctx->cfg->tsets, was->name, AF_UNSPEC, was);
	}
}

static void cmap_commit_reuse_map(struct cmap_map *map,
				  const struct cmap_map *old_map)
{
	struct cmap_entry *entry, *was;
	struct cmap_names_iter iter;

	for (entry = cmap_names_first(&map->entries, &iter); entry;
	     entry = cmap_names_next(&iter)) {
		was = cmap_map_entry(old_map, entry->seq);
		if (!was || was == entry || !cmap_entry_equal(was, entry))
			continue;
		cmap_entry_get(was);
		cmap_map_set_entry(map, was);
	}
}

static void cmap_commit_reuse_entries(struct cmap_commit_ctx *ctx)
{
	const struct cmap_map *old_map;
	struct cmap_names_iter iter;
	struct cmap_map *map;

	for (map = cmap_names_first(&ctx->cfg->maps, &iter); map;
	     map = cmap_names_next(&iter)) {
		old_map = map->dynamic ?
			  cmap_dynamic_map_find(ctx->old, map->name) :
			  cmap_map_find(ctx->old, map->name);
		if (old_map && old_map != map)
			cmap_commit_reuse_map(map, old_map);
	}
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

static int cmap_commit_check_map(struct cmap_commit_ctx *ctx,
				 const struct cmap_map *map)
{
	struct cmap_names_iter iter;
	struct cmap_entry *entry;
	int err;

	for (entry = cmap_names_first(&map->entries, &iter); entry;
	     entry = cmap_names_next(&iter)) {
		err = cmap_commit_check_entry(ctx, entry);
		if (err)
			return err;
	}
	return 0;
}

static int cmap_commit_check_entries(struct cmap_commit_ctx *ctx)
{
	struct cmap_names_iter iter;
	struct cmap_map *map;
	int err;

	for (map = cmap_names_first(&ctx->cfg->maps, &iter); map;
	     map = cmap_names_next(&iter)) {
		err = cmap_commit_check_map(ctx, map);
		if (err)
			return err;
	}
	return 0;
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

/*
 * The flow of a permit ACE, with a reference for its rule. A new one is entered
 * into the tables at once so that an equal ACE finds it, with seen 0: packets
 * have no way to it before the configuration is published, netlink handlers
 * wait for cn->lock.
 */
static struct cmap_flow *cmap_commit_flow(struct cmap_commit_ctx *ctx,
					  const struct cmap_attach *attach,
					  struct cmap_entry *entry,
					  struct cmap_acl *acl,
					  struct cmap_ace *ace)
{
	struct cmap_match room;
	struct cmap_flow *flow;

	flow = cmap_flow_find(ctx->cn, attach->ifname, entry,
			      cmap_cond_get(&ace->cond, &room));
	if (!flow) {
		flow = cmap_flow_create(ctx->cn, attach, entry, acl, ace);
		if (!IS_ERR(flow)) {
			cmap_flow_publish(flow);
			ctx->stats->flows_added++;
		}
		return flow;
	}
	if (flow->seen && flow->seen != ctx->cfg->generation) {
		flow->seen = ctx->cfg->generation;
		ctx->stats->flows_kept++;
	}
	cmap_flow_get(flow);
	return flow;
}

/* Rules of one entry, from index @first on. */
static int cmap_commit_fill_entry(struct cmap_commit_ctx *ctx,
				  struct cmap_attach *attach,
				  struct cmap_entry *entry,
				  struct cmap_acl *acl, u32 first)
{
	struct cmap_globals inherited, settings;
	struct cmap_acl *filter[CMAP_DIRS];
	u32 i, at = first;
	int err;

	err = cmap_denies_make(acl);
	if (!err)
		err = cmap_config_make_filters(ctx->cfg, entry);
	if (err)
		return err;
	cmap_config_filters(ctx->cfg, entry, filter);
	cmap_attach_settings(attach, &ctx->cfg->globals, &inherited);
	cmap_entry_settings(entry, &inherited, &settings);
	for (i = 0; i < acl->n; i++) {
		struct cmap_ace *ace = &acl->ace[i];
		struct cmap_match room;
		struct cmap_rule *rule;

		if (ace->action == CRYPTO_MAP_ACE_ACTION_REMARK)
			continue;
		rule = &attach->rule[at++];
		rule->acl = acl;
		rule->ace = ace;
		rule->df_bit = settings.df_bit;
		rule->fragmentation = settings.fragmentation;
		rule->pre_classify = entry->pre_classify;
		rule->next = first + acl->n_rule;
		if (cmap_match_needs_whole(cmap_cond_get(&ace->cond, &room)))
			attach->needs_whole = true;
		if (ace->action == CRYPTO_MAP_ACE_ACTION_PERMIT &&
		    entry->kind != CRYPTO_MAP_ENTRY_KIND_TEMPLATE) {
			struct cmap_flow *flow;

			flow = cmap_commit_flow(ctx, attach, entry, acl, ace);
			if (IS_ERR(flow))
				return PTR_ERR(flow);
			rule->flow = flow;
			err = cmap_flow_prepare_filters(flow, filter);
			if (err)
				return err;
			/* before packets can reach it */
			if (!flow->seen)
				cmap_flow_set_filters(flow, filter);
		}
	}
	cond_resched();
	return 0;
}

static int cmap_commit_fill_attach(struct cmap_commit_ctx *ctx,
				   struct cmap_attach *attach)
{
	struct cmap_map *map = cmap_map_find(ctx->cfg, attach->map);
	struct cmap_entry *entry;
	struct cmap_acl *acl;
	u64 cursor = 0;
	u32 n = 0;
	int err;

	while ((entry = cmap_config_next_rules(ctx->cfg, map, &cursor, &acl))) {
		n += acl->n_rule;
		if (n > CMAP_CONFIG_RULES_MAX - ctx->n_rule) {
			NL_SET_ERR_MSG_FMT(ctx->extack,
					   "crypto map '%.20s' %u: more than %u rules in all",
					   map->name, entry->seq,
					   CMAP_CONFIG_RULES_MAX);
			return -E2BIG;
		}
	}
	ctx->n_rule += n;
	if (!n)
		return 0;

	attach->rule = kvcalloc(n, sizeof(*attach->rule), GFP_KERNEL_ACCOUNT);
	if (!attach->rule)
		return -ENOMEM;
	attach->n_rule = n;
	n = 0;
	cursor = 0;
	while ((entry = cmap_config_next_rules(ctx->cfg, map, &cursor, &acl))) {
		err = cmap_commit_fill_entry(ctx, attach, entry, acl, n);
		if (err)
			return err;
		n += acl->n_rule;
	}
	return cmap_classify_index(attach->rule, attach->n_rule,
				   attach->family, &attach->index);
}

static int cmap_commit_fill(struct cmap_commit_ctx *ctx)
{
	struct cmap_attach *attach;
	u32 kept;
	int err;

	list_for_each_entry(attach, &ctx->cfg->attaches, list) {
		err = cmap_commit_fill_attach(ctx, attach);
		if (!err)
			err = cmap_dynamic_fill(ctx->cn, ctx->cfg, attach,
						&kept);
		if (err)
			return err;
		ctx->stats->flows_kept += kept;
	}
	return 0;
}

/* Flows as they were, no rules: the transaction as before the commit. */
static void cmap_commit_undo(struct cmap_commit_ctx *ctx)
{
	struct cmap_attach *attach;
	u32 i;

	cmap_dynamic_undo(ctx->cn, ctx->cfg->generation, ctx->old->generation);
	list_for_each_entry(attach, &ctx->cfg->attaches, list) {
		for (i = 0; i < attach->n_rule; i++) {
			struct cmap_flow *flow = attach->rule[i].flow;

			if (!flow)
				continue;
			if (flow->seen)
				flow->seen = ctx->old->generation;
			else if (!flow->removed)
				cmap_flow_remove(flow);
		}
		cmap_attach_clear_rules(attach);
	}
}

static void cmap_commit_inherit_hits(struct cmap_commit_ctx *ctx)
{
	struct cmap_names_iter iter;
	struct cmap_acl *acl, *was;

	for (acl = cmap_names_first(&ctx->cfg->acls, &iter); acl;
	     acl = cmap_names_next(&iter)) {
		was = cmap_acl_find(ctx->old, acl->name, acl->family);
		if (was && was != acl)
			cmap_acl_inherit_hits(acl, was);
	}
}

/*
 * Point the flows of an attachment at the entry and ACE that they stand for, and
 * tell them how long their SAs may be idle. Backwards within an entry, so that of
 * several equal ACEs the first, which packets meet, is the one that a flow shows.
 */
static void cmap_commit_update_flows(struct cmap_commit_ctx *ctx,
				     const struct cmap_attach *attach)
{
	struct cmap_map *map = cmap_map_find(ctx->cfg, attach->map);
	struct cmap_acl *filter[CMAP_DIRS];
	struct cmap_globals settings;
	struct cmap_entry *entry;
	struct cmap_acl *acl;
	u32 first = 0, i;
	u64 cursor = 0;

	while ((entry = cmap_config_next_rules(ctx->cfg, map, &cursor, &acl))) {
		cmap_entry_settings(entry, &ctx->cfg->globals, &settings);
		cmap_config_filters(ctx->cfg, entry, filter);
		for (i = first + acl->n_rule; i-- > first;) {
			struct cmap_rule *rule = &attach->rule[i];

			if (!rule->flow)
				continue;
			if (rule->flow->seen)
				ctx->stats->sas_removed +=
					cmap_flow_update(rule->flow, entry,
							 acl, rule->ace);
			else
				rule->flow->seen = ctx->cfg->generation;
			cmap_flow_set_idle(rule->flow, settings.idle_seconds);
			cmap_flow_set_filters(rule->flow, filter);
		}
		first += acl->n_rule;
		cond_resched();
	}
}

static void cmap_commit_remove_flows(struct cmap_commit_ctx *ctx)
{
	struct cmap_flow *flow;
	unsigned long id;

	xa_for_each(&ctx->cn->flows, id, flow) {
		if (flow->seen == ctx->cfg->generation)
			continue;
		/* the rules of the old configuration still refer to it */
		ctx->stats->flows_removed++;
		ctx->stats->sas_removed += cmap_flow_remove(flow);
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
	struct cmap_attach *attach;

	cmap_commit_inherit_hits(ctx);
	cmap_attach_bind_all(cn, cfg);
	rcu_assign_pointer(cn->config, cfg);
	if (cmap_commit_attaches_more(ctx))
		cmap_offload_end(cn);

	list_for_each_entry(attach, &cfg->attaches, list) {
		cmap_commit_update_flows(ctx, attach);
		cmap_dynamic_update(cfg, attach);
	}
	cmap_commit_remove_flows(ctx);
	cmap_hooks_settle(cn, cfg);
	ctx->stats->sas_removed += cmap_manual_sync(cn);
	cmap_nl_config_ntf(cn, cfg->generation);
	cmap_config_destroy_rcu(ctx->old);
}

static int cmap_commit_prepare(struct cmap_commit_ctx *ctx)
{
	int err;

	cmap_commit_reuse_acls(ctx);
	cmap_commit_reuse_tsets(ctx);
	cmap_commit_reuse_entries(ctx);

	err = cmap_commit_check_attaches(ctx);
	if (!err)
		err = cmap_commit_check_entries(ctx);
	if (!err)
		err = cmap_manual_check(ctx->cfg, ctx->extack);
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
	int err;

	lockdep_assert_held(&cn->lock);

	/* 0 is the configuration at first, and marks a new flow */
	ctx.cfg->generation = ctx.old->generation + 1 ?: 1;
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
		return err;
	}
	cmap_commit_publish(&ctx);
	stage->config = NULL;
	return 0;
}
