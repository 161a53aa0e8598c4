// SPDX-License-Identifier: GPL-2.0-only
/* Flows: acquires, packets that wait, counters. */

#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/dst.h>
#include <net/netfilter/nf_conntrack.h>

#include "config.h"
#include "drop.h"
#include "flow.h"
#include "flow_filter.h"
#include "flow_table.h"
#include "held.h"
#include "host_pair.h"
#include "net.h"
#include "nl_daemon.h"
#include "nl_event.h"
#include "output.h"
#include "pkt.h"
#include "sa.h"
#include "sa_life.h"
#include "traffic.h"

/* There may be very many, and of 104 bytes kmalloc would make 128. */
static struct kmem_cache *cmap_flow_cache;

int cmap_flow_init(void)
{
	cmap_flow_cache = kmem_cache_create("crypto_map_flow",
					    sizeof(struct cmap_flow), 0,
					    SLAB_ACCOUNT, NULL);
	return cmap_flow_cache ? 0 : -ENOMEM;
}

/* After the grace periods of all flows. */
void cmap_flow_exit(void)
{
	kmem_cache_destroy(cmap_flow_cache);
}

const struct cmap_match *cmap_flow_match(const struct cmap_flow *flow,
					 struct cmap_match *room)
{
	return cmap_cond_get(&READ_ONCE(flow->ace)->cond, room);
}

static struct cmap_entry *cmap_flow_entry(const struct cmap_flow *flow)
{
	return rcu_dereference_protected(flow->entry,
					 lockdep_is_held(&flow->cn->lock));
}

struct cmap_flow *cmap_flow_lookup_rcu(struct cmap_net *cn, u32 id)
{
	return xa_load(&cn->flows, id);
}

struct cmap_flow *cmap_flow_permit(const struct cmap_flow *flow)
{
	if (flow->kind == CMAP_FLOW_HOST_PAIR)
		return READ_ONCE(flow->state)->pair->permit;
	return (struct cmap_flow *)flow;
}

void cmap_flow_name(const struct cmap_flow *flow, struct cmap_flow_name *name)
{
	const struct cmap_entry *entry;

	memset(name, 0, sizeof(*name));
	if (!flow)
		return;
	rcu_read_lock();
	entry = rcu_dereference(flow->entry);
	strscpy(name->map, entry->map, sizeof(name->map));
	name->entry = entry->seq;
	name->ace = READ_ONCE(cmap_flow_permit(flow)->ace)->seq;
	rcu_read_unlock();
}

/*
 * End an acquire: its timer, and its packets go to @released; flow->lock held, so
 * that a state is seen which a packet made that found no SA before.
 */
static void cmap_flow_end_acquire(struct cmap_flow *flow,
				  struct sk_buff_head *released)
{
	struct cmap_flow_state *state = READ_ONCE(flow->state);

	lockdep_assert_held(&flow->lock);

	if (!state)
		return;
	WRITE_ONCE(state->acquiring, false);
	timer_delete(&state->acquire_timer);
	cmap_held_take(&flow->cn->held, &state->held, released);
}

/* Ask for nothing for a while; the lock of the flow is held. */
static void cmap_flow_back_off(struct cmap_flow_state *state)
{
	struct cmap_flow *flow = state->flow;
	u64 generation = cmap_config_of(flow->cn)->generation;

	lockdep_assert_held(&flow->lock);

	if (state->retry_generation != generation)
		state->retry_wait = 0;
	state->retry_wait = clamp_t(unsigned long, state->retry_wait * 2,
				    CMAP_RETRY_MIN, CMAP_RETRY_MAX);
	state->retry_generation = generation;
	state->retry_at = jiffies + state->retry_wait;
}

void cmap_flow_fail(struct cmap_flow *flow, enum crypto_map_drop_reason reason)
{
	struct cmap_drop_info info = { .cn = flow->cn, .flow = flow };
	struct sk_buff_head dropped;

	__skb_queue_head_init(&dropped);
	spin_lock_bh(&flow->lock);
	if (cmap_flow_acquiring(flow) &&
	    (reason == CRYPTO_MAP_DROP_REASON_ACQUIRE_FAILED ||
	     reason == CRYPTO_MAP_DROP_REASON_ACQUIRE_TIMEOUT))
		cmap_flow_back_off(flow->state);
	cmap_flow_end_acquire(flow, &dropped);
	spin_unlock_bh(&flow->lock);
	cmap_drop_queue(&dropped, reason, &info);
}

/* Whether an acquire that nobody answered is repeated now. */
static bool cmap_flow_repeats(struct cmap_flow_state *state)
{
	struct cmap_flow *flow = state->flow;

	lockdep_assert_held(&flow->lock);

	/* a daemon that comes is asked with the next repeat, if it does not ask */
	if (!cmap_nl_daemon_is_there(flow->cn))
		return false;
	if (flow->kind == CMAP_FLOW_HOST_PAIR &&
	    !(state->acquire_wanted && cmap_host_pair_repeats(flow->cn)))
		return false;
	state->acquire_wanted = false;
	return true;
}

/* Repeat an acquire, in case a message or the daemon was lost, or give it up. */
static void cmap_flow_acquire_timer(struct timer_list *t)
{
	struct cmap_flow_state *state = timer_container_of(state, t,
							   acquire_timer);
	struct cmap_flow *flow = state->flow;
	bool again = false, over = false;

	spin_lock_bh(&flow->lock);
	if (state->acquiring && !flow->removed) {
		over = time_after_eq(jiffies, state->acquire_until);
		again = !over && cmap_flow_repeats(state);
		if (!over)
			mod_timer(&state->acquire_timer,
				  jiffies + CMAP_ACQUIRE_REPEAT);
	}
	spin_unlock_bh(&flow->lock);

	rcu_read_lock();
	if (again)
		cmap_nl_acquire_ntf(flow);
	else if (over)
		cmap_flow_fail(flow, CRYPTO_MAP_DROP_REASON_ACQUIRE_TIMEOUT);
	rcu_read_unlock();
}

/* Whether nothing may be asked for yet. */
static bool cmap_flow_backs_off(const struct cmap_flow_state *state)
{
	const struct cmap_flow *flow = state->flow;

	lockdep_assert_held(&flow->lock);

	/* with another configuration keys of the daemon may be other ones, too */
	return state->retry_wait && time_before(jiffies, state->retry_at) &&
	       state->retry_generation == cmap_config_of(flow->cn)->generation;
}

struct cmap_flow_state *cmap_flow_state(struct cmap_flow *flow, gfp_t gfp)
{
	struct cmap_flow_state *state = READ_ONCE(flow->state), *first;

	if (state)
		return state;
	state = kzalloc(sizeof(*state), gfp);
	if (!state)
		return NULL;
	state->flow = flow;
	timer_setup(&state->acquire_timer, cmap_flow_acquire_timer, 0);
	__skb_queue_head_init(&state->held);
	/* who sees it by READ_ONCE() sees it set up */
	first = cmpxchg(&flow->state, NULL, state);
	if (!first)
		return state;
	kfree(state);
	return first;
}

/* Note that an SA is wanted. Return: whether that is news. */
static bool cmap_flow_start_acquire(struct cmap_flow_state *state)
{
	struct cmap_flow *flow = state->flow;

	lockdep_assert_held(&flow->lock);

	state->acquire_wanted = state->acquiring;
	if (state->acquiring || flow->removed)
		return false;
	WRITE_ONCE(state->acquiring, true);
	state->acquire_until = jiffies + CMAP_ACQUIRE_TIMEOUT;
	mod_timer(&state->acquire_timer, jiffies + CMAP_ACQUIRE_REPEAT);
	return true;
}

/* As above, for a flow that has or had an SA, and so its state. */
static bool cmap_flow_want(struct cmap_flow *flow)
{
	struct cmap_flow_state *state = READ_ONCE(flow->state);
	bool news;

	spin_lock_bh(&flow->lock);
	news = state && cmap_flow_start_acquire(state);
	spin_unlock_bh(&flow->lock);
	return news;
}

void cmap_flow_acquire(struct cmap_flow *flow)
{
	if (cmap_flow_want(flow))
		cmap_nl_acquire_ntf(flow);
}

void cmap_flow_expect(struct cmap_flow *flow)
{
	cmap_flow_want(flow);
}

/* Why a flow cannot get an SA by asking, or -1. */
static int cmap_flow_hopeless(struct cmap_flow *flow)
{
	const struct cmap_entry *entry = rcu_dereference(flow->entry);

	if (entry->kind == CRYPTO_MAP_ENTRY_KIND_MANUAL)
		return CRYPTO_MAP_DROP_REASON_NO_SA_MANUAL;
	if (entry->kind == CRYPTO_MAP_ENTRY_KIND_DYNAMIC)
		return CRYPTO_MAP_DROP_REASON_NO_SA_DYNAMIC;
	if (!cmap_nl_daemon_is_there(flow->cn))
		return CRYPTO_MAP_DROP_REASON_NO_DAEMON;
	return -1;
}

bool cmap_flow_detach(struct sk_buff *skb)
{
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	/* it may have waited before, for its flow */
	if (ct && ct->status & IPS_NAT_MASK)
		CMAP_SKB_CB(skb)->natted = true;
	nf_reset_ct(skb);
	skb_ext_reset(skb);
	skb_orphan(skb);
	skb->dev = NULL;
	return skb_dst_force(skb);
}

/* Why a flow asks for no SA for a packet, or -1; @state may be NULL. */
static int cmap_flow_asks_not(const struct cmap_flow *flow,
			      const struct cmap_flow_state *state)
{
	lockdep_assert_held(&flow->lock);

	if (flow->removed || READ_ONCE(flow->cn->closing))
		return CRYPTO_MAP_DROP_REASON_FLOW_GONE;
	if (state && !state->acquiring && cmap_flow_backs_off(state))
		return CRYPTO_MAP_DROP_REASON_ACQUIRE_FAILED;
	return -1;
}

/* Why there is no room for a packet that waits, or -1; @state may be NULL. */
static int cmap_flow_is_full(const struct cmap_flow *flow,
			     const struct cmap_flow_state *state)
{
	const struct cmap_held *held = &flow->cn->held;
	/* one host may have many pairs */
	unsigned int few = flow->kind == CMAP_FLOW_HOST_PAIR ?
			   1 : CMAP_HELD_QUEUE_FEW;

	lockdep_assert_held(&flow->lock);

	if (state &&
	    skb_queue_len(&state->held) >= cmap_held_queue_max(held, few))
		return CRYPTO_MAP_DROP_REASON_NO_SA;
	if (cmap_held_is_full(held))
		return CRYPTO_MAP_DROP_REASON_HOLD_FULL;
	return -1;
}

int cmap_flow_foresee_hold(struct cmap_flow *flow)
{
	const struct cmap_flow_state *state;
	int drop = cmap_flow_hopeless(flow);

	if (drop >= 0)
		return drop;
	spin_lock(&flow->lock);
	state = flow->state;
	drop = cmap_flow_asks_not(flow, state);
	if (drop < 0)
		drop = cmap_flow_is_full(flow, state);
	spin_unlock(&flow->lock);
	return drop;
}

void cmap_flow_hold(struct cmap_flow *flow, struct sk_buff *skb)
{
	struct cmap_drop_info info = { .cn = flow->cn, .flow = flow };
	struct cmap_flow_state *state = NULL;
	int drop = cmap_flow_hopeless(flow);
	bool news = false, up = false;

	if (drop < 0) {
		state = cmap_flow_state(flow, GFP_ATOMIC);
		if (!state)
			drop = CRYPTO_MAP_DROP_REASON_OUT_NO_MEMORY;
		else if (!cmap_flow_detach(skb))
			drop = CRYPTO_MAP_DROP_REASON_NO_ROUTE;
	}
	if (drop >= 0) {
		cmap_drop(skb, drop, &info);
		return;
	}

	spin_lock(&flow->lock);
	drop = cmap_flow_asks_not(flow, state);
	/* under the lock: cmap_flow_up() takes it after setting flow->out */
	if (rcu_access_pointer(flow->out) &&
	    drop != CRYPTO_MAP_DROP_REASON_FLOW_GONE) {
		drop = -1;
		up = true;
	} else if (drop < 0) {
		news = cmap_flow_start_acquire(state);
		drop = cmap_flow_is_full(flow, state);
		if (drop < 0)
			cmap_held_add(&flow->cn->held, &state->held, skb);
	}
	spin_unlock(&flow->lock);

	if (news)
		cmap_nl_acquire_ntf(flow);
	if (drop >= 0)
		cmap_drop(skb, drop, &info);
	else if (up)
		cmap_output_held(flow, skb);
}

int cmap_flow_initiate(struct cmap_flow *flow)
{
	struct cmap_flow_state *state = NULL;
	bool news = false;
	int why;

	rcu_read_lock();
	why = cmap_flow_hopeless(flow);
	if (why < 0) {
		state = cmap_flow_state(flow, GFP_ATOMIC);
		if (!state)
			why = CRYPTO_MAP_DROP_REASON_OUT_NO_MEMORY;
	}
	if (why < 0) {
		spin_lock_bh(&flow->lock);
		why = cmap_flow_asks_not(flow, state);
		if (why < 0)
			news = cmap_flow_start_acquire(state);
		spin_unlock_bh(&flow->lock);
	}
	if (news)
		cmap_nl_acquire_ntf(flow);
	rcu_read_unlock();
	return why;
}

bool cmap_flow_rests(struct cmap_flow *flow)
{
	const struct cmap_flow_state *state = flow->state;
	bool rests;

	spin_lock_bh(&flow->lock);
	rests = !state->acquiring &&
		(!state->retry_wait ||
		 time_after(jiffies, state->retry_at + CMAP_RETRY_MAX));
	spin_unlock_bh(&flow->lock);
	return rests;
}

void cmap_flow_up(struct cmap_flow *flow)
{
	struct sk_buff_head released;
	struct sk_buff *skb;

	lockdep_assert_held(&flow->cn->lock);

	__skb_queue_head_init(&released);
	spin_lock_bh(&flow->lock);
	if (flow->state)
		flow->state->retry_wait = 0;
	cmap_flow_end_acquire(flow, &released);
	spin_unlock_bh(&flow->lock);

	while ((skb = __skb_dequeue(&released))) {
		local_bh_disable();
		rcu_read_lock();
		cmap_output_held(flow, skb);
		rcu_read_unlock();
		local_bh_enable();
		cond_resched();
	}
}

void cmap_flow_dev_down(struct cmap_net *cn, const char *ifname)
{
	struct cmap_flow *flow;
	unsigned long id;

	lockdep_assert_held(&cn->lock);

	xa_for_each(&cn->flows, id, flow) {
		if (!strcmp(flow->ifname, ifname))
			cmap_flow_fail(flow, CRYPTO_MAP_DROP_REASON_NO_ROUTE);
		cond_resched();
	}
}

static void cmap_flow_free_rcu(struct rcu_head *rcu)
{
	struct cmap_flow *flow = container_of(rcu, struct cmap_flow, rcu);

	if (flow->state) {
		kfree(flow->state->drops);
		cmap_host_pair_free(flow);
	}
	kfree(flow->state);
	kmem_cache_free(cmap_flow_cache, flow);
}

static void cmap_flow_end_state(struct cmap_flow_state *state)
{
	timer_shutdown_sync(&state->acquire_timer);
	cmap_flow_filter_end(state);
	cmap_host_pair_end(state->flow);
}

/*
 * The last reference goes in process context or an SA's free worker, after the
 * flow was removed or was never published. A timer that still runs finds
 * flow->removed or nothing to acquire; it is waited for.
 */
static void cmap_flow_destroy(struct cmap_flow *flow)
{
	if (!flow->published)
		xa_release(&flow->cn->flows, flow->id);
	if (flow->state)
		cmap_flow_end_state(flow->state);
	cmap_entry_put(rcu_dereference_protected(flow->entry, true));
	cmap_acl_put(flow->acl);
	call_rcu(&flow->rcu, cmap_flow_free_rcu);
}

struct cmap_flow *cmap_flow_create(struct cmap_net *cn,
				   const struct cmap_attach *attach,
				   enum cmap_flow_kind kind,
				   struct cmap_entry *entry,
				   struct cmap_acl *acl, struct cmap_ace *ace)
{
	struct cmap_flow *flow;
	int err;

	lockdep_assert_held(&cn->lock);

	flow = kmem_cache_zalloc(cmap_flow_cache, GFP_KERNEL);
	if (!flow)
		return ERR_PTR(-ENOMEM);
	/* the id stays reserved, without a flow behind it, until publication */
	err = xa_alloc_cyclic(&cn->flows, &flow->id, NULL,
			      XA_LIMIT(1, U32_MAX), &cn->next_flow_id,
			      GFP_KERNEL_ACCOUNT);
	if (err < 0) {
		kmem_cache_free(cmap_flow_cache, flow);
		return ERR_PTR(err == -EBUSY ? -ENOSPC : err);
	}

	refcount_set(&flow->refs, 1);
	flow->cn = cn;
	strscpy(flow->ifname, attach->ifname, sizeof(flow->ifname));
	flow->family = attach->family;
	flow->kind = kind;
	cmap_entry_get(entry);
	RCU_INIT_POINTER(flow->entry, entry);
	cmap_acl_get(acl);
	flow->acl = acl;
	flow->ace = ace;
	INIT_LIST_HEAD(&flow->sas);
	spin_lock_init(&flow->lock);
	err = cmap_flow_table_add(flow);
	if (err) {
		cmap_flow_destroy(flow);
		return ERR_PTR(err);
	}
	return flow;
}

void cmap_flow_publish(struct cmap_flow *flow)
{
	struct cmap_net *cn = flow->cn;

	lockdep_assert_held(&cn->lock);

	/* the slot is reserved, so this allocates nothing */
	xa_store(&cn->flows, flow->id, flow, GFP_KERNEL);
	flow->published = true;
	cn->n_flows++;
}

bool cmap_flow_has_peer(const struct cmap_flow *flow, u16 family,
			const union cmap_addr *peer)
{
	return cmap_entry_has_peer(cmap_flow_entry(flow), family, peer);
}

/*
 * Remove one SA for good: nothing on standby is to take over from it. In the
 * end cmap_sa_elect() looks for another one.
 */
static void cmap_flow_remove_sa(struct cmap_flow *flow, struct cmap_sa *sa)
{
	cmap_nl_expire_ntf(sa, CRYPTO_MAP_EXPIRE_KIND_REMOVED);
	if (rcu_access_pointer(flow->out) == sa) {
		RCU_INIT_POINTER(flow->out, NULL);
		cmap_nl_flow_ntf(flow);
	}
	cmap_sa_remove(sa);
}

unsigned int cmap_flow_flush(struct cmap_flow *flow, u16 family,
			     const union cmap_addr *remote)
{
	struct cmap_sa *sa, *next;
	unsigned int n = 0;

	lockdep_assert_held(&flow->cn->lock);

	list_for_each_entry_safe(sa, next, &flow->sas, flow_node) {
		if (family != AF_UNSPEC &&
		    (family != sa->family ||
		     !cmap_sa_addr_equal(family, remote, &sa->remote)))
			continue;
		cmap_flow_remove_sa(flow, sa);
		n++;
	}
	cmap_sa_elect(flow);
	return n;
}

bool cmap_flow_keeps(const struct cmap_flow *flow,
		     const struct cmap_entry *entry, const struct cmap_sa *sa)
{
	const struct cmap_entry *old = cmap_flow_entry(flow);

	/* other keys, or a peer that is not one any more */
	return entry == old ||
	       (entry->kind == old->kind && cmap_entry_same_keys(entry, old) &&
		cmap_entry_keeps_peer(entry, old, sa->family, &sa->remote));
}

void cmap_flow_set_idle(struct cmap_flow *flow)
{
	struct cmap_flow_state *state = flow->state;
	struct cmap_globals settings;
	struct cmap_sa *sa;

	lockdep_assert_held(&flow->cn->lock);

	if (!state)
		return;
	cmap_entry_settings(cmap_flow_entry(flow),
			    &cmap_config_of(flow->cn)->globals, &settings);
	if (state->idle == settings.idle_seconds)
		return;
	state->idle = settings.idle_seconds;
	list_for_each_entry(sa, &flow->sas, flow_node)
		cmap_sa_kick(sa);
}

unsigned int cmap_flow_update(struct cmap_flow *flow, struct cmap_entry *entry,
			      struct cmap_acl *acl, struct cmap_ace *ace)
{
	struct cmap_entry *old = cmap_flow_entry(flow);
	struct cmap_sa *sa, *next;
	unsigned int n = 0;

	lockdep_assert_held(&flow->cn->lock);

	/* nobody finds the old ACE when the grace period of its list begins */
	WRITE_ONCE(flow->ace, ace);
	if (flow->acl != acl) {
		cmap_acl_get(acl);
		swap(flow->acl, acl);
		cmap_acl_put(acl);
	}
	if (old == entry)
		return 0;

	list_for_each_entry_safe(sa, next, &flow->sas, flow_node)
		if (!cmap_flow_keeps(flow, entry, sa)) {
			cmap_flow_remove_sa(flow, sa);
			n++;
		}
	cmap_entry_get(entry);
	rcu_assign_pointer(flow->entry, entry);
	cmap_sa_elect(flow);
	cmap_flow_set_idle(flow);
	cmap_entry_put(old);
	return n;
}

unsigned int cmap_flow_remove(struct cmap_flow *flow)
{
	struct cmap_net *cn = flow->cn;
	unsigned int n;

	lockdep_assert_held(&cn->lock);

	xa_erase(&cn->flows, flow->id);
	cmap_flow_table_del(flow);
	cn->n_flows--;

	spin_lock_bh(&flow->lock);
	flow->removed = true;	/* nothing is held and no timer started any more */
	spin_unlock_bh(&flow->lock);
	/* its last reference may go after the namespace */
	if (flow->state)
		timer_shutdown_sync(&flow->state->acquire_timer);
	n = cmap_flow_flush(flow, AF_UNSPEC, NULL);
	cmap_flow_fail(flow, CRYPTO_MAP_DROP_REASON_FLOW_GONE);
	cmap_traffic_keep(flow);
	switch (flow->kind) {
	case CMAP_FLOW_PER_HOST:
		n += cmap_host_pair_remove_all(flow);
		break;
	case CMAP_FLOW_HOST_PAIR:
		cmap_host_pair_del(flow);
		cmap_flow_put(flow);
		break;
	case CMAP_FLOW_DYNAMIC:
		list_del(&flow->state->dynamic);
		cn->n_dynamic--;
		cmap_flow_put(flow);
		break;
	}
	return n;
}

void cmap_flow_counts(struct cmap_flow *flow, struct cmap_flow_counts *counts)
{
	struct cmap_limits used;
	struct cmap_sa *sa;

	lockdep_assert_held(&flow->cn->lock);

	memset(counts, 0, sizeof(*counts));
	if (!flow->state)
		return;
	spin_lock_bh(&flow->lock);
	*counts = flow->state->past;
	spin_unlock_bh(&flow->lock);
	list_for_each_entry(sa, &flow->sas, flow_node) {
		cmap_sa_used(sa, &used);
		if (sa->dir == CRYPTO_MAP_SA_DIR_OUT) {
			counts->out_packets += used.packets;
			counts->out_bytes += used.bytes;
		} else {
			counts->in_packets += used.packets;
			counts->in_bytes += used.bytes;
		}
	}
}

void cmap_flow_clear(struct cmap_flow *flow)
{
	struct cmap_flow_counts now, *past;
	struct cmap_sa *sa;

	if (!flow->state)
		return;
	cmap_traffic_keep(flow);
	cmap_flow_counts(flow, &now);
	past = &flow->state->past;
	spin_lock_bh(&flow->lock);
	/* sums are modulo 2^64: live SAs cancel out what is subtracted here */
	past->out_packets -= now.out_packets;
	past->out_bytes -= now.out_bytes;
	past->in_packets -= now.in_packets;
	past->in_bytes -= now.in_bytes;
	spin_unlock_bh(&flow->lock);

	cmap_drops_zero(cmap_flow_drops(flow));
	list_for_each_entry(sa, &flow->sas, flow_node)
		cmap_drops_zero(READ_ONCE(sa->drops));
}

void cmap_flow_get(struct cmap_flow *flow)
{
	refcount_inc(&flow->refs);
}

void cmap_flow_put(struct cmap_flow *flow)
{
	if (!refcount_dec_and_test(&flow->refs))
		return;
	if (!flow->published)
		cmap_flow_table_del(flow);
	cmap_flow_destroy(flow);
}

void cmap_flow_net_init(struct cmap_net *cn)
{
	xa_init_flags(&cn->flows, XA_FLAGS_ALLOC1);
}

void cmap_flow_net_fail(struct cmap_net *cn)
{
	struct cmap_flow *flow;
	unsigned long id;

	lockdep_assert_held(&cn->lock);

	cmap_host_pair_net_fail(cn);
	xa_for_each(&cn->flows, id, flow) {
		cmap_flow_fail(flow, CRYPTO_MAP_DROP_REASON_FLOW_GONE);
		cond_resched();
	}
}

void cmap_flow_net_exit(struct cmap_net *cn)
{
	struct cmap_flow *flow;
	unsigned long id;

	mutex_lock(&cn->lock);
	xa_for_each(&cn->flows, id, flow) {
		cmap_flow_remove(flow);
		cond_resched();
	}
	mutex_unlock(&cn->lock);
	xa_destroy(&cn->flows);
}
