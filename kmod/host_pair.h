/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_HOST_PAIR_H
#define _CMAP_HOST_PAIR_H

/*
 * Pairs of hosts: the flows of IOS set security-association level per-host.
 *
 * A permit of such an entry has a flow of the kind CMAP_FLOW_PER_HOST, which rules
 * lead to, which has the filters, and which asks for no SA. For each pair of hosts
 * there is one of the kind CMAP_FLOW_HOST_PAIR with the SAs: between the two, with
 * protocol and ports of the permit, an access list of its own, and the permit's
 * entry. It is found by (permit, source, destination) in one look-up.
 *
 * Life: made by the first packet of a pair, or by flow-new. Since a flow is made under
 * cn->lock, that packet goes into a queue, and a worker makes the flow and lets it
 * wait there. The pair has a reference to its permit, cn->host_pairs one to the
 * pair's flow. It goes soon after its last SA; without one after CMAP_HOST_PAIR_SECONDS
 * when none is asked for; with its permit; and with a commit by which its packets are
 * of another permit or of none, all of them.
 *
 * Who sends to many addresses makes many pairs, and negotiations of them. So there is
 * a limit of them, for a permit and for the namespace; and sources are told apart by
 * a hash, so that one of them, or those with the same hash, can have a part of the
 * permit's only and leave the others room.
 *
 * A peer may negotiate SAs of all that a permit is about. Then its flow has them, and
 * they carry what no pair has SAs for.
 */

#include <linux/list.h>
#include <linux/ratelimit_types.h>
#include <linux/rhashtable-types.h>
#include <linux/skbuff.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "tuple.h"

struct cmap_attach;
struct cmap_commit_stats;
struct cmap_flow;
struct cmap_net;
struct cmap_ruleset;

/* Pairs of a namespace, of a permit, and of sources of a permit with one hash. */
#define CMAP_HOST_PAIRS_MAX		16384
#define CMAP_HOST_PAIRS_PERMIT_MAX	4096
#define CMAP_HOST_PAIRS_SOURCE_MAX	1024
#define CMAP_HOST_SOURCES		64
/* Packets that wait for the flow of their pair to be made. */
#define CMAP_HOST_PAIR_QUEUE_MAX	256
/* How many acquires of pairs are repeated in a second, of all in a namespace. */
#define CMAP_HOST_PAIR_REPEATS		100
/* How long a pair stays that never had SAs. */
#define CMAP_HOST_PAIR_SECONDS		30
/* How long one that has lost its last SA: the daemon is told, and asks what it was. */
#define CMAP_HOST_PAIR_BARE_SECONDS	1
/* How often these are looked for. */
#define CMAP_HOST_PAIR_SWEEP_SECONDS	2

/**
 * struct cmap_host_pairs - the pairs of hosts of a namespace
 * @table: them, by struct cmap_host_key; written under cn->lock, read under RCU
 * @list: them, by age; under cn->lock
 * @n: how many; written under cn->lock, READ_ONCE
 * @seed: of the hash of sources, constant
 * @queue: packets without a pair yet; its lock is a BH lock, taken by itself
 * @make_work: makes the pairs of these
 * @repeats: limits how many acquires are repeated
 * @sweep_work: removes pairs that have no SAs
 */
struct cmap_host_pairs {
	struct rhashtable	table;
	struct list_head	list;
	u32			n;
	u32			seed;
	struct sk_buff_head	queue;
	struct work_struct	make_work;
	struct ratelimit_state	repeats;
	struct delayed_work	sweep_work;
};

/**
 * struct cmap_host_level - the pairs of hosts of a permit
 * @pairs: them; under cn->lock
 * @n: how many; written under cn->lock, READ_ONCE
 * @by_source: how many by hash of the source; likewise
 */
struct cmap_host_level {
	struct list_head	pairs;
	u32			n;
	u16			by_source[CMAP_HOST_SOURCES];
};

/**
 * struct cmap_host_key - what a pair of hosts is found by
 * @permit: id of the flow of the permit
 * @src: host on the protected side, unused bytes zero
 * @dst: the other one
 */
struct cmap_host_key {
	u32		permit;
	union cmap_addr	src;
	union cmap_addr	dst;
};

/**
 * struct cmap_host_pair - a pair of hosts
 * @node: in the table of the namespace
 * @key: what it is found by, constant
 * @flow: its flow, constant
 * @permit: flow of the permit, constant; holds a reference
 * @list: node in the list of the namespace; under cn->lock
 * @of_permit: node in the list of the permit; under cn->lock
 * @until: jiffies until which it stays without SAs; under cn->lock
 */
struct cmap_host_pair {
	struct rhash_head	node;
	struct cmap_host_key	key;
	struct cmap_flow	*flow;
	struct cmap_flow	*permit;
	struct list_head	list;
	struct list_head	of_permit;
	unsigned long		until;
};

int cmap_host_pair_net_init(struct cmap_net *cn);
void cmap_host_pair_net_exit(struct cmap_net *cn);

/**
 * cmap_host_pair_net_fail() - let no packet wait for a pair any more
 * @cn: namespace that is closing
 *
 * Context: cn->lock.
 */
void cmap_host_pair_net_fail(struct cmap_net *cn);

/**
 * cmap_host_pair_choose() - the flow that carries packets of a pair of hosts
 * @permit: flow of their permit, of the kind CMAP_FLOW_PER_HOST
 * @src: source, unused bytes zero
 * @dst: destination
 *
 * Context: RCU read side.
 * Return: that of the pair; @permit if there is none yet, or only @permit has an SA.
 */
struct cmap_flow *cmap_host_pair_choose(struct cmap_flow *permit,
					const union cmap_addr *src,
					const union cmap_addr *dst);

/**
 * cmap_host_pair_wait() - let a packet wait for the flow of its pair, and have it made
 * @permit: flow of its permit, without an SA
 * @skb: packet after the rest of the POST_ROUTING hooks, with the id of @permit;
 *	consumed
 *
 * Context: RCU read side, BH disabled.
 */
void cmap_host_pair_wait(struct cmap_flow *permit, struct sk_buff *skb);

/**
 * cmap_host_pair_foresee_wait() - what cmap_host_pair_wait() would do
 * @permit: flow of the permit, without an SA
 * @src: source of the packet
 *
 * Context: RCU read side, BH disabled.
 * Return: -1 if a packet would wait, or an enum crypto_map_drop_reason.
 */
int cmap_host_pair_foresee_wait(struct cmap_flow *permit,
				const union cmap_addr *src);

/**
 * cmap_host_pair_repeats() - whether another acquire of a pair may be repeated
 * @cn: namespace
 *
 * Very many pairs may wait for a daemon that does not answer. Each is asked for at once,
 * but for all of them together the daemon is reminded of CMAP_HOST_PAIR_REPEATS in a
 * second. Who is refused asks again with the next repeat of his.
 *
 * Context: any.
 */
bool cmap_host_pair_repeats(struct cmap_net *cn);

/**
 * cmap_host_pair_takes() - whether a selector is that of a pair of hosts
 * @set: rules in force
 * @permit: flow of a permit
 * @sel: selector
 *
 * Context: cn->lock.
 * Return: true if the permit has level per-host, it is what the permit says about two
 * hosts, and no other rule goes before.
 */
bool cmap_host_pair_takes(const struct cmap_ruleset *set,
			  const struct cmap_flow *permit,
			  const struct cmap_match *sel);

/**
 * cmap_host_pair_find() - the flow of a pair of hosts
 * @permit: flow of their permit
 * @sel: selector that the permit takes
 *
 * Context: cn->lock. Return: the flow, without a new reference, or NULL.
 */
struct cmap_flow *cmap_host_pair_find(const struct cmap_flow *permit,
				      const struct cmap_match *sel);

/**
 * cmap_host_pair_create() - make the flow of a pair of hosts, or find it
 * @attach: attachment in force
 * @permit: flow of their permit
 * @sel: selector that the permit takes
 *
 * Context: cn->lock, may sleep.
 * Return: the flow, without a new reference, or ERR_PTR(-ENOSPC) when there are too
 * many, ERR_PTR(-ENOMEM).
 */
struct cmap_flow *cmap_host_pair_create(const struct cmap_attach *attach,
					struct cmap_flow *permit,
					const struct cmap_match *sel);

/**
 * cmap_host_pair_stays() - whether a pair of hosts is in a configuration
 * @set: rules of its attachment in that
 * @flow: its flow
 *
 * Context: cn->lock; flows of permits that leave are marked.
 * Return: true if some of its packets are of the same permit still.
 */
bool cmap_host_pair_stays(const struct cmap_ruleset *set,
			  const struct cmap_flow *flow);

/**
 * cmap_host_pair_settle() - bring the pairs of an attachment in line with a commit
 * @cn: namespace
 * @attach: attachment of what was published; the flows of its permits are in line
 * @stats: removed flows and SAs are added
 *
 * Cannot fail. Context: cn->lock, may sleep.
 */
void cmap_host_pair_settle(struct cmap_net *cn,
			   const struct cmap_attach *attach,
			   struct cmap_commit_stats *stats);

/**
 * cmap_host_pair_count() - pairs of a permit
 * @permit: its flow
 *
 * Context: cn->lock.
 */
u32 cmap_host_pair_count(const struct cmap_flow *permit);

/**
 * cmap_host_pair_remove_all() - remove the pairs of a permit
 * @permit: its flow
 *
 * Context: cn->lock, may sleep. Return: SAs that were removed.
 */
unsigned int cmap_host_pair_remove_all(struct cmap_flow *permit);

/**
 * cmap_host_pair_del() - take a pair out of the tables
 * @flow: its flow, which is being removed
 *
 * Context: cn->lock.
 */
void cmap_host_pair_del(struct cmap_flow *flow);

/**
 * cmap_host_pair_bare() - the last SA of a pair has gone, and it goes soon
 * @flow: its flow
 *
 * Context: cn->lock.
 */
void cmap_host_pair_bare(struct cmap_flow *flow);

/**
 * cmap_host_pair_end() - give back what a flow has of pairs, and is not freed with it
 * @flow: flow with its state, whose last reference has gone
 */
void cmap_host_pair_end(struct cmap_flow *flow);

/**
 * cmap_host_pair_free() - free what a flow has of pairs
 * @flow: flow with its state, a grace period after that
 */
void cmap_host_pair_free(struct cmap_flow *flow);

#endif /* _CMAP_HOST_PAIR_H */
