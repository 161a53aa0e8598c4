// SPDX-License-Identifier: GPL-2.0-only
/* Queues of decrypted packets on their way into GRO. */

#include <linux/netdevice.h>
#include <linux/notifier.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>

#include "cell.h"

/* As many as the kernel's own backlog holds by default. */
#define CMAP_CELL_MAX	1000

/**
 * struct cmap_cell - queue of one CPU
 * @napi: takes packets to GRO
 * @queue: packets that wait; locked for cmap_cell_flush(), which comes from other
 *	CPUs
 */
struct cmap_cell {
	struct napi_struct	napi;
	struct sk_buff_head	queue;
};

static struct net_device *cmap_cell_dev;	/* only carries the NAPI contexts */
static struct cmap_cell __percpu *cmap_cells;

bool cmap_cell_receive(struct sk_buff *skb)
{
	struct cmap_cell *cell = this_cpu_ptr(cmap_cells);
	bool taken;

	spin_lock(&cell->queue.lock);
	/* see cmap_cell_flush() */
	taken = READ_ONCE(skb->dev->flags) & IFF_UP &&
		skb_queue_len(&cell->queue) < CMAP_CELL_MAX;
	if (taken)
		__skb_queue_tail(&cell->queue, skb);
	spin_unlock(&cell->queue.lock);

	if (taken)
		napi_schedule(&cell->napi);
	else
		kfree_skb(skb);
	return taken;
}

/* Take packets from a cell. Return: whether some are left. */
static bool cmap_cell_take(struct cmap_cell *cell, unsigned int n,
			   struct sk_buff_head *batch)
{
	bool left;

	spin_lock(&cell->queue.lock);
	while (n-- && !skb_queue_empty(&cell->queue))
		__skb_queue_tail(batch, __skb_dequeue(&cell->queue));
	left = !skb_queue_empty(&cell->queue);
	spin_unlock(&cell->queue.lock);
	return left;
}

/*
 * Never uses up the budget, so that each poll completes: this makes GRO pass on
 * all that it has, and nothing stays there when the poll ends. So a packet that
 * comes alone finds none to be joined with, and need not go there.
 */
static int cmap_cell_poll(struct napi_struct *napi, int budget)
{
	struct cmap_cell *cell = container_of(napi, struct cmap_cell, napi);
	struct sk_buff_head batch;
	struct sk_buff *skb;
	int done = 0;
	bool left;

	__skb_queue_head_init(&batch);
	left = cmap_cell_take(cell, budget - 1, &batch);
	if (skb_queue_len(&batch) == 1) {
		netif_receive_skb(__skb_dequeue(&batch));
		done = 1;
	}
	while ((skb = __skb_dequeue(&batch))) {
		napi_gro_receive(napi, skb);
		done++;
	}
	napi_complete_done(napi, done);
	if (left)
		napi_schedule(napi);
	return done;
}

/*
 * Drop what came by a device that goes. Its last packet is in a cell by now: the
 * device was closed and a grace period has passed, and since then packets that
 * were away for decryption find it down. Those of a poll that runs just now are
 * waited for: another grace period comes before the device is freed.
 */
static void cmap_cell_flush(const struct net_device *dev)
{
	struct sk_buff_head flushed;
	struct sk_buff *skb, *next;
	struct cmap_cell *cell;
	int cpu;

	__skb_queue_head_init(&flushed);
	for_each_possible_cpu(cpu) {
		cell = per_cpu_ptr(cmap_cells, cpu);
		spin_lock_bh(&cell->queue.lock);
		skb_queue_walk_safe(&cell->queue, skb, next) {
			if (skb->dev != dev)
				continue;
			__skb_unlink(skb, &cell->queue);
			__skb_queue_tail(&flushed, skb);
		}
		spin_unlock_bh(&cell->queue.lock);
	}
	/* their SAs may be gone, and with them what would count them */
	__skb_queue_purge(&flushed);
}

/* Also when a device moves to another namespace, which is not to see them. */
static int cmap_cell_netdev_event(struct notifier_block *nb,
				  unsigned long event, void *ptr)
{
	if (event == NETDEV_UNREGISTER)
		cmap_cell_flush(netdev_notifier_info_to_dev(ptr));
	return NOTIFY_DONE;
}

static struct notifier_block cmap_cell_netdev_nb = {
	.notifier_call = cmap_cell_netdev_event,
};

static void cmap_cells_free(void)
{
	struct cmap_cell *cell;
	int cpu;

	for_each_possible_cpu(cpu) {
		cell = per_cpu_ptr(cmap_cells, cpu);
		napi_disable(&cell->napi);
		__netif_napi_del(&cell->napi);
		skb_queue_purge(&cell->queue);
	}
	synchronize_net();	/* as netif_napi_del() does for one */
	free_percpu(cmap_cells);
	cmap_dummy_netdev_free(cmap_cell_dev);
}

int cmap_cell_init(void)
{
	struct cmap_cell *cell;
	int cpu, err;

	cmap_cell_dev = cmap_dummy_netdev_alloc();
	if (!cmap_cell_dev)
		return -ENOMEM;
	cmap_cells = alloc_percpu(struct cmap_cell);
	if (!cmap_cells) {
		cmap_dummy_netdev_free(cmap_cell_dev);
		return -ENOMEM;
	}
	for_each_possible_cpu(cpu) {
		cell = per_cpu_ptr(cmap_cells, cpu);
		skb_queue_head_init(&cell->queue);
		/* there is no device that a socket could poll */
		set_bit(NAPI_STATE_NO_BUSY_POLL, &cell->napi.state);
		netif_napi_add(cmap_cell_dev, &cell->napi, cmap_cell_poll);
		napi_enable(&cell->napi);
	}
	err = register_netdevice_notifier(&cmap_cell_netdev_nb);
	if (err)
		cmap_cells_free();
	return err;
}

/* After the protocol handlers and all SAs are gone. */
void cmap_cell_exit(void)
{
	unregister_netdevice_notifier(&cmap_cell_netdev_nb);
	cmap_cells_free();
}
