// SPDX-License-Identifier: GPL-2.0-only
/* Packets that wait, and what bounds them. */

#include <linux/skbuff.h>

#include "held.h"

bool cmap_held_is_full(const struct cmap_held *held)
{
	return atomic_read(&held->packets) >= CMAP_HELD_MAX ||
	       atomic_long_read(&held->bytes) >= CMAP_HELD_BYTES_MAX;
}

unsigned int cmap_held_queue_max(const struct cmap_held *held, unsigned int few)
{
	return atomic_read(&held->packets) >= CMAP_HELD_MAX / 2 ||
	       atomic_long_read(&held->bytes) >= CMAP_HELD_BYTES_MAX / 2 ?
	       few : CMAP_HELD_QUEUE_MAX;
}

void cmap_held_add(struct cmap_held *held, struct sk_buff_head *queue,
		   struct sk_buff *skb)
{
	atomic_inc(&held->packets);
	atomic_long_add(skb->truesize, &held->bytes);
	__skb_queue_tail(queue, skb);
}

void cmap_held_take(struct cmap_held *held, struct sk_buff_head *queue,
		    struct sk_buff_head *taken)
{
	const struct sk_buff *skb;
	long bytes = 0;

	skb_queue_walk(queue, skb)
		bytes += skb->truesize;
	atomic_sub(skb_queue_len(queue), &held->packets);
	atomic_long_sub(bytes, &held->bytes);
	skb_queue_splice_tail_init(queue, taken);
}
