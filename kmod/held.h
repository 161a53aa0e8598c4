/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_HELD_H
#define _CMAP_HELD_H

/*
 * Packets that wait: for an SA of their flow or for the flow of their pair of hosts, and,
 * with a room of their own, inbound ones for the keys of their SA. A queue may be long
 * enough for what a fast sender sends while SAs are negotiated, until half of the room of
 * the namespace is taken; after that it is short, so that those who negotiate with nobody
 * leave room to others.
 */

#include <linux/atomic.h>
#include <linux/types.h>

struct sk_buff;
struct sk_buff_head;

/* Packets of a room, and their memory: super-packets of 64 kB wait, too. */
#define CMAP_HELD_MAX		4096
#define CMAP_HELD_BYTES_MAX	(16 << 20)
/* Packets of a queue, and when half of that is taken. */
#define CMAP_HELD_QUEUE_MAX	128
#define CMAP_HELD_QUEUE_FEW	16

/**
 * struct cmap_held - a room of a namespace
 * @packets: how many, in all queues
 * @bytes: their memory
 */
struct cmap_held {
	atomic_t	packets;
	atomic_long_t	bytes;
};

/**
 * cmap_held_is_full() - whether there is no room left
 * @held: room
 */
bool cmap_held_is_full(const struct cmap_held *held);

/**
 * cmap_held_queue_max() - how many packets a queue may have by now
 * @held: room
 * @few: when half of the room is taken
 */
unsigned int cmap_held_queue_max(const struct cmap_held *held,
				 unsigned int few);

/**
 * cmap_held_add() - let a packet wait
 * @held: room
 * @queue: queue; the caller has its lock and has seen that there is room
 * @skb: packet
 */
void cmap_held_add(struct cmap_held *held, struct sk_buff_head *queue,
		   struct sk_buff *skb);

/**
 * cmap_held_take() - take packets that wait no more
 * @held: room
 * @queue: where they wait, empty after that; the caller has its lock
 * @taken: they are appended here
 */
void cmap_held_take(struct cmap_held *held, struct sk_buff_head *queue,
		    struct sk_buff_head *taken);

#endif /* _CMAP_HELD_H */
