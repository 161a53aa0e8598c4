/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_SA_H
#define _CMAP_SA_H

/*
 * Security associations.
 *
 * Life: made under cn->lock by a netlink handler or for an ipsec-manual entry,
 * and entered into the table of its direction and the list of its flow; that is
 * one reference. A packet takes another when it enters the crypto API, a queued
 * lifetime work a third. cmap_sa_remove() takes it out of tables and flow; the
 * memory goes in a worker after the last reference and a grace period, since
 * freeing a transform may sleep. Namespace exit waits for that (cn->sa_alive),
 * so a completion finds its namespace alive however late it comes.
 *
 * Lock order: cn->lock, then sa->lock, then flow->lock.
 */

#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <linux/skbuff.h>
#include <linux/socket.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <net/dst_cache.h>

#include <uapi/linux/crypto_map.h>

#include "algs.h"
#include "drop.h"
#include "replay.h"
#include "tuple.h"

struct cmap_flow;
struct cmap_net;
struct crypto_aead;
struct netlink_ext_ack;

/**
 * struct cmap_limits - a lifetime, or what was used of one
 * @seconds: since creation; 0 for no limit
 * @bytes: of plaintext; 0 for no limit
 * @packets: 0 for no limit
 */
struct cmap_limits {
	u64	seconds;
	u64	bytes;
	u64	packets;
};

/**
 * struct cmap_sa_params - what a new SA is made of
 * @spi: host byte order
 * @dir: enum crypto_map_sa_dir
 * @family: AF_INET or AF_INET6 of the outer header
 * @mode: enum crypto_map_mode
 * @flags: enum crypto_map_sa_flags
 * @standby: the peer may not have its keys yet: start on standby
 * @local: local tunnel end point
 * @remote: remote tunnel end point
 * @encap_sport: local UDP port in host byte order, 0 for no encapsulation
 * @encap_dport: remote UDP port in host byte order
 * @twin_spi: SPI of the other direction, 0 if unknown
 * @replay_window: packets, 0 for no check
 * @pfs_group: for display
 * @seq: number to go on from: last sent, or highest received
 * @tfc_pad: tunnel mode, plaintext bytes to which smaller packets are padded
 * @has_sel: @sel is valid; otherwise the condition of the flow's ACE is used
 * @sel: source is the protected side
 * @soft: soft limits
 * @hard: hard limits
 * @alg: algorithms
 * @enc: cipher key with salt
 * @auth: authenticator key
 */
struct cmap_sa_params {
	u32			spi;
	u8			dir;
	u8			mode;
	u16			family;
	u32			flags;
	bool			standby;
	union cmap_addr		local;
	union cmap_addr		remote;
	u16			encap_sport;
	u16			encap_dport;
	u32			twin_spi;
	u32			replay_window;
	u16			pfs_group;
	u64			seq;
	u32			tfc_pad;
	bool			has_sel;
	struct cmap_match	sel;
	struct cmap_limits	soft;
	struct cmap_limits	hard;
	struct cmap_alg		alg;
	const u8		*enc;
	const u8		*auth;
};

/**
 * struct cmap_origin - where a packet came from
 * @addr: address
 * @port: UDP port, network byte order; 0 for nowhere
 */
struct cmap_origin {
	union cmap_addr	addr;
	__be16		port;
};

/* What the data path asks the lifetime work to do: bits of cmap_sa.events. */
enum cmap_sa_event {
	CMAP_SA_EVENT_SOFT,	/* soft limit of bytes, packets or numbers */
	CMAP_SA_EVENT_HARD,	/* hard limit */
	CMAP_SA_EVENT_USED,	/* first packet on an inbound SA whose twin waits */
	CMAP_SA_EVENT_SEEN,	/* the peer is elsewhere now: @seen */
};

/**
 * struct cmap_sa - a security association
 * @node: node in cn->sa_in or cn->sa_out, by @spi
 * @spi: host byte order, constant; table key
 * @dir: enum crypto_map_sa_dir, constant
 * @mode: enum crypto_map_mode, constant
 * @state: enum crypto_map_sa_state; written under cn->lock, read with READ_ONCE
 * @waits: inbound, packets wait in @pending: there are no keys, or those that waited for
 *	them go first; written under cn->lock and @lock, READ_ONCE
 * @family: of the outer header, constant
 * @local: local end point, constant
 * @remote: remote end point, constant
 * @encap_sport: local UDP port, network byte order, 0 for none; written under
 *	cn->lock, READ_ONCE
 * @encap_dport: remote UDP port, network byte order; written under cn->lock and
 *	@lock, READ_ONCE; never changes between zero and others
 * @follow_port: the peer is behind a NAT, @encap_dport follows it; constant
 * @alg: algorithms, constant
 * @tfm: keyed transform, constant; NULL while larval
 * @iv_salt: random, makes IVs of counter modes differ between SAs of equal key
 * @cn: namespace, constant
 * @flow: flow, holds a reference, constant; NULL while larval
 * @sel: inner packets allowed, source is the protected side; constant
 * @narrow: @sel is not all of the flow, constant
 * @soft: soft limits, constant
 * @hard: hard limits, constant
 * @tfc_pad: outbound in tunnel mode, bytes to which smaller packets are padded, 0
 *	for none; constant
 * @lock: protects what follows up to @seen_next (BH)
 * @dead: removed; written under cn->lock too
 * @oseq: last sequence number sent
 * @bytes: plaintext bytes carried
 * @packets: packets carried
 * @last_used: jiffies of the last packet; at first, of the last one of the SAs
 *	that it succeeds, or of its creation
 * @replay: anti-replay window; of no use for outbound
 * @seen: inbound, where the peer was seen last if it was not @remote and
 *	@encap_dport
 * @seen_next: jiffies when @seen may change again
 * @route: route to @remote, outbound
 * @refs: tables and flow, packets in crypto, queued work
 * @free_work: last step of its life
 * @life_work: lifetimes and activation; each queueing holds a reference
 * @events: bits of enum cmap_sa_event for @life_work
 * @flow_node: node in flow->sas, or in cn->larvals; under cn->lock
 * @id: number for display
 * @flags: enum crypto_map_sa_flags; under cn->lock
 * @twin_spi: SPI of the other direction, 0 if unknown
 * @alone: inbound, its outbound SA has gone; under cn->lock
 * @replaced_at: jiffies when @life_work saw that another pair took the place of its own,
 *	or that it is left alone; 0 when that is not so; under cn->lock
 * @wake_twin: inbound, tell @life_work of the first packet; READ_ONCE
 * @pfs_group: for display
 * @portid: netlink port that reserved a larval SPI
 * @born: seconds since boot
 * @standby_until: jiffies when a standby SA is activated at the latest
 * @pending: packets that wait for keys, or for others that do; under @lock
 * @drops: drops by enum crypto_map_drop_reason, allocated with the first one
 */
struct cmap_sa {
	struct rhlist_head	node;
	u32			spi;
	u8			dir;
	u8			mode;
	u8			state;
	bool			waits;
	u16			family;
	union cmap_addr		local;
	union cmap_addr		remote;
	__be16			encap_sport;
	__be16			encap_dport;
	bool			follow_port;
	struct cmap_alg		alg;
	struct crypto_aead	*tfm;
	u64			iv_salt;
	struct cmap_net		*cn;
	struct cmap_flow	*flow;
	struct cmap_match	sel;
	bool			narrow;
	struct cmap_limits	soft;
	struct cmap_limits	hard;
	u32			tfc_pad;

	spinlock_t		lock ____cacheline_aligned_in_smp;
	bool			dead;
	u64			oseq;
	u64			bytes;
	u64			packets;
	unsigned long		last_used;
	struct cmap_replay	*replay;
	struct cmap_origin	seen;
	unsigned long		seen_next;

	struct dst_cache	route;
	refcount_t		refs;
	struct rcu_work		free_work;
	struct delayed_work	life_work;
	unsigned long		events;

	struct list_head	flow_node;
	u32			id;
	u32			flags;
	u32			twin_spi;
	bool			alone;
	unsigned long		replaced_at;
	bool			wake_twin;
	u16			pfs_group;
	u32			portid;
	u64			born;
	unsigned long		standby_until;
	struct sk_buff_head	pending;
	atomic64_t		*drops;
};

/* How long a reserved SPI waits for its keys. */
#define CMAP_LARVAL_SECONDS	120
/* What one namespace may hold: SAs, larval ones included, and larval ones. */
#define CMAP_SAS_MAX		1048576
#define CMAP_LARVALS_MAX	65536
/* So many sequence numbers before the last one ask for a successor. */
#define CMAP_SEQ_SPARE		0x0fffffffu

/**
 * cmap_sa_addr_equal() - compare addresses
 * @family: AF_INET or AF_INET6
 * @a: address
 * @b: address
 */
static inline bool cmap_sa_addr_equal(u16 family, const union cmap_addr *a,
				      const union cmap_addr *b)
{
	return family == AF_INET ? a->ip4 == b->ip4 :
				   !memcmp(a, b, sizeof(*a));
}

int cmap_sa_net_init(struct cmap_net *cn);
void cmap_sa_net_exit(struct cmap_net *cn);

/**
 * cmap_sa_lookup_in() - inbound SA of an ESP packet
 * @cn: namespace
 * @spi: host byte order
 * @family: of the outer header
 * @daddr: outer destination address
 *
 * Context: RCU read side. Return: SA, perhaps larval, or NULL.
 */
struct cmap_sa *cmap_sa_lookup_in(struct cmap_net *cn, u32 spi, u16 family,
				  const union cmap_addr *daddr);

/**
 * cmap_sa_lookup_out() - outbound SA of an ESP packet that we made
 * @cn: namespace
 * @spi: host byte order
 * @family: of the outer header
 * @saddr: outer source address: the same map on two interfaces may have SAs of
 *	one SPI to one peer; NULL for any
 * @daddr: outer destination address
 *
 * Context: RCU read side or cn->lock. Return: SA or NULL.
 */
struct cmap_sa *cmap_sa_lookup_out(struct cmap_net *cn, u32 spi, u16 family,
				   const union cmap_addr *saddr,
				   const union cmap_addr *daddr);

/**
 * cmap_sa_alloc_spi() - reserve an unused SPI for an inbound SA
 * @cn: namespace
 * @family: of the outer header
 * @local: our end point, the destination of inbound packets
 * @remote: the peer
 * @min: lowest SPI wanted
 * @max: highest SPI wanted
 * @portid: netlink port; when its socket closes, the SPI is free again
 * @spi: set to the SPI, host byte order
 *
 * SPIs that XFRM uses are not taken either.
 *
 * Context: takes cn->lock, may sleep. Return: 0, -ENOSPC or -ENOMEM.
 */
int cmap_sa_alloc_spi(struct cmap_net *cn, u16 family,
		      const union cmap_addr *local,
		      const union cmap_addr *remote, u32 min, u32 max,
		      u32 portid, u32 *spi);

/**
 * cmap_sa_create() - add an SA
 * @cn: namespace
 * @flow: its flow
 * @p: what it is made of
 * @extack: told what is wrong
 *
 * An inbound one takes the place of the larval one with its SPI, and gets the
 * packets that waited there. An outbound one is put on standby or activated.
 *
 * Context: cn->lock, may sleep.
 * Return: SA (no new reference) or ERR_PTR(-EEXIST, -ENOENT, -ENOMEM, ...).
 */
struct cmap_sa *cmap_sa_create(struct cmap_net *cn, struct cmap_flow *flow,
			       const struct cmap_sa_params *p,
			       struct netlink_ext_ack *extack);

/**
 * cmap_sa_remove() - take an SA out of service
 * @sa: SA; the reference of the tables is dropped
 *
 * Context: cn->lock.
 */
void cmap_sa_remove(struct cmap_sa *sa);

/**
 * cmap_sa_release_port() - forget SPIs that a netlink socket reserved
 * @cn: namespace
 * @portid: port of the socket
 *
 * Context: takes cn->lock.
 */
void cmap_sa_release_port(struct cmap_net *cn, u32 portid);

/**
 * cmap_sa_account_in() - decide on an authenticated inbound packet
 * @sa: SA
 * @seq: sequence number
 * @len: plaintext bytes
 * @newest: set to whether no packet before had a higher number
 *
 * Advances the replay window and the counters.
 *
 * Return: -1 to accept the packet, or an enum crypto_map_drop_reason.
 */
int cmap_sa_account_in(struct cmap_sa *sa, u64 seq, unsigned int len,
		       bool *newest);

/**
 * cmap_sa_account_out() - take a sequence number for an outbound packet
 * @sa: SA
 * @len: plaintext bytes
 * @seq: set to the sequence number, host byte order
 *
 * Return: -1, or an enum crypto_map_drop_reason.
 */
int cmap_sa_account_out(struct cmap_sa *sa, unsigned int len, u64 *seq);

/**
 * cmap_sa_used() - what an SA has used of its lifetime
 * @sa: SA
 * @used: result
 */
void cmap_sa_used(struct cmap_sa *sa, struct cmap_limits *used);

/* Highest number received by an inbound SA; 0 for an outbound one, or none. */
static inline u64 cmap_sa_top(const struct cmap_sa *sa)
{
	return sa && sa->dir == CRYPTO_MAP_SA_DIR_IN ?
	       READ_ONCE(sa->replay->top) : 0;
}

/* Likewise the size of its window. */
static inline u32 cmap_sa_window(const struct cmap_sa *sa)
{
	return sa && sa->dir == CRYPTO_MAP_SA_DIR_IN ? sa->replay->window : 0;
}

static inline void cmap_sa_get(struct cmap_sa *sa)
{
	refcount_inc(&sa->refs);
}

/* Take a reference under RCU; fails once the last one is gone. */
static inline bool cmap_sa_get_rcu(struct cmap_sa *sa)
{
	return refcount_inc_not_zero(&sa->refs);
}

void cmap_sa_put(struct cmap_sa *sa);

/**
 * cmap_sa_hold_pending() - let an ESP packet wait for the keys of a larval SA
 * @sa: larval SA, or one that goes on with what waited
 * @skb: packet; consumed on success
 *
 * Return: 0, -ENOBUFS when there is no room, -EAGAIN when nothing waits any more: look
 * the SA up again.
 */
int cmap_sa_hold_pending(struct cmap_sa *sa, struct sk_buff *skb);

#endif /* _CMAP_SA_H */
