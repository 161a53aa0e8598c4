/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_COMMIT_H
#define _CMAP_COMMIT_H

#include <linux/types.h>

struct cmap_net;
struct cmap_stage;
struct netlink_ext_ack;

/**
 * struct cmap_commit_stats - what a commit did, or would do
 * @generation: the configuration made
 * @flows_kept: flows left alone
 * @flows_added: flows made
 * @flows_removed: flows removed
 * @sas_removed: SAs that went with them, or were removed from flows that stay
 */
struct cmap_commit_stats {
	u64	generation;
	u32	flows_kept;
	u32	flows_added;
	u32	flows_removed;
	u32	sas_removed;
};

/**
 * cmap_commit() - check a transaction and make it the configuration
 * @cn: namespace
 * @stage: transaction; on success its configuration belongs to @cn, unless
 *	@dry_run is set, and the caller ends the transaction
 * @dry_run: check, count and leave a plan in @stage, change nothing
 * @stats: result
 * @extack: told what is wrong
 *
 * Packets see all of the new configuration from one moment on. Objects that
 * say the same as before are the same, and flows that stay keep their SAs and
 * counters. When it fails nothing has changed, and the transaction can be
 * corrected and committed again.
 *
 * Context: cn->lock, may sleep.
 * Return: 0; -ENOENT when an object refers to one that does not exist; -EEXIST
 * when two crypto maps are on one interface; -EINVAL when an ipsec-manual entry
 * is not whole; -E2BIG when there are too many rules; -ENOSPC, -ENOMEM; or why
 * packet hooks could not be registered.
 */
int cmap_commit(struct cmap_net *cn, struct cmap_stage *stage, bool dry_run,
		struct cmap_commit_stats *stats,
		struct netlink_ext_ack *extack);

#endif /* _CMAP_COMMIT_H */
