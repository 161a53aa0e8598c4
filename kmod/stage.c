// SPDX-License-Identifier: GPL-2.0-only
/* Transactions. */

#include <linux/err.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/slab.h>

#include "commit.h"
#include "config.h"
#include "net.h"
#include "plan.h"
#include "stage.h"

static struct cmap_stage *cmap_stage_lookup(struct cmap_net *cn, u32 portid)
{
	struct cmap_stage *stage;

	lockdep_assert_held(&cn->lock);

	list_for_each_entry(stage, &cn->stages, list)
		if (stage->portid == portid)
			return stage;
	return NULL;
}

void cmap_stage_end(struct cmap_stage *stage)
{
	list_del(&stage->list);
	kvfree(stage->plan);
	if (stage->config)
		cmap_config_destroy(stage->config);
	kfree(stage);
}

static bool cmap_stage_room(struct cmap_net *cn)
{
	struct cmap_stage *stage;
	unsigned int n = 0;

	list_for_each_entry(stage, &cn->stages, list)
		n++;
	return n < CMAP_STAGES_MAX;
}

int cmap_stage_begin(struct cmap_net *cn, u32 portid, bool replace,
		     bool fallback, struct netlink_ext_ack *extack)
{
	struct cmap_stage *stage = cmap_stage_lookup(cn, portid);
	const struct cmap_config *now = cmap_config_of(cn);

	if (stage)
		cmap_stage_end(stage);
	if (!cmap_stage_room(cn)) {
		NL_SET_ERR_MSG_FMT(extack, "more than %u transactions at a time",
				   CMAP_STAGES_MAX);
		return -EBUSY;
	}
	stage = kzalloc(sizeof(*stage), GFP_KERNEL_ACCOUNT);
	if (!stage)
		return -ENOMEM;
	stage->config = replace ? cmap_config_create() : cmap_config_copy(now);
	if (!stage->config) {
		kfree(stage);
		return -ENOMEM;
	}
	stage->portid = portid;
	stage->replace = replace;
	stage->fallback = fallback;
	stage->base = now->generation;
	list_add(&stage->list, &cn->stages);
	return 0;
}

struct cmap_stage *cmap_stage_find(struct cmap_net *cn, u32 portid,
				   struct netlink_ext_ack *extack)
{
	struct cmap_stage *stage = cmap_stage_lookup(cn, portid);

	if (!stage) {
		NL_SET_ERR_MSG(extack,
			       "no transaction on this socket, begin one first");
		return ERR_PTR(-EINVAL);
	}
	kvfree(stage->plan);
	stage->plan = NULL;
	return stage;
}

struct cmap_stage *cmap_stage_planned(struct cmap_net *cn, u32 portid,
				      struct netlink_ext_ack *extack)
{
	struct cmap_stage *stage = cmap_stage_lookup(cn, portid);

	if (!stage || !stage->plan) {
		NL_SET_ERR_MSG(extack,
			       "no transaction that was tried and not changed since");
		return ERR_PTR(-EINVAL);
	}
	if (stage->plan->generation != cmap_config_of(cn)->generation) {
		NL_SET_ERR_MSG(extack,
			       "another transaction was committed since this one was tried");
		return ERR_PTR(-ESTALE);
	}
	return stage;
}

/* Whoever was to decide about the configuration in force is gone. */
static void cmap_stage_fall_back(struct cmap_net *cn, struct cmap_stage *stage)
{
	struct cmap_commit_stats stats;
	int err;

	err = cmap_commit(cn, stage, false, &stats, NULL);
	if (err)
		net_warn_ratelimited("crypto_map: no fallback to the configuration of before: error %d\n",
				     err);
}

void cmap_stage_release(struct cmap_net *cn, u32 portid)
{
	struct cmap_stage *stage;

	mutex_lock(&cn->lock);
	stage = cmap_stage_lookup(cn, portid);
	if (stage && stage->fallback)
		cmap_stage_fall_back(cn, stage);
	if (stage)
		cmap_stage_end(stage);
	mutex_unlock(&cn->lock);
}

void cmap_stage_release_all(struct cmap_net *cn)
{
	struct cmap_stage *stage, *next;

	lockdep_assert_held(&cn->lock);

	list_for_each_entry_safe(stage, next, &cn->stages, list)
		cmap_stage_end(stage);
}
