/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_FLOW_FILTER_H
#define _CMAP_FLOW_FILTER_H

/*
 * The access lists that filter the packets of a flow (IOS set ip access-group), and
 * how those of all flows change at one moment.
 *
 * A commit gives flows their new filters before it publishes its configuration. Each
 * knows the generation that it begins with and the filter before it, and a packet
 * takes that of the generation that it read. So the moment is that of the publication.
 *
 * Life: a filter belongs to its flow. One that was replaced is freed a grace period
 * after the publication of the generation that has another one: only packets that read
 * an earlier generation look for it. The pointer to it that the newer filter still
 * has is followed by no others, and generations never come again.
 */

#include <linux/rcupdate.h>
#include <linux/types.h>

#include <uapi/linux/crypto_map.h>

#include "entry.h"

struct cmap_ace;
struct cmap_acl;
struct cmap_flow;
struct cmap_flow_state;
struct cmap_tuple;

/**
 * struct cmap_flow_filter - the filter of a flow from one generation on
 * @rcu: frees it
 * @flow: the flow, until the commit is published or undone
 * @next: next one in struct cmap_flow_filters, likewise
 * @generation: first configuration that has it; 0 for what its flow had before any
 *	packet could reach it
 * @acl: access lists after cmap_filter_make(), by enum crypto_map_sa_dir, or NULL; hold
 *	references
 * @before: filter of earlier generations, NULL if there was none
 *
 * Constant once packets can see it, but for what is about the commit.
 */
struct cmap_flow_filter {
	union {
		struct rcu_head			rcu;
		struct {
			struct cmap_flow	*flow;
			struct cmap_flow_filter	*next;
		};
	};
	u64				generation;
	struct cmap_acl			*acl[CMAP_DIRS];
	struct cmap_flow_filter		*before;
};

/**
 * struct cmap_flow_filters - filters that a commit changes
 * @generation: of the configuration that it is about to publish
 * @first: those of flows that packets can reach, the last changed first
 */
struct cmap_flow_filters {
	u64			generation;
	struct cmap_flow_filter	*first;
};

/**
 * cmap_flow_filter_change() - give a flow another filter, if it is another one
 * @filters: commit under way; NULL for a flow that is not published yet
 * @flow: flow
 * @acl: lists after cmap_filter_make() or NULL, for packets that are decrypted and for
 *	those to be encrypted; takes references
 *
 * Context: cn->lock, may sleep. Return: 0 or -ENOMEM.
 */
int cmap_flow_filter_change(struct cmap_flow_filters *filters,
			    struct cmap_flow *flow,
			    struct cmap_acl *acl[CMAP_DIRS]);

/**
 * cmap_flow_filter_settle() - forget the filters of before
 * @filters: commit whose configuration was published
 *
 * Cannot fail. Context: cn->lock.
 */
void cmap_flow_filter_settle(struct cmap_flow_filters *filters);

/**
 * cmap_flow_filter_undo() - give flows the filters of before again
 * @filters: commit whose configuration will not be published
 *
 * Cannot fail. Context: cn->lock.
 */
void cmap_flow_filter_undo(struct cmap_flow_filters *filters);

/**
 * cmap_flow_filter_end() - free the filter of a flow that ends
 * @state: its state
 *
 * Context: the last reference to the flow has gone.
 */
void cmap_flow_filter_end(struct cmap_flow_state *state);

/**
 * cmap_flow_filter_match() - what the filter of a flow decides about a packet
 * @flow: flow; of a pair of hosts, the filter is that of its permit
 * @generation: of the configuration that the packet read before
 * @dir: packet that was decrypted, or is to be encrypted
 * @tuple: the packet as it is
 * @acl: set to the access list, NULL if there is no filter
 * @ace: set to the entry that decides, NULL if none does
 *
 * Counts nothing. Context: RCU read side, since before the configuration was read.
 * Return: whether it permits.
 */
bool cmap_flow_filter_match(const struct cmap_flow *flow, u64 generation,
			    enum crypto_map_sa_dir dir,
			    const struct cmap_tuple *tuple,
			    struct cmap_acl **acl, struct cmap_ace **ace);

/**
 * cmap_flow_permits() - whether the filter of a flow permits a packet
 * @flow: flow
 * @generation: of the configuration that the packet read before
 * @dir: packet that was decrypted, or is to be encrypted
 * @tuple: the packet as it is
 *
 * cmap_flow_filter_match(), and counts a match of the entry that decides.
 * Context: RCU read side, since before the configuration was read.
 */
bool cmap_flow_permits(const struct cmap_flow *flow, u64 generation,
		       enum crypto_map_sa_dir dir,
		       const struct cmap_tuple *tuple);

#endif /* _CMAP_FLOW_FILTER_H */
