// SPDX-License-Identifier: GPL-2.0-only
/* Drops: counters, trace, and the nearest reason that the core knows. */

#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "drop.h"
#include "flow.h"
#include "net.h"
#include "nl_event.h"
#include "sa.h"
#include "trace.h"

/* Modules cannot add reasons to the core's list: the nearest one it has. */
static enum skb_drop_reason cmap_drop_core(enum crypto_map_drop_reason reason)
{
	switch (reason) {
	case CRYPTO_MAP_DROP_REASON_NO_ROUTE:
		return SKB_DROP_REASON_IP_OUTNOROUTES;
	case CRYPTO_MAP_DROP_REASON_TOO_BIG:
		return SKB_DROP_REASON_PKT_TOO_BIG;
	case CRYPTO_MAP_DROP_REASON_SEGMENT_FAILED:
		return SKB_DROP_REASON_SKB_GSO_SEG;
	case CRYPTO_MAP_DROP_REASON_OUT_NO_MEMORY:
	case CRYPTO_MAP_DROP_REASON_IN_NO_MEMORY:
		return SKB_DROP_REASON_NOMEM;
	case CRYPTO_MAP_DROP_REASON_HOLD_FULL:
	case CRYPTO_MAP_DROP_REASON_LARVAL_FULL:
		return SKB_DROP_REASON_PROTO_MEM;
	case CRYPTO_MAP_DROP_REASON_OUT_CRYPTO_BUSY:
	case CRYPTO_MAP_DROP_REASON_IN_CRYPTO_BUSY:
		return SKB_DROP_REASON_FULL_RING;
	case CRYPTO_MAP_DROP_REASON_BAD_LENGTH:
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	case CRYPTO_MAP_DROP_REASON_BAD_PADDING:
		return SKB_DROP_REASON_HDR_TRUNC;
	case CRYPTO_MAP_DROP_REASON_UDP_CHECKSUM:
		return SKB_DROP_REASON_UDP_CSUM;
	case CRYPTO_MAP_DROP_REASON_BAD_NEXT_HEADER:
		return SKB_DROP_REASON_IP_NOPROTO;
	case CRYPTO_MAP_DROP_REASON_ACCESS_GROUP_OUT:
	case CRYPTO_MAP_DROP_REASON_ACCESS_GROUP_IN:
		return SKB_DROP_REASON_NETFILTER_DROP;
	case CRYPTO_MAP_DROP_REASON_OUT_MALFORMED:
	case CRYPTO_MAP_DROP_REASON_BAD_INNER:
	case CRYPTO_MAP_DROP_REASON_ECN:
		return SKB_DROP_REASON_IP_INHDR;
	case CRYPTO_MAP_DROP_REASON_RECEIVE_QUEUE:
		return SKB_DROP_REASON_CPU_BACKLOG;
	default:
		return SKB_DROP_REASON_XFRM_POLICY;
	}
}

bool cmap_drop_is_out(enum crypto_map_drop_reason reason)
{
	return reason < CRYPTO_MAP_DROP_REASON_CLEAR_TEXT;
}

/*
 * Count for a flow or an SA, whose counters are allocated with its first drop. Without
 * memory for them it is counted for the namespace all the same.
 */
static void cmap_drop_count_at(atomic64_t **counters,
			       enum crypto_map_drop_reason reason)
{
	atomic64_t *drops = READ_ONCE(*counters), *new;

	if (!drops) {
		new = kcalloc(CMAP_DROP_N, sizeof(*new), GFP_ATOMIC);
		if (!new)
			return;
		drops = cmpxchg(counters, NULL, new);
		if (drops)
			kfree(new);
		else
			drops = new;
	}
	atomic64_inc(&drops[reason]);
}

/* Drops happen in every context, so that one may come into another one of its CPU. */
static void cmap_drop_count_net(const struct cmap_net *cn,
				enum crypto_map_drop_reason reason)
{
	struct cmap_drops *drops = get_cpu_ptr(cn->drops);
	unsigned long flags;

	flags = u64_stats_update_begin_irqsave(&drops->syncp);
	u64_stats_inc(&drops->n[reason]);
	u64_stats_update_end_irqrestore(&drops->syncp, flags);
	put_cpu_ptr(cn->drops);
}

static void cmap_drop_count(enum crypto_map_drop_reason reason,
			    const struct cmap_drop_info *info)
{
	struct cmap_flow_state *state;

	cmap_drop_count_net(info->cn, reason);
	if (info->flow) {
		state = cmap_flow_state(info->flow, GFP_ATOMIC);
		if (state)
			cmap_drop_count_at(&state->drops, reason);
	}
	if (info->sa)
		cmap_drop_count_at(&info->sa->drops, reason);
	trace_cmap_drop(reason, info);
}

void cmap_drop(struct sk_buff *skb, enum crypto_map_drop_reason reason,
	       const struct cmap_drop_info *info)
{
	cmap_drop_count(reason, info);
	cmap_nl_drop_ntf(skb, reason, info);
	kfree_skb_reason(skb, cmap_drop_core(reason));
}

void cmap_drop_sa(struct cmap_sa *sa, struct sk_buff *skb,
		  enum crypto_map_drop_reason reason, u64 seq)
{
	struct cmap_drop_info info = {
		.cn = sa->cn, .flow = sa->flow, .sa = sa, .spi = sa->spi,
		.seq = seq,
	};

	cmap_drop(skb, reason, &info);
}

unsigned int cmap_drop_queue(struct sk_buff_head *list,
			     enum crypto_map_drop_reason reason,
			     const struct cmap_drop_info *info)
{
	struct sk_buff *skb;
	unsigned int n = 0;

	while ((skb = __skb_dequeue(list))) {
		cmap_drop(skb, reason, info);
		n++;
	}
	return n;
}

void cmap_drops_zero(atomic64_t *drops)
{
	int i;

	for (i = 0; drops && i < CMAP_DROP_N; i++)
		atomic64_set(&drops[i], 0);
}

u64 cmap_drops_sum(const struct cmap_net *cn,
		   enum crypto_map_drop_reason reason)
{
	const struct cmap_drops *drops;
	unsigned int start;
	u64 sum = 0, n;
	int cpu;

	for_each_possible_cpu(cpu) {
		drops = per_cpu_ptr(cn->drops, cpu);
		do {
			start = u64_stats_fetch_begin(&drops->syncp);
			n = u64_stats_read(&drops->n[reason]);
		} while (u64_stats_fetch_retry(&drops->syncp, start));
		sum += n;
	}
	return sum;
}

void cmap_drops_clear(struct cmap_net *cn)
{
	int i;

	lockdep_assert_held(&cn->lock);

	for (i = 0; i < CMAP_DROP_N; i++)
		cn->drops_cleared[i] = cmap_drops_sum(cn, i);
}
