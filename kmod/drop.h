/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_DROP_H
#define _CMAP_DROP_H

/*
 * Drops: every one has a named reason and goes through cmap_drop(), which
 * counts it for the namespace, the flow and the SA, and traces it.
 */

#include <linux/types.h>
#include <linux/u64_stats_sync.h>

#include <uapi/linux/crypto_map.h>

struct cmap_flow;
struct cmap_net;
struct cmap_sa;
struct sk_buff;
struct sk_buff_head;

#define CMAP_DROP_N	__CRYPTO_MAP_DROP_REASON_MAX

/**
 * struct cmap_drops - drop counters of one CPU
 * @n: packets by enum crypto_map_drop_reason
 * @syncp: for readers that cannot load 64 bits at once
 */
struct cmap_drops {
	u64_stats_t		n[CMAP_DROP_N];
	struct u64_stats_sync	syncp;
};

/**
 * struct cmap_drop_info - what a drop is about
 * @cn: namespace
 * @flow: flow, or NULL
 * @sa: SA, or NULL
 * @spi: SPI in host byte order, 0 for none
 * @seq: sequence number, its high half too where it is known, 0 for none
 */
struct cmap_drop_info {
	struct cmap_net		*cn;
	struct cmap_flow	*flow;
	struct cmap_sa		*sa;
	u32			spi;
	u64			seq;
};

/**
 * cmap_drop() - count and trace a drop, and free the packet
 * @skb: packet, consumed; NULL if somebody else freed it already
 * @reason: why
 * @info: what it is about
 *
 * Context: any, RCU read side or references for what @info names.
 */
void cmap_drop(struct sk_buff *skb, enum crypto_map_drop_reason reason,
	       const struct cmap_drop_info *info);

/**
 * cmap_drop_sa() - drop a packet of an SA
 * @sa: SA
 * @skb: packet, consumed; NULL if somebody else freed it already
 * @reason: why
 * @seq: sequence number, its high half too where it is known, 0 for none
 *
 * Context: any, RCU read side or a reference.
 */
void cmap_drop_sa(struct cmap_sa *sa, struct sk_buff *skb,
		  enum crypto_map_drop_reason reason, u64 seq);

/**
 * cmap_drop_queue() - drop every packet of a queue that nobody else can reach
 * @list: queue, emptied
 * @reason: why
 * @info: what they are about
 *
 * Return: packets dropped.
 */
unsigned int cmap_drop_queue(struct sk_buff_head *list,
			     enum crypto_map_drop_reason reason,
			     const struct cmap_drop_info *info);

/**
 * cmap_drop_is_out() - direction of a reason
 * @reason: reason
 *
 * Return: true if it counts as a send error of the flow, false for a receive
 * error.
 */
bool cmap_drop_is_out(enum crypto_map_drop_reason reason);

/**
 * cmap_drops_zero() - set the counters of a flow or an SA to zero
 * @drops: them by enum crypto_map_drop_reason, or NULL if there were no drops
 */
void cmap_drops_zero(atomic64_t *drops);

/**
 * cmap_drops_sum() - drops of a namespace for one reason, cleared ones as well
 * @cn: namespace
 * @reason: reason
 */
u64 cmap_drops_sum(const struct cmap_net *cn,
		   enum crypto_map_drop_reason reason);

/**
 * cmap_drops_clear() - count from zero on what is told as cleared
 * @cn: namespace
 *
 * Context: cn->lock.
 */
void cmap_drops_clear(struct cmap_net *cn);

#endif /* _CMAP_DROP_H */
