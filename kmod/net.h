/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_NET_H
#define _CMAP_NET_H

/*
 * State of one network namespace.
 *
 * Lock order: RTNL (only device notifiers hold it on entry), cn->lock, then the
 * BH locks of flows and SAs. Nothing takes RTNL under cn->lock.
 */

#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/ratelimit.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "drop.h"
#include "flow_table.h"
#include "held.h"
#include "host_pair.h"
#include "natt.h"
#include "tuple.h"

struct cmap_config;

/**
 * struct cmap_net - crypto maps of a network namespace
 * @net: the namespace
 * @lock: every change of configuration, flows and SAs
 * @config: configuration in force, never NULL; replaced under @lock, read
 *	under RCU
 * @stages: transactions by netlink port; under @lock
 * @closing: the namespace is going: hooks work on until its devices are gone,
 *	but nothing waits any more; written under @lock, READ_ONCE
 * @hooked: netfilter hooks are registered; written under @lock
 * @defrag4: IPv4 fragments are reassembled on our behalf; under @lock
 * @defrag6: IPv6 fragments likewise
 * @flows: flows by id; written under @lock, read under RCU
 * @next_flow_id: where the search for a free id goes on; under @lock
 * @flow_table: flows by identity; under @lock
 * @n_flows: flows in the tables
 * @dynamics: dynamic flows among them, by age; under @lock
 * @n_dynamic: length of @dynamics; under @lock
 * @dynamic_age: numbers dynamic flows; under @lock
 * @dynamic_work: removes those that have lost their SAs
 * @host_pairs: flows of pairs of hosts
 * @held: packets that wait for an SA, over all flows
 * @held_in: ESP packets that wait for keys; they leave others their room
 * @daemons: IKE daemons by netlink port, see nl_daemon.h; has a lock of its own
 * @sa_in: inbound SAs by SPI; written under @lock, read under RCU
 * @sa_out: outbound SAs by SPI; likewise
 * @sa_seq: numbers SAs for display
 * @sa_changes: counts SAs that came and went, for dumps; under @lock
 * @n_sas: SAs, larval ones included; under @lock
 * @natt: inbound SAs with ESP in UDP among them
 * @larvals: larval ones among them; under @lock
 * @n_larvals: length of @larvals; under @lock
 * @sa_alive: SAs whose memory exists; namespace exit waits for zero
 * @manual_failed: some entry of kind manual has not got its SAs; under @lock
 * @manual_work: brings SAs of ipsec-manual entries in line with addresses
 * @drops: per-CPU drop counters, which are never cleared
 * @drops_cleared: what they were when they were cleared for the operator; under
 *	@lock
 * @event_lock: (BH) order of notifications
 * @event_serial: number of the last one; under @event_lock
 * @invalid_spi_limit: limits invalid-spi notifications
 * @drop_limit: limits drop notifications
 * @drops_missed: drops that nobody was told of because of that
 * @drop_work: tells how many
 */
struct cmap_net {
	struct net			*net;
	struct mutex			lock; /* configuration, flows, SAs */
	struct cmap_config __rcu	*config;
	struct list_head		stages;
	bool				closing;
	bool				hooked;
	bool				defrag4;
	bool				defrag6;

	struct xarray			flows;
	u32				next_flow_id;
	struct cmap_flow_table		flow_table;
	u32				n_flows;
	struct list_head		dynamics;
	u32				n_dynamic;
	u64				dynamic_age;
	struct delayed_work		dynamic_work;
	struct cmap_host_pairs		host_pairs;
	struct cmap_held		held;
	struct cmap_held		held_in;
	struct xarray			daemons;

	struct rhltable			sa_in;
	struct rhltable			sa_out;
	u32				sa_seq;
	u32				sa_changes;
	u32				n_sas;
	struct cmap_natt		natt;
	struct list_head		larvals;
	u32				n_larvals;
	atomic_t			sa_alive;
	bool				manual_failed;
	struct work_struct		manual_work;

	struct cmap_drops __percpu	*drops;
	u64				drops_cleared[CMAP_DROP_N];
	spinlock_t			event_lock; /* see above */
	u32				event_serial;
	struct ratelimit_state		invalid_spi_limit;
	struct ratelimit_state		drop_limit;
	atomic_t			drops_missed;
	struct delayed_work		drop_work;
};

extern unsigned int cmap_net_id;
extern struct workqueue_struct *cmap_wq;

/**
 * cmap_net_of() - state of a namespace
 * @net: namespace
 *
 * Return: never NULL while the module is registered for namespaces.
 */
static inline struct cmap_net *cmap_net_of(const struct net *net)
{
	return net_generic(net, cmap_net_id);
}

/* How much a namespace may report of unknown SPIs. */
#define CMAP_INVALID_SPI_INTERVAL	(1 * HZ)
#define CMAP_INVALID_SPI_BURST		5

/* And of drops to who watches. */
#define CMAP_DROP_INTERVAL		(1 * HZ)
#define CMAP_DROP_BURST			100

int cmap_net_register(void);
void cmap_net_unregister(void);

/**
 * cmap_hooks_prepare() - register what a configuration needs
 * @cn: namespace
 * @config: configuration that is about to be published
 *
 * Hooks exist while a crypto map is attached; SAs exist no longer than that,
 * since they belong to flows of attachments. Nothing that the configuration in
 * force needs is taken away. What was registered for one that is not published
 * in the end goes with cmap_hooks_settle().
 *
 * Context: cn->lock, may sleep.
 * Return: 0, or why hooks could not be registered.
 */
int cmap_hooks_prepare(struct cmap_net *cn, const struct cmap_config *config);

/**
 * cmap_hooks_settle() - unregister what a configuration does not need
 * @cn: namespace
 * @config: configuration in force
 *
 * Context: cn->lock, may sleep.
 */
void cmap_hooks_settle(struct cmap_net *cn, const struct cmap_config *config);

#endif /* _CMAP_NET_H */
