// SPDX-License-Identifier: GPL-2.0-only
/* Security associations: tables, making and removing, accounting. */

#include <crypto/aead.h>
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/wait_bit.h>
#include <net/xfrm.h>

#include "aead.h"
#include "config.h"
#include "dynamic.h"
#include "flow.h"
#include "held.h"
#include "host_pair.h"
#include "input.h"
#include "natt.h"
#include "net.h"
#include "nl_event.h"
#include "sa.h"
#include "sa_life.h"
#include "trace.h"

static const struct rhashtable_params cmap_sa_table = {
	.key_len		= sizeof(u32),
	.key_offset		= offsetof(struct cmap_sa, spi),
	.head_offset		= offsetof(struct cmap_sa, node),
	.automatic_shrinking	= true,
};

static struct rhltable *cmap_sa_table_of(struct cmap_sa *sa)
{
	return sa->dir == CRYPTO_MAP_SA_DIR_IN ? &sa->cn->sa_in :
						 &sa->cn->sa_out;
}

struct cmap_sa *cmap_sa_lookup_in(struct cmap_net *cn, u32 spi, u16 family,
				  const union cmap_addr *daddr)
{
	struct cmap_sa *sa, *larval = NULL;
	struct rhlist_head *list, *pos;

	/* while a larval SA is replaced both are there: take the one with keys */
	list = rhltable_lookup(&cn->sa_in, &spi, cmap_sa_table);
	rhl_for_each_entry_rcu(sa, pos, list, node) {
		if (sa->family != family ||
		    !cmap_sa_addr_equal(family, &sa->local, daddr))
			continue;
		if (sa->state != CRYPTO_MAP_SA_STATE_LARVAL)
			return sa;
		larval = sa;
	}
	return larval;
}

struct cmap_sa *cmap_sa_lookup_out(struct cmap_net *cn, u32 spi, u16 family,
				   const union cmap_addr *saddr,
				   const union cmap_addr *daddr)
{
	struct rhlist_head *list, *pos;
	struct cmap_sa *sa;

	list = rhltable_lookup(&cn->sa_out, &spi, cmap_sa_table);
	rhl_for_each_entry_rcu(sa, pos, list, node)
		if (sa->family == family &&
		    cmap_sa_addr_equal(family, &sa->remote, daddr) &&
		    (!saddr || cmap_sa_addr_equal(family, &sa->local, saddr)))
			return sa;
	return NULL;
}

/* Free the memory of an SA that nobody can reach: no reference, no reader. */
static void cmap_sa_free_work(struct work_struct *work)
{
	struct cmap_sa *sa = container_of(to_rcu_work(work), struct cmap_sa,
					  free_work);
	struct cmap_net *cn = sa->cn;

	if (sa->tfm)
		crypto_free_aead(sa->tfm);
	dst_cache_destroy(&sa->route);
	kfree(sa->replay);
	kfree(sa->drops);
	if (sa->flow)
		cmap_flow_put(sa->flow);
	kfree(sa);
	/* by address only: the namespace may be freed as soon as it reads 0 */
	if (atomic_dec_and_test(&cn->sa_alive))
		wake_up_var(&cn->sa_alive);
}

void cmap_sa_put(struct cmap_sa *sa)
{
	if (refcount_dec_and_test(&sa->refs))
		queue_rcu_work(cmap_wq, &sa->free_work);
}

/* Memory of an SA, counted in cn->sa_alive, with one reference. */
static struct cmap_sa *cmap_sa_alloc(struct cmap_net *cn, u32 replay_window)
{
	struct cmap_sa *sa;
	u32 words;

	sa = kzalloc(sizeof(*sa), GFP_KERNEL_ACCOUNT);
	if (!sa)
		return NULL;
	words = cmap_replay_words(replay_window);
	sa->replay = kzalloc(struct_size(sa->replay, ring, words),
			     GFP_KERNEL_ACCOUNT);
	if (!sa->replay || dst_cache_init(&sa->route, GFP_KERNEL_ACCOUNT)) {
		kfree(sa->replay);
		kfree(sa);
		return NULL;
	}
	cmap_replay_init(sa->replay, replay_window);

	refcount_set(&sa->refs, 1);
	spin_lock_init(&sa->lock);
	INIT_LIST_HEAD(&sa->flow_node);
	__skb_queue_head_init(&sa->pending);
	INIT_RCU_WORK(&sa->free_work, cmap_sa_free_work);
	cmap_sa_life_init(sa);
	sa->cn = cn;
	sa->seen_next = jiffies;
	atomic_inc(&cn->sa_alive);
	return sa;
}

static int cmap_sa_insert(struct cmap_sa *sa)
{
	int err;

	if (sa->cn->n_sas >= CMAP_SAS_MAX)
		return -ENOSPC;
	err = rhltable_insert(cmap_sa_table_of(sa), &sa->node, cmap_sa_table);
	if (err)
		return err;
	sa->cn->n_sas++;
	sa->cn->sa_changes++;
	sa->id = ++sa->cn->sa_seq;
	return 0;
}

static bool cmap_spi_taken(struct cmap_net *cn, u32 spi, u16 family,
			   const union cmap_addr *local)
{
	struct xfrm_state *x;

	if (cmap_sa_lookup_in(cn, spi, family, local))
		return true;
	x = xfrm_state_lookup(cn->net, 0, (const xfrm_address_t *)local,
			      cpu_to_be32(spi), IPPROTO_ESP, family);
	if (!x)
		return false;
	xfrm_state_put(x);
	return true;
}

static bool cmap_spi_find(struct cmap_net *cn, u16 family,
			  const union cmap_addr *local, u32 min, u32 max,
			  u32 *spi)
{
	u64 range = (u64)max - min + 1;
	unsigned int tries;
	u32 try;

	for (tries = 0; tries < 64; tries++) {
		try = min + (u32)(((u64)get_random_u32() * range) >> 32);
		if (!cmap_spi_taken(cn, try, family, local)) {
			*spi = try;
			return true;
		}
	}
	return false;
}

int cmap_sa_alloc_spi(struct cmap_net *cn, u16 family,
		      const union cmap_addr *local,
		      const union cmap_addr *remote, u32 min, u32 max,
		      u32 portid, u32 *spi)
{
	struct cmap_sa *sa;
	bool found;
	int err;

	sa = cmap_sa_alloc(cn, 0);
	if (!sa)
		return -ENOMEM;
	sa->dir = CRYPTO_MAP_SA_DIR_IN;
	sa->state = CRYPTO_MAP_SA_STATE_LARVAL;
	sa->waits = true;
	sa->family = family;
	sa->local = *local;
	sa->remote = *remote;
	sa->portid = portid;

	mutex_lock(&cn->lock);
	rcu_read_lock();
	found = cn->n_larvals < CMAP_LARVALS_MAX &&
		cmap_spi_find(cn, family, local, min, max, &sa->spi);
	rcu_read_unlock();
	err = found ? cmap_sa_insert(sa) : -ENOSPC;
	if (!err) {
		*spi = sa->spi;
		list_add_tail(&sa->flow_node, &cn->larvals);
		cn->n_larvals++;
		trace_cmap_sa(sa);
		cmap_sa_rearm(sa, CMAP_LARVAL_SECONDS * HZ);
	}
	mutex_unlock(&cn->lock);
	if (err)
		cmap_sa_put(sa);
	return err;
}

int cmap_sa_hold_pending(struct cmap_sa *sa, struct sk_buff *skb)
{
	struct cmap_held *held = &sa->cn->held_in;
	int err = 0;

	spin_lock_bh(&sa->lock);
	if (sa->dead || !sa->waits) {
		err = -EAGAIN;
	} else if (cmap_held_is_full(held) ||
		   skb_queue_len(&sa->pending) >=
		   cmap_held_queue_max(held, CMAP_HELD_QUEUE_FEW)) {
		err = -ENOBUFS;
	} else {
		skb_ext_reset(skb);
		skb->dev = NULL;
		cmap_held_add(held, &sa->pending, skb);
	}
	spin_unlock_bh(&sa->lock);
	return err;
}

static void cmap_sa_release(struct cmap_sa *sa, struct sk_buff_head *waited)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(waited))) {
		local_bh_disable();
		rcu_read_lock();
		cmap_input_pending(sa, skb);
		rcu_read_unlock();
		local_bh_enable();
		cond_resched();
	}
}

/* So often those that came meanwhile go before others, however many there are. */
#define CMAP_SA_CATCH_UP	4

/*
 * Let a new inbound SA take the place, and the packets, of a larval one. What comes
 * meanwhile waits, too: behind newer ones those would be left of the replay window.
 */
static void cmap_sa_replace_larval(struct cmap_sa *sa, struct cmap_sa *larval)
{
	struct cmap_held *held = &sa->cn->held_in;
	struct sk_buff_head waited;
	unsigned int n = 0;
	bool waits;

	__skb_queue_head_init(&waited);
	spin_lock_bh(&larval->lock);
	larval->dead = true;
	cmap_held_take(held, &larval->pending, &waited);
	spin_unlock_bh(&larval->lock);
	cmap_sa_remove(larval);

	do {
		cmap_sa_release(sa, &waited);
		spin_lock_bh(&sa->lock);
		cmap_held_take(held, &sa->pending, &waited);
		waits = !skb_queue_empty(&waited) && ++n < CMAP_SA_CATCH_UP;
		WRITE_ONCE(sa->waits, waits);
		spin_unlock_bh(&sa->lock);
	} while (waits);
	cmap_sa_release(sa, &waited);
}

/*
 * When a flow was last used, as its SAs know; now, without any. A successor goes
 * on from there: rekeying an SA that nobody uses does not make it used.
 */
static unsigned long cmap_sa_flow_used(const struct cmap_flow *flow)
{
	unsigned long last = jiffies;
	const struct cmap_sa *sa;
	bool any = false;

	list_for_each_entry(sa, &flow->sas, flow_node) {
		if (!any || time_after(READ_ONCE(sa->last_used), last))
			last = READ_ONCE(sa->last_used);
		any = true;
	}
	return last;
}

static void cmap_sa_fill(struct cmap_sa *sa, struct cmap_flow *flow,
			 const struct cmap_sa_params *p)
{
	struct cmap_match room;
	const struct cmap_match *match = cmap_flow_match(flow, &room);

	sa->spi = p->spi;
	sa->dir = p->dir;
	sa->mode = p->mode;
	sa->state = CRYPTO_MAP_SA_STATE_ACTIVE;
	sa->family = p->family;
	sa->local = p->local;
	sa->remote = p->remote;
	sa->encap_sport = htons(p->encap_sport);
	sa->encap_dport = htons(p->encap_dport);
	sa->follow_port = p->flags & CRYPTO_MAP_SA_FLAGS_FOLLOW_PORT;
	sa->alg = p->alg;
	sa->iv_salt = get_random_u64();
	sa->sel = p->has_sel ? p->sel : *match;
	sa->narrow = memcmp(&sa->sel, match, sizeof(sa->sel));
	sa->soft = p->soft;
	sa->hard = p->hard;
	sa->tfc_pad = p->tfc_pad;
	sa->flags = p->flags;
	sa->twin_spi = p->twin_spi;
	sa->pfs_group = p->pfs_group;
	sa->last_used = cmap_sa_flow_used(flow);
	if (p->dir == CRYPTO_MAP_SA_DIR_OUT)
		sa->oseq = p->seq;
	else if (p->seq)
		cmap_replay_start(sa->replay, p->seq);
	cmap_flow_get(flow);
	sa->flow = flow;
}

struct cmap_sa *cmap_sa_create(struct cmap_net *cn, struct cmap_flow *flow,
			       const struct cmap_sa_params *p,
			       struct netlink_ext_ack *extack)
{
	struct cmap_sa *sa, *old;
	int err;

	lockdep_assert_held(&cn->lock);

	rcu_read_lock();
	if (p->dir == CRYPTO_MAP_SA_DIR_IN)
		old = cmap_sa_lookup_in(cn, p->spi, p->family, &p->local);
	else
		old = cmap_sa_lookup_out(cn, p->spi, p->family, &p->local,
					 &p->remote);
	rcu_read_unlock();	/* cn->lock keeps it */
	if (old && old->state != CRYPTO_MAP_SA_STATE_LARVAL) {
		NL_SET_ERR_MSG_FMT(extack, "SPI 0x%x is in use", p->spi);
		return ERR_PTR(-EEXIST);
	}

	/* for the traffic of its SAs when these are gone */
	if (!cmap_flow_state(flow, GFP_KERNEL_ACCOUNT))
		return ERR_PTR(-ENOMEM);
	sa = cmap_sa_alloc(cn, p->dir == CRYPTO_MAP_SA_DIR_IN ?
			   p->replay_window : 0);
	if (!sa)
		return ERR_PTR(-ENOMEM);
	cmap_sa_fill(sa, flow, p);
	sa->waits = !!old;

	sa->tfm = cmap_aead_create(&p->alg, p->enc, p->auth);
	if (IS_ERR(sa->tfm)) {
		err = PTR_ERR(sa->tfm);
		sa->tfm = NULL;
		NL_SET_ERR_MSG_FMT(extack, "kernel crypto: %s: error %d",
				   p->alg.name, err);
		goto put;
	}
	err = cmap_natt_sa_add(sa);
	if (err) {
		NL_SET_ERR_MSG_FMT(extack, "reassembly of IPv6 fragments: error %d",
				   err);
		goto put;
	}
	err = cmap_sa_insert(sa);
	if (err == -ENOSPC)
		NL_SET_ERR_MSG_FMT(extack, "more than %u SAs", CMAP_SAS_MAX);
	if (err)
		goto uncount;
	list_add_tail(&sa->flow_node, &flow->sas);
	flow->state->dynamic_expects = false;
	/* what commits tell flows that have SAs */
	cmap_flow_set_idle(flow);
	cmap_sa_rearm(sa, 0);

	if (sa->dir == CRYPTO_MAP_SA_DIR_OUT) {
		cmap_sa_start_out(sa, p->standby);
	} else {
		trace_cmap_sa(sa);
		cmap_nl_sa_ntf(sa);
		if (old)
			cmap_sa_replace_larval(sa, old);
	}
	return sa;

uncount:
	cmap_natt_sa_del(sa);
put:
	cmap_sa_put(sa);
	return ERR_PTR(err);
}

/* Add what a removed SA has carried to its flow. */
static void cmap_sa_count_past(struct cmap_sa *sa, u64 packets, u64 bytes)
{
	struct cmap_flow *flow = sa->flow;
	struct cmap_flow_counts *past = &flow->state->past;

	spin_lock_bh(&flow->lock);
	if (sa->dir == CRYPTO_MAP_SA_DIR_OUT) {
		past->out_packets += packets;
		past->out_bytes += bytes;
	} else {
		past->in_packets += packets;
		past->in_bytes += bytes;
	}
	spin_unlock_bh(&flow->lock);
}

/* The last SA of a flow has gone: some flows go with it. */
static void cmap_sa_bare(struct cmap_flow *flow)
{
	if (flow->kind == CMAP_FLOW_DYNAMIC)
		cmap_dynamic_kick(flow->cn);
	else if (flow->kind == CMAP_FLOW_HOST_PAIR)
		cmap_host_pair_bare(flow);
}

void cmap_sa_remove(struct cmap_sa *sa)
{
	struct cmap_drop_info info = { .cn = sa->cn, .spi = sa->spi };
	struct cmap_net *cn = sa->cn;
	struct sk_buff_head pending;

	lockdep_assert_held(&cn->lock);

	rhltable_remove(cmap_sa_table_of(sa), &sa->node, cmap_sa_table);
	cmap_natt_sa_del(sa);
	cn->n_sas--;
	cn->sa_changes++;
	if (sa->state == CRYPTO_MAP_SA_STATE_LARVAL)
		cn->n_larvals--;

	list_del_init(&sa->flow_node);
	if (sa->flow && list_empty(&sa->flow->sas))
		cmap_sa_bare(sa->flow);
	if (sa->flow && sa->dir == CRYPTO_MAP_SA_DIR_OUT) {
		sa->flow->state->last_port = sa->encap_dport;
		cmap_sa_leave_twin(sa);
	}
	/* the successor first, so that packets find one that works */
	if (sa->flow && rcu_access_pointer(sa->flow->out) == sa)
		cmap_sa_hand_over(sa);

	__skb_queue_head_init(&pending);
	spin_lock_bh(&sa->lock);
	sa->dead = true;
	cmap_held_take(&cn->held_in, &sa->pending, &pending);
	if (sa->flow)
		cmap_sa_count_past(sa, sa->packets, sa->bytes);
	spin_unlock_bh(&sa->lock);
	cmap_drop_queue(&pending, CRYPTO_MAP_DROP_REASON_LARVAL_FULL, &info);
	trace_cmap_sa(sa);
	if (sa->flow)
		cmap_nl_sa_gone_ntf(sa);

	if (cancel_delayed_work(&sa->life_work))
		cmap_sa_put(sa);
	cmap_sa_put(sa);
}

/* Remove larval SAs of one netlink port, or of all ports. */
static void cmap_sa_remove_larval(struct cmap_net *cn, bool all, u32 portid)
{
	struct cmap_sa *sa, *next;

	lockdep_assert_held(&cn->lock);

	list_for_each_entry_safe(sa, next, &cn->larvals, flow_node)
		if (all || sa->portid == portid)
			cmap_sa_remove(sa);
}

void cmap_sa_release_port(struct cmap_net *cn, u32 portid)
{
	mutex_lock(&cn->lock);
	cmap_sa_remove_larval(cn, false, portid);
	mutex_unlock(&cn->lock);
}

static bool cmap_limit_reached(const struct cmap_limits *limit,
			       const struct cmap_sa *sa)
{
	return (limit->bytes && sa->bytes >= limit->bytes) ||
	       (limit->packets && sa->packets >= limit->packets);
}

/* One packet more; under sa->lock. */
static void cmap_sa_count(struct cmap_sa *sa, unsigned int len)
{
	sa->packets++;
	sa->bytes += len;
	WRITE_ONCE(sa->last_used, jiffies);
	if (cmap_limit_reached(&sa->soft, sa))
		cmap_sa_event(sa, CMAP_SA_EVENT_SOFT);
}

static int cmap_replay_drop(enum cmap_replay_result res)
{
	return res == CMAP_REPLAY_ZERO ? CRYPTO_MAP_DROP_REASON_ZERO_SEQUENCE :
					 CRYPTO_MAP_DROP_REASON_REPLAY;
}

int cmap_sa_account_in(struct cmap_sa *sa, u64 seq, unsigned int len,
		       bool *newest)
{
	enum cmap_replay_result res;
	int drop = -1;

	spin_lock_bh(&sa->lock);
	if (sa->dead) {
		drop = CRYPTO_MAP_DROP_REASON_IN_SA_EXPIRED;
	} else if (cmap_limit_reached(&sa->hard, sa)) {
		cmap_sa_event(sa, CMAP_SA_EVENT_HARD);
		drop = CRYPTO_MAP_DROP_REASON_IN_SA_EXPIRED;
	} else {
		*newest = seq > sa->replay->top;
		res = cmap_replay_advance(sa->replay, seq);
		if (res == CMAP_REPLAY_OK)
			cmap_sa_count(sa, len);
		else
			drop = cmap_replay_drop(res);
	}
	if (drop < 0 && READ_ONCE(sa->wake_twin))
		cmap_sa_event(sa, CMAP_SA_EVENT_USED);
	spin_unlock_bh(&sa->lock);
	return drop;
}

int cmap_sa_account_out(struct cmap_sa *sa, unsigned int len, u64 *seq)
{
	/* RFC 4303 3.3.3: neither number wraps */
	u64 last = sa->alg.esn ? U64_MAX : U32_MAX;
	int drop = -1;

	spin_lock_bh(&sa->lock);
	if (sa->dead) {
		drop = CRYPTO_MAP_DROP_REASON_OUT_SA_EXPIRED;
	} else if (cmap_limit_reached(&sa->hard, sa)) {
		cmap_sa_event(sa, CMAP_SA_EVENT_HARD);
		drop = CRYPTO_MAP_DROP_REASON_OUT_SA_EXPIRED;
	} else if (sa->oseq == last) {
		cmap_sa_event(sa, CMAP_SA_EVENT_HARD);
		drop = CRYPTO_MAP_DROP_REASON_SEQ_EXHAUSTED;
	} else {
		*seq = ++sa->oseq;
		if (sa->oseq >= last - CMAP_SEQ_SPARE)
			cmap_sa_event(sa, CMAP_SA_EVENT_SOFT);
		cmap_sa_count(sa, len);
	}
	spin_unlock_bh(&sa->lock);
	return drop;
}

void cmap_sa_used(struct cmap_sa *sa, struct cmap_limits *used)
{
	spin_lock_bh(&sa->lock);
	used->seconds = ktime_get_boottime_seconds() - sa->born;
	used->bytes = sa->bytes;
	used->packets = sa->packets;
	spin_unlock_bh(&sa->lock);
}

int cmap_sa_net_init(struct cmap_net *cn)
{
	int err;

	err = rhltable_init(&cn->sa_in, &cmap_sa_table);
	if (err)
		return err;
	err = rhltable_init(&cn->sa_out, &cmap_sa_table);
	if (err)
		rhltable_destroy(&cn->sa_in);
	return err;
}

void cmap_sa_net_exit(struct cmap_net *cn)
{
	/* these belong to no flow; all others went with their flows */
	mutex_lock(&cn->lock);
	cmap_sa_remove_larval(cn, true, 0);
	mutex_unlock(&cn->lock);

	/* packets in crypto, works and grace periods */
	wait_var_event(&cn->sa_alive, !atomic_read(&cn->sa_alive));
	rhltable_destroy(&cn->sa_in);
	rhltable_destroy(&cn->sa_out);
}
