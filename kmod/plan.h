/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_PLAN_H
#define _CMAP_PLAN_H

/*
 * What a commit would take away, as a dry run found it. A plan belongs to its
 * transaction and holds no references: it is of use while the configuration in
 * force is the same, and forgotten when the transaction changes.
 */

#include <linux/types.h>

#include <uapi/linux/crypto_map.h>

struct cmap_commit_stats;
struct cmap_config;
struct cmap_entry;
struct cmap_flow;
struct cmap_net;
struct cmap_sa;
struct cmap_stage;

/**
 * struct cmap_loss - a flow that would go, or lose SAs
 * @flow: its id
 * @why: enum crypto_map_removal
 */
struct cmap_loss {
	u32	flow;
	u32	why;
};

/**
 * struct cmap_plan - what a commit would take away
 * @generation: configuration in force that it was made for
 * @n: flows in @loss
 * @loss: in the order of their ids
 */
struct cmap_plan {
	u64			generation;
	u32			n;
	struct cmap_loss	loss[];
};

/**
 * cmap_plan_make() - note what a commit would take away, and count it
 * @cn: namespace
 * @stage: transaction, prepared; flows that it does not keep are CMAP_FLOW_LEAVES
 * @stats: removed flows and SAs are added
 *
 * Context: cn->lock, may sleep. Return: 0 or -ENOMEM.
 */
int cmap_plan_make(struct cmap_net *cn, struct cmap_stage *stage,
		   struct cmap_commit_stats *stats);

/**
 * cmap_plan_removes() - whether a flow would go, not only SAs of it
 * @loss: its loss
 */
static inline bool cmap_plan_removes(const struct cmap_loss *loss)
{
	return loss->why < CRYPTO_MAP_REMOVAL_PEER_GONE;
}

/**
 * cmap_plan_takes() - whether an SA would go
 * @cfg: configuration of the transaction
 * @loss: loss of its flow
 * @flow: its flow
 * @sa: SA
 *
 * Context: cn->lock.
 */
bool cmap_plan_takes(const struct cmap_config *cfg,
		     const struct cmap_loss *loss, const struct cmap_flow *flow,
		     const struct cmap_sa *sa);

#endif /* _CMAP_PLAN_H */
