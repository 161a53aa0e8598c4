/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_STAGE_H
#define _CMAP_STAGE_H

/*
 * Transactions. Each belongs to a netlink socket of a namespace and builds a
 * configuration that nobody sees before it is committed. It ends with the
 * commit, with its socket, or with another begin on the same socket.
 *
 * A fallback holds what was in force when it began: access lists, transform sets
 * and entries by reference, so that it costs little, and manual keys come back. A
 * process that waits whether an operator confirms what came after keeps it open;
 * should that process die, the configuration of before comes back.
 */

#include <linux/list.h>
#include <linux/types.h>

struct cmap_config;
struct cmap_net;
struct cmap_plan;
struct netlink_ext_ack;

/* Transactions of a namespace at one time. */
#define CMAP_STAGES_MAX	8

/**
 * struct cmap_stage - a transaction
 * @list: node in cmap_net.stages
 * @portid: netlink port of its socket
 * @replace: it started from an empty configuration
 * @fallback: it started from the configuration in force, to bring that back
 * @base: generation that was in force when it began
 * @config: configuration under construction
 * @plan: what its commit would take away, from cmap_plan_make(); NULL when it
 *	was not tried, or changed since
 */
struct cmap_stage {
	struct list_head	list;
	u32			portid;
	bool			replace;
	bool			fallback;
	u64			base;
	struct cmap_config	*config;
	struct cmap_plan	*plan;
};

/**
 * cmap_stage_begin() - start a transaction, discarding an earlier one
 * @cn: namespace
 * @portid: netlink port of the socket
 * @replace: start from an empty configuration, not from the one in force
 * @fallback: may be committed in place of any other, and is when the socket closes
 * @extack: told what is wrong
 *
 * Context: cn->lock, may sleep.
 * Return: 0, -ENOMEM or -EBUSY when there are too many.
 */
int cmap_stage_begin(struct cmap_net *cn, u32 portid, bool replace,
		     bool fallback, struct netlink_ext_ack *extack);

/**
 * cmap_stage_find() - transaction of a socket, to be changed or committed
 * @cn: namespace
 * @portid: netlink port
 * @extack: told when there is none
 *
 * Its plan is forgotten.
 *
 * Context: cn->lock.
 * Return: the transaction or ERR_PTR(-EINVAL).
 */
struct cmap_stage *cmap_stage_find(struct cmap_net *cn, u32 portid,
				   struct netlink_ext_ack *extack);

/**
 * cmap_stage_planned() - transaction of a socket with a plan that is still true
 * @cn: namespace
 * @portid: netlink port
 * @extack: told when there is none
 *
 * Context: cn->lock.
 * Return: the transaction or ERR_PTR(-EINVAL, -ESTALE).
 */
struct cmap_stage *cmap_stage_planned(struct cmap_net *cn, u32 portid,
				      struct netlink_ext_ack *extack);

/**
 * cmap_stage_end() - forget a transaction
 * @stage: transaction; its configuration is destroyed unless taken out
 *
 * Context: cn->lock.
 */
void cmap_stage_end(struct cmap_stage *stage);

/**
 * cmap_stage_release() - discard the transaction of a socket, or fall back to it
 * @cn: namespace
 * @portid: netlink port
 *
 * Context: takes cn->lock, may sleep.
 */
void cmap_stage_release(struct cmap_net *cn, u32 portid);

/**
 * cmap_stage_release_all() - discard all transactions
 * @cn: namespace
 *
 * Context: cn->lock.
 */
void cmap_stage_release_all(struct cmap_net *cn);

#endif /* _CMAP_STAGE_H */
