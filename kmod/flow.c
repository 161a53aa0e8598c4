// SPDX-License-Identifier: GPL-2.0-only
/* Flows: identity, acquires, packets that wait, counters. */

#include <linux/jhash.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/dst.h>
#include <net/netfilter/nf_conntrack.h>

#include "config.h"
#include "drop.h"
#include "filter.h"
#include "flow.h"
#include "net.h"
#include "nl_event.h"
#include "output.h"
#include "pkt.h"
#include "sa.h"

static u32 cmap_flow_hash(const char *ifname, const char *map, u16 seq,
			  const struct cmap_match *match)
{
	u32 h;

	h = jhash(match, sizeof(*match), seq);
	h = jhash(map, strlen(map), h);
	return jhash(ifname, strlen(ifname), h);
}

static struct hlist_head *cmap_flow_bucket(struct cmap_net *cn, u32 hash)
{
	return &cn->flow_hash[hash & ((1 << CMAP_FLOW_HASH_BITS) - 1)];
}

static struct cmap_entry *cmap_flow_entry(const struct cmap_flow *flow)
{
	return rcu_dereference_protected(flow->entry,
					 lockdep_is_held(&flow->cn->lock));
}

struct cmap_flow *cmap_flow_find(struct cmap_net *cn, const char *ifname,
				 const struct cmap_entry *entry,
				 const struct cmap_match *match)
{
	u32 hash = cmap_flow_hash(ifname, entry->map, entry->seq, match);
	struct cmap_entry *e;
	struct cmap_flow *flow;

	lockdep_assert_held(&cn->lock);

	hlist_for_each_entry(flow, cmap_flow_bucket(cn, hash), hash) {
		if (flow->key_hash != hash)
			continue;
		e = cmap_flow_entry(flow);
		if (e->seq == entry->seq && !strcmp(e->map, entry->map) &&
		    !strcmp(flow->ifname, ifname) &&
		    !memcmp(&flow->ace->match, match, sizeof(*match)))
			return flow;
	}
	return NULL;
}

struct cmap_flow *cmap_flow_lookup_rcu(struct cmap_net *cn, u32 id)
{
	return xa_load(&cn->flows, id);
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
	name->ace = READ_ONCE(flow->ace)->seq;
	rcu_read_unlock();
}

/* Start over the packets and timer of an acquire that ended; flow->lock held. */
static void cmap_flow_end_acquire(struct cmap_flow *flow,
				  struct sk_buff_head *released)
{
	lockdep_assert_held(&flow->lock);

	flow->acquiring = false;
	timer_delete(&flow->acquire_timer);
	atomic_sub(skb_queue_len(&flow->held), &flow->cn->held);
	skb_queue_splice_tail_init(&flow->held, released);
}

/* Ask for nothing for a while; flow->lock held. */
static void cmap_flow_back_off(struct cmap_flow *flow)
{
	lockdep_assert_held(&flow->lock);

	flow->retry_wait = clamp_t(unsigned long, flow->retry_wait * 2,
				   CMAP_RETRY_MIN, CMAP_RETRY_MAX);
	flow->retry_at = jiffies + flow->retry_wait;
}

void cmap_flow_fail(struct cmap_flow *flow, enum crypto_map_drop_reason reason)
{
	struct cmap_drop_info info = { .cn = flow->cn, .flow = flow };
	struct sk_buff_head dropped;

	__skb_queue_head_init(&dropped);
	spin_lock_bh(&flow->lock);
	if (flow->acquiring && (reason == CRYPTO_MAP_DROP_REASON_ACQUIRE_FAILED ||
				reason == CRYPTO_MAP_DROP_REASON_ACQUIRE_TIMEOUT))
		cmap_flow_back_off(flow);
	cmap_flow_end_acquire(flow, &dropped);
	spin_unlock_bh(&flow->lock);
	cmap_drop_queue(&dropped, reason, &info);
}

/* Repeat an acquire, in case a message or the daemon was lost, or give it up. */
static void cmap_flow_acquire_timer(struct timer_list *t)
{
	struct cmap_flow *flow = timer_container_of(flow, t, acquire_timer);
	bool again = false, over = false;

	spin_lock_bh(&flow->lock);
	if (flow->acquiring && !flow->removed) {
		over = time_after_eq(jiffies, flow->acquire_until);
		again = !over;
		if (again)
			mod_timer(&flow->acquire_timer,
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

/* Note that an SA is wanted; flow->lock held. Return: whether that is news. */
static bool cmap_flow_start_acquire(struct cmap_flow *flow)
{
	lockdep_assert_held(&flow->lock);

	if (flow->acquiring || flow->removed)
		return false;
	flow->acquiring = true;
	flow->acquire_until = jiffies + CMAP_ACQUIRE_TIMEOUT;
	mod_timer(&flow->acquire_timer, jiffies + CMAP_ACQUIRE_REPEAT);
	return true;
}

void cmap_flow_acquire(struct cmap_flow *flow)
{
	bool news;

	spin_lock_bh(&flow->lock);
	news = cmap_flow_start_acquire(flow);
	spin_unlock_bh(&flow->lock);
	if (news)
		cmap_nl_acquire_ntf(flow);
}

void cmap_flow_expect(struct cmap_flow *flow)
{
	spin_lock_bh(&flow->lock);
	cmap_flow_start_acquire(flow);
	spin_unlock_bh(&flow->lock);
}

/* Why a flow cannot get an SA by asking, or -1. */
static int cmap_flow_hopeless(struct cmap_flow *flow)
{
	const struct cmap_entry *entry = rcu_dereference(flow->entry);

	if (entry->kind == CRYPTO_MAP_ENTRY_KIND_MANUAL)
		return CRYPTO_MAP_DROP_REASON_NO_SA_MANUAL;
	if (entry->kind == CRYPTO_MAP_ENTRY_KIND_DYNAMIC)
		return CRYPTO_MAP_DROP_REASON_NO_SA_DYNAMIC;
	if (!cmap_nl_daemon_listens(flow->cn))
		return CRYPTO_MAP_DROP_REASON_NO_DAEMON;
	return -1;
}

/*
 * Make a packet fit to wait: no reference to conntrack (a held one blocks the
 * exit of the namespace) or to what other extensions hold, a counted reference
 * to its route, no claim on its socket's send buffer. Its device is that of the
 * route when it goes on.
 */
static bool cmap_flow_prepare_held(struct sk_buff *skb)
{
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	CMAP_SKB_CB(skb)->natted = ct && ct->status & IPS_NAT_MASK;
	nf_reset_ct(skb);
	skb_ext_reset(skb);
	skb_orphan(skb);
	skb->dev = NULL;
	return skb_dst_force(skb);
}

void cmap_flow_hold(struct cmap_flow *flow, struct sk_buff *skb)
{
	struct cmap_drop_info info = { .cn = flow->cn, .flow = flow };
	int drop = cmap_flow_hopeless(flow);
	bool news = false, up = false;

	if (drop < 0 && !cmap_flow_prepare_held(skb))
		drop = CRYPTO_MAP_DROP_REASON_NO_ROUTE;
	if (drop >= 0) {
		cmap_drop(skb, drop, &info);
		return;
	}

	spin_lock(&flow->lock);
	/* under the lock: cmap_flow_up() takes it after setting flow->out */
	if (flow->removed || READ_ONCE(flow->cn->closing)) {
		drop = CRYPTO_MAP_DROP_REASON_FLOW_GONE;
	} else if (rcu_access_pointer(flow->out)) {
		up = true;
	} else if (!flow->acquiring && flow->retry_wait &&
		   time_before(jiffies, flow->retry_at)) {
		drop = CRYPTO_MAP_DROP_REASON_ACQUIRE_FAILED;
	} else {
		news = cmap_flow_start_acquire(flow);
		if (skb_queue_len(&flow->held) >= CMAP_FLOW_HELD_MAX)
			drop = CRYPTO_MAP_DROP_REASON_NO_SA;
		else if (atomic_read(&flow->cn->held) >= CMAP_NET_HELD_MAX)
			drop = CRYPTO_MAP_DROP_REASON_HOLD_FULL;
		else
			__skb_queue_tail(&flow->held, skb);
		if (drop < 0)
			atomic_inc(&flow->cn->held);
	}
	spin_unlock(&flow->lock);

	if (news)
		cmap_nl_acquire_ntf(flow);
	if (drop >= 0)
		cmap_drop(skb, drop, &info);
	else if (up)
		cmap_output_held(flow, skb);
}

void cmap_flow_up(struct cmap_flow *flow)
{
	struct sk_buff_head released;
	struct sk_buff *skb;

	lockdep_assert_held(&flow->cn->lock);

	__skb_queue_head_init(&released);
	spin_lock_bh(&flow->lock);
	flow->retry_wait = 0;
	cmap_flow_end_acquire(flow, &released);
	spin_unlock_bh(&flow->lock);

	local_bh_disable();
	rcu_read_lock();
	while ((skb = __skb_dequeue(&released)))
		cmap_output_held(flow, skb);
	rcu_read_unlock();
	local_bh_enable();
}

void cmap_flow_dev_down(struct cmap_net *cn, const char *ifname)
{
	struct cmap_flow *flow;
	unsigned long id;

	lockdep_assert_held(&cn->lock);

	xa_for_each(&cn->flows, id, flow)
		if (!strcmp(flow->ifname, ifname))
			cmap_flow_fail(flow, CRYPTO_MAP_DROP_REASON_NO_ROUTE);
}

struct cmap_flow *cmap_flow_create(struct cmap_net *cn,
				   const struct cmap_attach *attach,
				   struct cmap_entry *entry,
				   struct cmap_acl *acl, struct cmap_ace *ace)
{
	struct cmap_flow *flow;
	int err;

	lockdep_assert_held(&cn->lock);

	flow = kzalloc(sizeof(*flow), GFP_KERNEL_ACCOUNT);
	if (!flow)
		return ERR_PTR(-ENOMEM);
	/* the id stays reserved, without a flow behind it, until publication */
	err = xa_alloc_cyclic(&cn->flows, &flow->id, NULL,
			      XA_LIMIT(1, U32_MAX), &cn->next_flow_id,
			      GFP_KERNEL_ACCOUNT);
	if (err < 0) {
		kfree(flow);
		return ERR_PTR(err == -EBUSY ? -ENOSPC : err);
	}

	refcount_set(&flow->refs, 1);
	flow->cn = cn;
	strscpy(flow->ifname, attach->ifname, sizeof(flow->ifname));
	strscpy(flow->label, attach->label, sizeof(flow->label));
	flow->family = attach->family;
	flow->key_hash = cmap_flow_hash(attach->ifname, entry->map, entry->seq,
					&ace->match);
	cmap_entry_get(entry);
	RCU_INIT_POINTER(flow->entry, entry);
	cmap_acl_get(acl);
	flow->acl = acl;
	flow->ace = ace;
	INIT_LIST_HEAD(&flow->sas);
	INIT_LIST_HEAD(&flow->dynamic);
	spin_lock_init(&flow->lock);
	timer_setup(&flow->acquire_timer, cmap_flow_acquire_timer, 0);
	__skb_queue_head_init(&flow->held);
	return flow;
}

void cmap_flow_publish(struct cmap_flow *flow)
{
	struct cmap_net *cn = flow->cn;

	lockdep_assert_held(&cn->lock);

	/* the slot is reserved, so this allocates nothing */
	xa_store(&cn->flows, flow->id, flow, GFP_KERNEL);
	hlist_add_head(&flow->hash, cmap_flow_bucket(cn, flow->key_hash));
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

static void cmap_flow_set_filter(struct cmap_flow *flow,
				 enum crypto_map_sa_dir dir,
				 struct cmap_acl *acl)
{
	struct cmap_acl *old;

	old = rcu_dereference_protected(flow->filter[dir],
					lockdep_is_held(&flow->cn->lock));
	if (old == acl)
		return;
	if (acl)
		cmap_acl_get(acl);
	/* freed after a grace period */
	rcu_assign_pointer(flow->filter[dir], acl);
	if (old)
		cmap_acl_put(old);
}

void cmap_flow_set_filters(struct cmap_flow *flow,
			   struct cmap_acl *filter[CMAP_DIRS])
{
	int dir;

	for (dir = 0; dir < CMAP_DIRS; dir++)
		cmap_flow_set_filter(flow, dir, filter[dir]);
}

bool cmap_flow_permits(const struct cmap_flow *flow, enum crypto_map_sa_dir dir,
		       const struct cmap_tuple *tuple)
{
	struct cmap_ace *ace;
	struct cmap_acl *acl;
	bool permits = true;

	rcu_read_lock();
	acl = rcu_dereference(flow->filter[dir]);
	if (acl) {
		ace = cmap_filter_match(acl, tuple);
		if (ace)
			atomic_long_inc(&ace->hits);
		permits = ace && ace->action == CRYPTO_MAP_ACE_ACTION_PERMIT;
	}
	rcu_read_unlock();
	return permits;
}

bool cmap_flow_keeps(const struct cmap_flow *flow,
		     const struct cmap_entry *entry, const struct cmap_sa *sa)
{
	const struct cmap_entry *old = cmap_flow_entry(flow);

	/* other keys, or a peer that is not one any more */
	return entry == old ||
	       (entry->kind == old->kind && cmap_entry_same_keys(entry, old) &&
		cmap_entry_has_peer(entry, sa->family, &sa->remote));
}

unsigned int cmap_flow_update(struct cmap_flow *flow,
			      const struct cmap_attach *attach,
			      struct cmap_entry *entry, struct cmap_acl *acl,
			      struct cmap_ace *ace)
{
	struct cmap_entry *old = cmap_flow_entry(flow);
	struct cmap_sa *sa, *next;
	unsigned int n = 0;

	lockdep_assert_held(&flow->cn->lock);

	strscpy(flow->label, attach->label, sizeof(flow->label));
	/* nobody finds the old ACE when the grace period of its list begins */
	WRITE_ONCE(flow->ace, ace);
	if (flow->acl != acl) {
		cmap_acl_get(acl);
		swap(flow->acl, acl);
		cmap_acl_put(acl);
	}
	/* even if nothing changed here: keys of the daemon may have */
	spin_lock_bh(&flow->lock);
	flow->retry_wait = 0;
	spin_unlock_bh(&flow->lock);
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
	cmap_entry_put(old);
	return n;
}

void cmap_flow_set_idle(struct cmap_flow *flow, u32 seconds)
{
	struct cmap_sa *sa;

	lockdep_assert_held(&flow->cn->lock);

	if (flow->idle == seconds)
		return;
	flow->idle = seconds;
	list_for_each_entry(sa, &flow->sas, flow_node)
		cmap_sa_kick(sa);
}

unsigned int cmap_flow_remove(struct cmap_flow *flow)
{
	struct cmap_net *cn = flow->cn;
	unsigned int n;

	lockdep_assert_held(&cn->lock);

	xa_erase(&cn->flows, flow->id);
	hlist_del(&flow->hash);
	cn->n_flows--;

	spin_lock_bh(&flow->lock);
	flow->removed = true;	/* nothing is held and no timer started any more */
	spin_unlock_bh(&flow->lock);
	/* its last reference may go after the namespace */
	timer_shutdown_sync(&flow->acquire_timer);
	n = cmap_flow_flush(flow, AF_UNSPEC, NULL);
	cmap_flow_fail(flow, CRYPTO_MAP_DROP_REASON_FLOW_GONE);
	if (!list_empty(&flow->dynamic)) {
		list_del_init(&flow->dynamic);
		cn->n_dynamic--;
		cmap_flow_put(flow);
	}
	return n;
}

void cmap_flow_counts(struct cmap_flow *flow, struct cmap_flow_counts *counts)
{
	struct cmap_limits used;
	struct cmap_sa *sa;

	lockdep_assert_held(&flow->cn->lock);

	spin_lock_bh(&flow->lock);
	*counts = flow->past;
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
	struct cmap_flow_counts now;
	struct cmap_sa *sa;
	int i;

	cmap_flow_counts(flow, &now);
	spin_lock_bh(&flow->lock);
	/* sums are modulo 2^64: live SAs cancel out what is subtracted here */
	flow->past.out_packets -= now.out_packets;
	flow->past.out_bytes -= now.out_bytes;
	flow->past.in_packets -= now.in_packets;
	flow->past.in_bytes -= now.in_bytes;
	spin_unlock_bh(&flow->lock);

	for (i = 0; flow->drops && i < CMAP_DROP_N; i++)
		atomic64_set(&flow->drops[i], 0);
	list_for_each_entry(sa, &flow->sas, flow_node)
		cmap_sa_clear_drops(sa);
}

void cmap_flow_get(struct cmap_flow *flow)
{
	refcount_inc(&flow->refs);
}

static void cmap_flow_free_rcu(struct rcu_head *rcu)
{
	struct cmap_flow *flow = container_of(rcu, struct cmap_flow, rcu);

	kfree(flow->drops);
	kfree(flow);
}

/*
 * The last reference goes in process context or an SA's free worker, after the
 * flow was removed or was never published. A timer that still runs finds
 * flow->removed or nothing to acquire; it is waited for.
 */
void cmap_flow_put(struct cmap_flow *flow)
{
	struct cmap_acl *acl;
	int dir;

	if (!refcount_dec_and_test(&flow->refs))
		return;
	if (!flow->published)
		xa_release(&flow->cn->flows, flow->id);
	timer_shutdown_sync(&flow->acquire_timer);
	cmap_entry_put(rcu_dereference_protected(flow->entry, true));
	for (dir = 0; dir < CMAP_DIRS; dir++) {
		acl = rcu_dereference_protected(flow->filter[dir], true);
		if (acl)
			cmap_acl_put(acl);
	}
	cmap_acl_put(flow->acl);
	call_rcu(&flow->rcu, cmap_flow_free_rcu);
}

int cmap_flow_net_init(struct cmap_net *cn)
{
	xa_init_flags(&cn->flows, XA_FLAGS_ALLOC1);
	cn->flow_hash = kvcalloc(1 << CMAP_FLOW_HASH_BITS,
				 sizeof(*cn->flow_hash), GFP_KERNEL);
	return cn->flow_hash ? 0 : -ENOMEM;
}

void cmap_flow_net_fail(struct cmap_net *cn)
{
	struct cmap_flow *flow;
	unsigned long id;

	lockdep_assert_held(&cn->lock);

	xa_for_each(&cn->flows, id, flow)
		cmap_flow_fail(flow, CRYPTO_MAP_DROP_REASON_FLOW_GONE);
}

void cmap_flow_net_exit(struct cmap_net *cn)
{
	struct cmap_flow *flow;
	unsigned long id;

	mutex_lock(&cn->lock);
	xa_for_each(&cn->flows, id, flow)
		cmap_flow_remove(flow);
	mutex_unlock(&cn->lock);
	xa_destroy(&cn->flows);
	kvfree(cn->flow_hash);
}
