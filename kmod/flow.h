/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_FLOW_H
#define _CMAP_FLOW_H

/*
 * A flow is what one (attachment, crypto map entry, permit ACE) protects. For those
 * that peers make by dynamic crypto maps see dynamic.h, for those of pairs of hosts
 * host_pair.h.
 *
 * Life: made by a commit (cmap_flow_create), referenced by the rule of each
 * configuration that contains it, by its SAs, and by nobody else for longer
 * than an RCU section. A commit that no longer contains it calls
 * cmap_flow_remove(): it leaves the id table, its SAs are removed and held
 * packets dropped. The memory goes with the last reference and a grace period.
 *
 * What packets and SAs leave in a flow is in its struct cmap_flow_state, made when
 * the first one comes and freed with the flow. Without memory for it the packet is
 * dropped, the SA refused.
 *
 * Locks: cn->lock for identity, policy (@entry, @acl, @ace) and @sas;
 * @lock (BH) for acquire state, held packets and @past. Order: cn->lock, SA
 * lock, flow @lock.
 */

#include <linux/if.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/types.h>

#include <uapi/linux/crypto_map.h>

#include "flow_table.h"
#include "tuple.h"

struct cmap_ace;
struct cmap_acl;
struct cmap_attach;
struct cmap_entry;
struct cmap_flow_filter;
struct cmap_host_level;
struct cmap_host_pair;
struct cmap_net;
struct cmap_sa;

/**
 * struct cmap_flow_counts - traffic of a flow
 * @out_packets: packets encapsulated and encrypted
 * @out_bytes: plaintext bytes of them
 * @in_packets: packets decapsulated and authenticated
 * @in_bytes: plaintext bytes of them
 */
struct cmap_flow_counts {
	u64	out_packets;
	u64	out_bytes;
	u64	in_packets;
	u64	in_bytes;
};

/**
 * enum cmap_flow_phase - whether configurations contain a flow
 * @CMAP_FLOW_NEW: only one that is not published yet
 * @CMAP_FLOW_STAYS: that in force
 * @CMAP_FLOW_LEAVES: that in force, but not the one that is about to take its place
 */
enum cmap_flow_phase {
	CMAP_FLOW_NEW,
	CMAP_FLOW_STAYS,
	CMAP_FLOW_LEAVES,
};

/**
 * struct cmap_flow_state - what a flow has once it was used, or has a filter
 * @flow: the flow
 * @acquiring: an acquire is outstanding; written under @lock of the flow, as all up
 *	to @past
 * @acquire_wanted: packets came since the daemon was asked
 * @acquire_until: jiffies when it is given up
 * @acquire_timer: repeats the acquire
 * @retry_wait: how long nothing is asked for after the last acquire failed, 0 if
 *	it did not
 * @retry_generation: configuration that it failed under: another one may be asked for
 *	at once
 * @retry_at: jiffies when something may be asked for again, with @retry_wait
 * @held: packets that wait for an SA
 * @past: traffic of SAs that are gone, less what was cleared
 * @drops: drops by enum crypto_map_drop_reason, allocated with the first one
 * @idle: seconds without a packet, after which a negotiated SA pair is removed,
 *	0 for never; known with the first SA, under cn->lock
 * @out_since: jiffies when an SA became the outbound one in use; under cn->lock
 * @up_since: seconds since boot when one did while there was none; under cn->lock
 * @last_port: UDP port of the peer of the outbound SA that was removed last, network
 *	byte order, 0 without UDP; under cn->lock
 * @filter: access lists that filter its packets, NULL if it never had any, see
 *	flow_filter.h; replaced under cn->lock, read under RCU
 * @level: of a permit with level per-host, its pairs; NULL before the first one;
 *	written once under cn->lock, READ_ONCE
 * @pair: of a pair of hosts, constant
 * @dynamic: node in cn->dynamics of a dynamic flow, by age; under cn->lock
 * @dynamic_age: number of a dynamic flow, older ones have lower ones; constant
 * @dynamic_expects: a peer negotiates the first SA of a dynamic flow; under cn->lock
 * @dynamic_until: jiffies when that is given up; under cn->lock
 */
struct cmap_flow_state {
	struct cmap_flow	*flow;
	bool			acquiring;
	bool			acquire_wanted;
	unsigned long		acquire_until;
	struct timer_list	acquire_timer;
	unsigned long		retry_wait;
	u64			retry_generation;
	unsigned long		retry_at;
	struct sk_buff_head	held;
	struct cmap_flow_counts	past;
	atomic64_t		*drops;
	u32			idle;
	unsigned long		out_since;
	u64			up_since;
	__be16			last_port;
	struct cmap_flow_filter __rcu	*filter;
	union {
		struct cmap_host_level	*level;
		struct cmap_host_pair	*pair;
	};
	struct list_head	dynamic;
	u64			dynamic_age;
	bool			dynamic_expects;
	unsigned long		dynamic_until;
};

/**
 * struct cmap_flow - what one permit ACE of one attached entry protects
 * @refs: rules, SAs
 * @id: identity, constant, at least 1
 * @sas: all SAs; under cn->lock
 * @rcu: frees it after a grace period: without references it has no SAs
 * @cn: namespace, constant; outlives every flow
 * @table_next: next one of a chain in cn->flow_table; under cn->lock
 * @ifname: device of the attachment, constant
 * @entry: the entry; replaced under cn->lock, read under RCU
 * @acl: access list of @ace, holds a reference; under cn->lock
 * @ace: the ACE, always with an equal condition; written under cn->lock, read
 *	under RCU too
 * @out: outbound SA in use; replaced under cn->lock, read under RCU
 * @state: NULL until cmap_flow_state() makes it; stays as long as the flow
 * @lock: acquires, held packets and past traffic in @state, and @removed
 * @phase: enum cmap_flow_phase; under cn->lock
 * @family: AF_INET or AF_INET6, constant
 * @kind: enum cmap_flow_kind, constant
 * @published: it was in the tables; under cn->lock
 * @removed: no configuration contains it any more; under @lock
 *
 * Of many flows most never see a packet: one of them is 104 bytes, and nothing
 * that only the others need.
 */
struct cmap_flow {
	refcount_t			refs;
	u32				id;
	union {
		struct list_head	sas;
		struct rcu_head		rcu;
	};
	struct cmap_net			*cn;
	struct cmap_flow		*table_next;
	char				ifname[IFNAMSIZ];
	struct cmap_entry __rcu		*entry;
	struct cmap_acl			*acl;
	struct cmap_ace			*ace;
	struct cmap_sa __rcu		*out;
	struct cmap_flow_state		*state;
	spinlock_t			lock; /* see above */
	u8				phase : 2;
	u8				published : 1;
	u8				family;
	u8				kind;
	bool				removed;
};

/**
 * struct cmap_flow_name - what a flow is called in the configuration
 * @map: crypto map
 * @entry: sequence number of the entry
 * @ace: sequence number of the ACE
 */
struct cmap_flow_name {
	char	map[CRYPTO_MAP_NAME_MAX + 1];
	u16	entry;
	u32	ace;
};

/* An acquire is repeated, and given up. */
#define CMAP_ACQUIRE_REPEAT	(5 * HZ)
#define CMAP_ACQUIRE_TIMEOUT	(60 * HZ)
/* Packets ask for nothing after a failure: at first, and at most. */
#define CMAP_RETRY_MIN		HZ
#define CMAP_RETRY_MAX		(10 * HZ)

int cmap_flow_init(void);
void cmap_flow_exit(void);
void cmap_flow_net_init(struct cmap_net *cn);
void cmap_flow_net_exit(struct cmap_net *cn);

/**
 * cmap_flow_net_fail() - let nothing wait for SAs any more
 * @cn: namespace that is closing
 *
 * Context: cn->lock.
 */
void cmap_flow_net_fail(struct cmap_net *cn);

/**
 * cmap_flow_create() - make a flow that packets cannot reach yet
 * @cn: namespace
 * @attach: its attachment
 * @kind: what it is made for
 * @entry: its entry, takes a reference
 * @acl: access list of @ace, takes a reference
 * @ace: its ACE
 *
 * It gets an id, and cmap_flow_find() finds it, but no look-up by id does before
 * cmap_flow_publish(). cmap_flow_put() ends one that is not published.
 *
 * Context: cn->lock, may sleep.
 * Return: the flow with one reference, or a negative errno: no memory, no id.
 */
struct cmap_flow *cmap_flow_create(struct cmap_net *cn,
				   const struct cmap_attach *attach,
				   enum cmap_flow_kind kind,
				   struct cmap_entry *entry,
				   struct cmap_acl *acl, struct cmap_ace *ace);

/**
 * cmap_flow_state() - what a flow has once it was used
 * @flow: flow
 * @gfp: how to allocate it, if this is the first use
 *
 * Context: RCU read side or a reference.
 * Return: NULL when there is no memory.
 */
struct cmap_flow_state *cmap_flow_state(struct cmap_flow *flow, gfp_t gfp);

/**
 * cmap_flow_acquiring() - whether an acquire is outstanding
 * @flow: flow
 *
 * Context: RCU read side or a reference.
 */
static inline bool cmap_flow_acquiring(const struct cmap_flow *flow)
{
	const struct cmap_flow_state *state = READ_ONCE(flow->state);

	return state && READ_ONCE(state->acquiring);
}

/**
 * cmap_flow_held() - packets of a flow that wait for an SA
 * @flow: flow
 *
 * Context: RCU read side or a reference.
 */
static inline u32 cmap_flow_held(const struct cmap_flow *flow)
{
	const struct cmap_flow_state *state = READ_ONCE(flow->state);

	return state ? skb_queue_len_lockless(&state->held) : 0;
}

/**
 * cmap_flow_drops() - drops of a flow
 * @flow: flow
 *
 * Context: RCU read side or a reference.
 * Return: counters by enum crypto_map_drop_reason, or NULL if there were none.
 */
static inline atomic64_t *cmap_flow_drops(const struct cmap_flow *flow)
{
	const struct cmap_flow_state *state = READ_ONCE(flow->state);

	return state ? READ_ONCE(state->drops) : NULL;
}

/**
 * cmap_flow_publish() - let look-ups by id find a new flow
 * @flow: flow of cmap_flow_create()
 *
 * Cannot fail. Context: cn->lock.
 */
void cmap_flow_publish(struct cmap_flow *flow);

/**
 * cmap_flow_update() - point a flow that stays at the objects of a new commit
 * @flow: flow
 * @entry: its entry
 * @acl: access list of @ace
 * @ace: ACE with an equal condition
 *
 * SAs that cmap_flow_keeps() does not keep are removed; the others may be idle as long
 * as @entry allows. Cannot fail.
 *
 * Context: cn->lock, after the commit was published. Return: SAs that were removed.
 */
unsigned int cmap_flow_update(struct cmap_flow *flow, struct cmap_entry *entry,
			      struct cmap_acl *acl, struct cmap_ace *ace);

/**
 * cmap_flow_keeps() - whether an SA stays when the entry is replaced
 * @flow: flow
 * @entry: entry that takes the place of the present one, or is that one
 * @sa: SA of the flow
 *
 * Context: cn->lock.
 */
bool cmap_flow_keeps(const struct cmap_flow *flow,
		     const struct cmap_entry *entry, const struct cmap_sa *sa);

/**
 * cmap_flow_set_idle() - tell a flow how long its SA pairs may be idle, if it has any
 * @flow: flow
 *
 * As its entry and the globals in force say. Holds for the SAs that there are, too.
 * Context: cn->lock.
 */
void cmap_flow_set_idle(struct cmap_flow *flow);

/**
 * cmap_flow_remove() - take a flow out of service
 * @flow: flow
 *
 * Leaves the tables, removes its SAs and tells the daemon, drops held packets.
 * The caller's references stay; that of a dynamic flow or a pair of hosts to be there
 * goes. With a permit go its pairs.
 *
 * Context: cn->lock, after the configuration that replaces it was published.
 * Return: SAs that were removed.
 */
unsigned int cmap_flow_remove(struct cmap_flow *flow);

/**
 * cmap_flow_flush() - remove the SAs of a flow and tell the daemon
 * @flow: flow
 * @family: family of @remote, or AF_UNSPEC for all SAs
 * @remote: only SAs with this peer
 *
 * Context: cn->lock. Return: SAs that were removed.
 */
unsigned int cmap_flow_flush(struct cmap_flow *flow, u16 family,
			     const union cmap_addr *remote);

/**
 * cmap_flow_has_peer() - whether the entry of a flow has this peer
 * @flow: flow
 * @family: AF_INET or AF_INET6
 * @peer: address, unused bytes zero
 *
 * Context: cn->lock.
 */
bool cmap_flow_has_peer(const struct cmap_flow *flow, u16 family,
			const union cmap_addr *peer);

/**
 * cmap_flow_is_dynamic() - whether a peer made a flow
 * @flow: flow
 *
 * Context: any.
 */
static inline bool cmap_flow_is_dynamic(const struct cmap_flow *flow)
{
	return flow->kind == CMAP_FLOW_DYNAMIC;
}

/**
 * cmap_flow_permit() - the flow that rules lead to
 * @flow: flow
 *
 * Context: RCU read side or a reference.
 * Return: of a pair of hosts that of the permit, else @flow itself.
 */
struct cmap_flow *cmap_flow_permit(const struct cmap_flow *flow);

/**
 * cmap_flow_match() - what a flow protects
 * @flow: flow
 * @room: for a condition that is not kept in full
 *
 * Context: RCU read side or cn->lock. Return: @room or what the ACE has.
 */
const struct cmap_match *cmap_flow_match(const struct cmap_flow *flow,
					 struct cmap_match *room);

/**
 * cmap_flow_lookup_rcu() - flow by id
 * @cn: namespace
 * @id: id
 *
 * Context: RCU read side or cn->lock. Return: flow or NULL.
 */
struct cmap_flow *cmap_flow_lookup_rcu(struct cmap_net *cn, u32 id);

/**
 * cmap_flow_name() - what a flow is called, for traces
 * @flow: flow, or NULL
 * @name: set, empty and zero without a flow
 *
 * Context: RCU read side or a reference.
 */
void cmap_flow_name(const struct cmap_flow *flow, struct cmap_flow_name *name);

/**
 * cmap_flow_detach() - make a packet fit to wait
 * @skb: packet after the rest of the POST_ROUTING hooks
 *
 * It has no reference to conntrack any more (a held one blocks the exit of the
 * namespace) or to what other extensions hold, a counted reference to its route, no
 * claim on its socket's send buffer. Its device is that of the route when it goes on.
 *
 * Return: false if its route has gone.
 */
bool cmap_flow_detach(struct sk_buff *skb);

/**
 * cmap_flow_hold() - let a packet wait for an SA, and ask for one
 * @flow: flow without an outbound SA
 * @skb: packet after the rest of the POST_ROUTING hooks, consumed
 *
 * One acquire is outstanding at a time; it is repeated until an SA comes, the
 * daemon says that it failed, or nobody answered in time. That of a pair of hosts is
 * repeated only when packets came since, see cmap_host_pair_repeats(). After a failure packets
 * are dropped for a while, longer with each one in a row, until an SA comes or
 * the configuration changes.
 *
 * Context: RCU read side, BH disabled.
 */
void cmap_flow_hold(struct cmap_flow *flow, struct sk_buff *skb);

/**
 * cmap_flow_initiate() - ask for an SA as cmap_flow_hold() does, with no packet
 * @flow: flow without an outbound SA
 *
 * What packets have to wait for after a failure, this has to wait for, too.
 *
 * Context: RCU read side or cn->lock.
 * Return: -1 if an SA is on its way, or why none is asked for: what a packet would be
 * dropped for, an enum crypto_map_drop_reason.
 */
int cmap_flow_initiate(struct cmap_flow *flow);

/**
 * cmap_flow_foresee_hold() - what cmap_flow_hold() would do
 * @flow: flow without an outbound SA
 *
 * Context: RCU read side, BH disabled.
 * Return: -1 if a packet would wait, or an enum crypto_map_drop_reason.
 */
int cmap_flow_foresee_hold(struct cmap_flow *flow);

/**
 * cmap_flow_rests() - whether nothing would be lost with what a flow knows
 * @flow: flow without SAs that was used
 *
 * Return: true if no SA is asked for, and none has failed lately.
 */
bool cmap_flow_rests(struct cmap_flow *flow);

/**
 * cmap_flow_acquire() - ask for an SA although there is one
 * @flow: flow
 *
 * Context: RCU read side or cn->lock.
 */
void cmap_flow_acquire(struct cmap_flow *flow);

/**
 * cmap_flow_expect() - an SA is on its way: hold packets, ask for none
 * @flow: flow without an outbound SA in use
 *
 * Should the SA not come, it is asked for as if an acquire had been lost.
 *
 * Context: cn->lock.
 */
void cmap_flow_expect(struct cmap_flow *flow);

/**
 * cmap_flow_up() - an outbound SA is there: end the acquire, release packets
 * @flow: flow
 *
 * Context: cn->lock.
 */
void cmap_flow_up(struct cmap_flow *flow);

/**
 * cmap_flow_fail() - the acquire failed: drop the packets that wait
 * @flow: flow
 * @reason: why
 *
 * Context: RCU read side or cn->lock.
 */
void cmap_flow_fail(struct cmap_flow *flow,
		    enum crypto_map_drop_reason reason);

/**
 * cmap_flow_dev_down() - drop packets that were to leave by a device
 * @cn: namespace
 * @ifname: device that goes away
 *
 * Context: cn->lock.
 */
void cmap_flow_dev_down(struct cmap_net *cn, const char *ifname);

/**
 * cmap_flow_counts() - traffic of a flow, over all its SAs so far
 * @flow: flow
 * @counts: result
 *
 * Context: cn->lock.
 */
void cmap_flow_counts(struct cmap_flow *flow, struct cmap_flow_counts *counts);

/**
 * cmap_flow_clear() - set the counters of a flow and of its SAs to zero
 * @flow: flow
 *
 * What SAs have used of their lifetimes stays as it is.
 *
 * Context: cn->lock.
 */
void cmap_flow_clear(struct cmap_flow *flow);

void cmap_flow_get(struct cmap_flow *flow);
void cmap_flow_put(struct cmap_flow *flow);

#endif /* _CMAP_FLOW_H */
