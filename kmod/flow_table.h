/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_FLOW_TABLE_H
#define _CMAP_FLOW_TABLE_H

/*
 * The flows of a namespace by identity: what one has been before a commit, it is
 * after it.
 *
 * A hash table that nobody reads without cn->lock, and so without what an rhashtable
 * has for readers under RCU. It grows and shrinks with the flows; of many, each takes a
 * link and one head.
 */

#include <linux/types.h>

struct cmap_entry;
struct cmap_flow;
struct cmap_match;
struct cmap_net;

/**
 * enum cmap_flow_kind - what a flow is made for
 * @CMAP_FLOW_PERMIT: a permit
 * @CMAP_FLOW_PER_HOST: a permit of an entry with level per-host: what it protects
 *	has flows of its own for each pair of hosts
 * @CMAP_FLOW_HOST_PAIR: a pair of hosts, of such a permit
 * @CMAP_FLOW_DYNAMIC: what a peer negotiates by a dynamic crypto map
 */
enum cmap_flow_kind {
	CMAP_FLOW_PERMIT,
	CMAP_FLOW_PER_HOST,
	CMAP_FLOW_HOST_PAIR,
	CMAP_FLOW_DYNAMIC,
};

/**
 * struct cmap_flow_table - flows by identity
 * @head: chains of flows by their @table_next; NULL before the first flow
 * @n_head: how many, a power of two
 * @n: flows
 */
struct cmap_flow_table {
	struct cmap_flow	**head;
	u32			n_head;
	u32			n;
};

/**
 * cmap_flow_find() - flow with this identity
 * @cn: namespace
 * @ifname: device of the attachment
 * @kind: what it is made for
 * @entry: entry; the name of its map and its sequence number count
 * @match: condition of the ACE
 *
 * Context: cn->lock.
 * Return: the flow, without a new reference, or NULL.
 */
struct cmap_flow *cmap_flow_find(struct cmap_net *cn, const char *ifname,
				 enum cmap_flow_kind kind,
				 const struct cmap_entry *entry,
				 const struct cmap_match *match);

/**
 * cmap_flow_table_add() - let a flow be found
 * @flow: flow that is in no table
 *
 * Context: cn->lock, may sleep. Return: 0 or -ENOMEM.
 */
int cmap_flow_table_add(struct cmap_flow *flow);

/**
 * cmap_flow_table_del() - let a flow be found no more
 * @flow: flow in the table
 *
 * Context: cn->lock, may sleep.
 */
void cmap_flow_table_del(struct cmap_flow *flow);

#endif /* _CMAP_FLOW_TABLE_H */
