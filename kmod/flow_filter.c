// SPDX-License-Identifier: GPL-2.0-only
/* The filters of flows, by generation. */

#include <linux/lockdep.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "acl.h"
#include "filter.h"
#include "flow.h"
#include "flow_filter.h"
#include "net.h"

/* Packets may be looking at it and at its lists. */
static void cmap_flow_filter_free(struct cmap_flow_filter *filter)
{
	int dir;

	if (!filter)
		return;
	for (dir = 0; dir < CMAP_DIRS; dir++)
		if (filter->acl[dir])
			cmap_acl_put(filter->acl[dir]);
	kfree_rcu(filter, rcu);
}

static struct cmap_flow_filter *cmap_flow_filter_of(const struct cmap_flow *flow)
{
	if (!flow->state)
		return NULL;
	return rcu_dereference_protected(flow->state->filter,
					 lockdep_is_held(&flow->cn->lock));
}

/* Whether a filter, or none, is of these lists. */
static bool cmap_flow_filter_is(const struct cmap_flow_filter *filter,
				struct cmap_acl *acl[CMAP_DIRS])
{
	int dir;

	for (dir = 0; dir < CMAP_DIRS; dir++)
		if (acl[dir] != (filter ? filter->acl[dir] : NULL))
			return false;
	return true;
}

int cmap_flow_filter_change(struct cmap_flow_filters *filters,
			    struct cmap_flow *flow,
			    struct cmap_acl *acl[CMAP_DIRS])
{
	struct cmap_flow_filter *before = cmap_flow_filter_of(flow), *filter;
	int dir;

	lockdep_assert_held(&flow->cn->lock);

	if (cmap_flow_filter_is(before, acl))
		return 0;
	if (!cmap_flow_state(flow, GFP_KERNEL_ACCOUNT))
		return -ENOMEM;
	filter = kzalloc(sizeof(*filter), GFP_KERNEL_ACCOUNT);
	if (!filter)
		return -ENOMEM;
	for (dir = 0; dir < CMAP_DIRS; dir++) {
		filter->acl[dir] = acl[dir];
		if (acl[dir])
			cmap_acl_get(acl[dir]);
	}
	if (flow->published) {
		filter->generation = filters->generation;
		filter->before = before;
		filter->flow = flow;
		filter->next = filters->first;
		filters->first = filter;
	}
	rcu_assign_pointer(flow->state->filter, filter);
	return 0;
}

void cmap_flow_filter_settle(struct cmap_flow_filters *filters)
{
	struct cmap_flow_filter *filter;

	for (filter = filters->first; filter; filter = filter->next) {
		cmap_flow_filter_free(filter->before);
		cond_resched();
	}
	filters->first = NULL;
}

void cmap_flow_filter_undo(struct cmap_flow_filters *filters)
{
	struct cmap_flow_filter *filter;

	while ((filter = filters->first)) {
		filters->first = filter->next;
		rcu_assign_pointer(filter->flow->state->filter, filter->before);
		cmap_flow_filter_free(filter);
		cond_resched();
	}
}

void cmap_flow_filter_end(struct cmap_flow_state *state)
{
	cmap_flow_filter_free(rcu_dereference_protected(state->filter, true));
}

static struct cmap_acl *
cmap_flow_filter_acl(const struct cmap_flow_state *state, u64 generation,
		     enum crypto_map_sa_dir dir)
{
	const struct cmap_flow_filter *filter = rcu_dereference(state->filter);

	while (filter && filter->generation > generation)
		filter = filter->before;
	return filter ? filter->acl[dir] : NULL;
}

bool cmap_flow_filter_match(const struct cmap_flow *flow, u64 generation,
			    enum crypto_map_sa_dir dir,
			    const struct cmap_tuple *tuple,
			    struct cmap_acl **acl, struct cmap_ace **ace)
{
	const struct cmap_flow_state *state;

	/*
	 * With a configuration come its filters: what cmap_commit_publish() released
	 * is not older than what was read of it.
	 */
	smp_rmb();
	state = READ_ONCE(cmap_flow_permit(flow)->state);
	*ace = NULL;
	*acl = state ? cmap_flow_filter_acl(state, generation, dir) : NULL;
	if (!*acl)
		return true;
	*ace = cmap_filter_match(*acl, tuple);
	return *ace && (*ace)->action == CRYPTO_MAP_ACE_ACTION_PERMIT;
}

bool cmap_flow_permits(const struct cmap_flow *flow, u64 generation,
		       enum crypto_map_sa_dir dir,
		       const struct cmap_tuple *tuple)
{
	struct cmap_acl *acl;
	struct cmap_ace *ace;
	bool permits;

	permits = cmap_flow_filter_match(flow, generation, dir, tuple, &acl,
					 &ace);
	if (ace)
		atomic_long_inc(&ace->hits);
	return permits;
}
