// SPDX-License-Identifier: GPL-2.0-only
/* What a commit would take away. */

#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/xarray.h>

#include "commit.h"
#include "config.h"
#include "flow.h"
#include "host_pair.h"
#include "manual.h"
#include "net.h"
#include "plan.h"
#include "sa.h"
#include "stage.h"

/* A flow with the configurations before and after, under cn->lock. */
struct cmap_plan_flow {
	const struct cmap_config	*old;
	const struct cmap_config	*cfg;
	struct cmap_flow		*flow;
	const struct cmap_entry		*entry;
};

static const struct cmap_entry *cmap_plan_entry(const struct cmap_flow *flow)
{
	return rcu_dereference_protected(flow->entry,
					 lockdep_is_held(&flow->cn->lock));
}

/* The entry of this name in another configuration, or NULL. */
static const struct cmap_entry *cmap_plan_next(const struct cmap_config *cfg,
					       const struct cmap_entry *entry)
{
	const struct cmap_map *map = cmap_map_find(cfg, entry->map);

	return map ? cmap_map_entry(map, entry->seq) : NULL;
}

/* Why a flow is not in the new configuration. */
static u32 cmap_plan_why_removed(const struct cmap_plan_flow *f)
{
	const struct cmap_entry *next = cmap_plan_next(f->cfg, f->entry);

	if (!cmap_attach_find(f->cfg, f->flow->ifname, f->entry->map))
		return CRYPTO_MAP_REMOVAL_DETACHED;
	if (!next)
		return CRYPTO_MAP_REMOVAL_ENTRY_GONE;
	if (!cmap_entry_complete(f->cfg, next))
		return CRYPTO_MAP_REMOVAL_ENTRY_INCOMPLETE;
	if (next->per_host != f->entry->per_host)
		return CRYPTO_MAP_REMOVAL_LEVEL_CHANGED;
	return CRYPTO_MAP_REMOVAL_ACE_GONE;
}

static bool cmap_plan_stays(const struct cmap_plan_flow *f)
{
	const struct cmap_attach *attach;

	if (f->flow->kind != CMAP_FLOW_HOST_PAIR)
		return f->flow->phase == CMAP_FLOW_STAYS;
	attach = cmap_attach_find(f->cfg, f->flow->ifname, f->entry->map);
	return attach && cmap_host_pair_stays(attach->ruleset, f->flow);
}

/* Why a flow that stays might lose SAs. */
static u32 cmap_plan_why_lost(const struct cmap_plan_flow *f)
{
	const struct cmap_entry *next = cmap_plan_next(f->cfg, f->entry);

	if (f->entry->kind != next->kind)
		return CRYPTO_MAP_REMOVAL_KEYS_CHANGED;
	if (next->kind != CRYPTO_MAP_ENTRY_KIND_MANUAL)
		return CRYPTO_MAP_REMOVAL_PEER_GONE;
	if (!cmap_manual_is_first(f->flow, next, f->cfg))
		return CRYPTO_MAP_REMOVAL_KEYS_MOVED;
	if (!cmap_entry_same_keys(f->entry, next) ||
	    !cmap_manual_keeps(f->flow, next, f->old, f->cfg))
		return CRYPTO_MAP_REMOVAL_KEYS_CHANGED;
	return CRYPTO_MAP_REMOVAL_PEER_GONE;
}

bool cmap_plan_takes(const struct cmap_config *cfg,
		     const struct cmap_loss *loss, const struct cmap_flow *flow,
		     const struct cmap_sa *sa)
{
	if (loss->why != CRYPTO_MAP_REMOVAL_PEER_GONE)
		return true;
	return !cmap_flow_keeps(flow, cmap_plan_next(cfg, cmap_plan_entry(flow)),
				sa);
}

/* Return: SAs that would go. */
static u32 cmap_plan_count(const struct cmap_plan_flow *f,
			   const struct cmap_loss *loss)
{
	const struct cmap_sa *sa;
	u32 n = 0;

	list_for_each_entry(sa, &f->flow->sas, flow_node)
		if (cmap_plan_takes(f->cfg, loss, f->flow, sa))
			n++;
	return n;
}

int cmap_plan_make(struct cmap_net *cn, struct cmap_stage *stage,
		   struct cmap_commit_stats *stats)
{
	struct cmap_plan_flow f = {
		.old = cmap_config_of(cn),
		.cfg = stage->config,
	};
	struct cmap_plan *plan;
	unsigned long id;

	lockdep_assert_held(&cn->lock);

	plan = kvmalloc(struct_size(plan, loss, cn->n_flows),
			GFP_KERNEL_ACCOUNT);
	if (!plan)
		return -ENOMEM;
	plan->generation = f.old->generation;
	plan->n = 0;
	xa_for_each(&cn->flows, id, f.flow) {
		struct cmap_loss *loss = &plan->loss[plan->n];
		bool stays;
		u32 sas;

		f.entry = cmap_plan_entry(f.flow);
		stays = cmap_plan_stays(&f);
		/* made by this dry run, or nothing to lose */
		if (f.flow->phase == CMAP_FLOW_NEW ||
		    (stays && list_empty(&f.flow->sas)))
			continue;
		/* nothing changes for a dynamic flow that stays */
		if (cmap_flow_is_dynamic(f.flow) && stays)
			continue;
		loss->flow = id;
		loss->why = stays ? cmap_plan_why_lost(&f) :
				    cmap_plan_why_removed(&f);
		sas = cmap_plan_count(&f, loss);
		if (cmap_plan_removes(loss))
			stats->flows_removed++;
		else if (!sas)
			continue;
		stats->sas_removed += sas;
		plan->n++;
		cond_resched();
	}
	stage->plan = plan;
	return 0;
}
