// SPDX-License-Identifier: GPL-2.0-only
/* Pairs of hosts: the flows of permits whose entry has level per-host. */

#include <linux/err.h>
#include <linux/jhash.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/random.h>
#include <linux/ratelimit.h>
#include <linux/rhashtable.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "commit.h"
#include "config.h"
#include "drop.h"
#include "flow.h"
#include "held.h"
#include "host_pair.h"
#include "net.h"
#include "output.h"
#include "pkt.h"
#include "rules.h"

static const struct rhashtable_params cmap_host_table = {
	.key_len		= sizeof(struct cmap_host_key),
	.key_offset		= offsetof(struct cmap_host_pair, key),
	.head_offset		= offsetof(struct cmap_host_pair, node),
	.automatic_shrinking	= true,
};

static struct cmap_entry *cmap_host_entry(const struct cmap_flow *flow)
{
	return rcu_dereference_protected(flow->entry,
					 lockdep_is_held(&flow->cn->lock));
}

static struct cmap_host_level *cmap_host_level(const struct cmap_flow *permit)
{
	const struct cmap_flow_state *state = READ_ONCE(permit->state);

	return state ? READ_ONCE(state->level) : NULL;
}

static u32 cmap_host_source(const struct cmap_net *cn,
			    const union cmap_addr *src)
{
	return jhash2((__force const u32 *)src->ip6, 4, cn->host_pairs.seed) %
	       CMAP_HOST_SOURCES;
}

/* Context: RCU read side or cn->lock. */
static struct cmap_host_pair *cmap_host_pair_lookup(const struct cmap_flow *permit,
						    const union cmap_addr *src,
						    const union cmap_addr *dst)
{
	struct cmap_host_key key = {
		.permit = permit->id,
		.src = *src,
		.dst = *dst,
	};

	return rhashtable_lookup_fast(&permit->cn->host_pairs.table, &key,
				      cmap_host_table);
}

struct cmap_flow *cmap_host_pair_choose(struct cmap_flow *permit,
					const union cmap_addr *src,
					const union cmap_addr *dst)
{
	struct cmap_host_pair *pair;

	/* most have none, and a peer that negotiates otherwise makes none */
	if (!cmap_host_level(permit))
		return permit;
	pair = cmap_host_pair_lookup(permit, src, dst);
	if (pair && (rcu_access_pointer(pair->flow->out) ||
		     !rcu_access_pointer(permit->out)))
		return pair->flow;
	return permit;
}

/* Whether there may be no other pair. */
static bool cmap_host_pair_is_full(const struct cmap_flow *permit,
				   const union cmap_addr *src)
{
	const struct cmap_host_level *level = cmap_host_level(permit);
	const struct cmap_net *cn = permit->cn;

	if (READ_ONCE(cn->host_pairs.n) >= CMAP_HOST_PAIRS_MAX)
		return true;
	return level &&
	       (READ_ONCE(level->n) >= CMAP_HOST_PAIRS_PERMIT_MAX ||
		READ_ONCE(level->by_source[cmap_host_source(cn, src)]) >=
		CMAP_HOST_PAIRS_SOURCE_MAX);
}

int cmap_host_pair_foresee_wait(struct cmap_flow *permit,
				const union cmap_addr *src)
{
	int drop = cmap_flow_foresee_hold(permit);

	if (drop >= 0)
		return drop;
	if (cmap_host_pair_is_full(permit, src))
		return CRYPTO_MAP_DROP_REASON_HOST_PAIR_LIMIT;
	if (skb_queue_len_lockless(&permit->cn->host_pairs.queue) >=
	    CMAP_HOST_PAIR_QUEUE_MAX)
		return CRYPTO_MAP_DROP_REASON_HOLD_FULL;
	return -1;
}

void cmap_host_pair_wait(struct cmap_flow *permit, struct sk_buff *skb)
{
	struct cmap_drop_info info = { .cn = permit->cn, .flow = permit };
	struct cmap_net *cn = permit->cn;
	union cmap_addr src, dst;
	int drop;

	cmap_skb_addrs(skb, permit->family, &src, &dst);
	drop = cmap_host_pair_foresee_wait(permit, &src);
	if (drop < 0 && !cmap_flow_detach(skb))
		drop = CRYPTO_MAP_DROP_REASON_NO_ROUTE;
	if (drop < 0) {
		spin_lock(&cn->host_pairs.queue.lock);
		/* cmap_host_pair_net_fail() empties it after that is set */
		if (READ_ONCE(cn->closing))
			drop = CRYPTO_MAP_DROP_REASON_FLOW_GONE;
		else
			cmap_held_add(&cn->held, &cn->host_pairs.queue, skb);
		spin_unlock(&cn->host_pairs.queue.lock);
	}
	if (drop >= 0)
		cmap_drop(skb, drop, &info);
	else
		queue_work(cmap_wq, &cn->host_pairs.make_work);
}

bool cmap_host_pair_repeats(struct cmap_net *cn)
{
	return __ratelimit(&cn->host_pairs.repeats);
}

/* Take all packets that wait for their pairs. */
static void cmap_host_pair_take(struct cmap_net *cn, struct sk_buff_head *taken)
{
	__skb_queue_head_init(taken);
	spin_lock_bh(&cn->host_pairs.queue.lock);
	cmap_held_take(&cn->held, &cn->host_pairs.queue, taken);
	spin_unlock_bh(&cn->host_pairs.queue.lock);
}

bool cmap_host_pair_takes(const struct cmap_ruleset *set,
			  const struct cmap_flow *permit,
			  const struct cmap_match *sel)
{
	struct cmap_match room, pair;

	return permit->kind == CMAP_FLOW_PER_HOST &&
	       cmap_match_is_hosts(sel, permit->family, &sel->src, &sel->dst) &&
	       cmap_match_between(&pair, cmap_flow_match(permit, &room),
				  &sel->src, &sel->dst) &&
	       !memcmp(&pair, sel, sizeof(pair)) &&
	       cmap_ruleset_gives(set, sel, permit);
}

struct cmap_flow *cmap_host_pair_find(const struct cmap_flow *permit,
				      const struct cmap_match *sel)
{
	struct cmap_host_pair *pair;

	lockdep_assert_held(&permit->cn->lock);

	pair = cmap_host_pair_lookup(permit, &sel->src, &sel->dst);
	return pair ? pair->flow : NULL;
}

/* The pairs of a permit, made for the first one. */
static struct cmap_host_level *cmap_host_level_get(struct cmap_flow *permit)
{
	struct cmap_flow_state *state;
	struct cmap_host_level *level;

	state = cmap_flow_state(permit, GFP_KERNEL_ACCOUNT);
	if (!state || state->level)
		return state ? state->level : NULL;
	level = kzalloc(sizeof(*level), GFP_KERNEL_ACCOUNT);
	if (!level)
		return NULL;
	INIT_LIST_HEAD(&level->pairs);
	/* who sees it by READ_ONCE() sees it set up */
	smp_store_release(&state->level, level);
	return level;
}

/* A flow with a pair of its own, not in the tables yet. */
static struct cmap_flow *cmap_host_pair_flow(const struct cmap_attach *attach,
					     struct cmap_flow *permit,
					     const struct cmap_match *sel)
{
	struct cmap_acl *acl = cmap_acl_permit(sel);
	struct cmap_flow_state *state;
	struct cmap_host_pair *pair;
	struct cmap_flow *flow;

	if (!acl)
		return ERR_PTR(-ENOMEM);
	flow = cmap_flow_create(permit->cn, attach, CMAP_FLOW_HOST_PAIR,
				cmap_host_entry(permit), acl, &acl->ace[0]);
	cmap_acl_put(acl);
	if (IS_ERR(flow))
		return flow;
	state = cmap_flow_state(flow, GFP_KERNEL_ACCOUNT);
	pair = state ? kzalloc(sizeof(*pair), GFP_KERNEL_ACCOUNT) : NULL;
	if (!pair) {
		cmap_flow_put(flow);
		return ERR_PTR(-ENOMEM);
	}
	pair->key.permit = permit->id;
	pair->key.src = sel->src;
	pair->key.dst = sel->dst;
	pair->flow = flow;
	cmap_flow_get(permit);
	pair->permit = permit;
	state->pair = pair;
	return flow;
}

static int cmap_host_pair_add(struct cmap_flow *flow)
{
	struct cmap_host_pair *pair = flow->state->pair;
	struct cmap_net *cn = flow->cn;
	struct cmap_host_level *level;
	u32 source;
	int err;

	level = cmap_host_level_get(pair->permit);
	if (!level)
		return -ENOMEM;
	err = rhashtable_insert_fast(&cn->host_pairs.table, &pair->node,
				     cmap_host_table);
	if (err)
		return err;
	source = cmap_host_source(cn, &pair->key.src);
	list_add_tail(&pair->list, &cn->host_pairs.list);
	list_add_tail(&pair->of_permit, &level->pairs);
	WRITE_ONCE(cn->host_pairs.n, cn->host_pairs.n + 1);
	WRITE_ONCE(level->n, level->n + 1);
	WRITE_ONCE(level->by_source[source], level->by_source[source] + 1);
	return 0;
}

void cmap_host_pair_del(struct cmap_flow *flow)
{
	struct cmap_host_pair *pair = flow->state->pair;
	struct cmap_net *cn = flow->cn;
	struct cmap_host_level *level;
	u32 source;

	lockdep_assert_held(&cn->lock);

	level = cmap_host_level(pair->permit);
	source = cmap_host_source(cn, &pair->key.src);
	rhashtable_remove_fast(&cn->host_pairs.table, &pair->node,
			       cmap_host_table);
	list_del(&pair->list);
	list_del(&pair->of_permit);
	WRITE_ONCE(cn->host_pairs.n, cn->host_pairs.n - 1);
	WRITE_ONCE(level->n, level->n - 1);
	WRITE_ONCE(level->by_source[source], level->by_source[source] - 1);
}

struct cmap_flow *cmap_host_pair_create(const struct cmap_attach *attach,
					struct cmap_flow *permit,
					const struct cmap_match *sel)
{
	struct cmap_net *cn = permit->cn;
	struct cmap_flow *flow;
	int err;

	lockdep_assert_held(&cn->lock);

	flow = cmap_host_pair_find(permit, sel);
	if (!flow) {
		if (cmap_host_pair_is_full(permit, &sel->src))
			return ERR_PTR(-ENOSPC);
		flow = cmap_host_pair_flow(attach, permit, sel);
		if (IS_ERR(flow))
			return flow;
		err = cmap_host_pair_add(flow);
		if (err) {
			cmap_flow_put(flow);
			return ERR_PTR(err);
		}
		flow->phase = CMAP_FLOW_STAYS;
		cmap_flow_publish(flow);
	}
	flow->state->pair->until = jiffies + CMAP_HOST_PAIR_SECONDS * HZ;
	queue_delayed_work(cmap_wq, &cn->host_pairs.sweep_work,
			   CMAP_HOST_PAIR_SWEEP_SECONDS * HZ);
	return flow;
}

/*
 * Make the pair of a packet, if the configuration in force still gives it to its
 * permit. Return: the flow of the permit, or ERR_PTR() as cmap_host_pair_create(),
 * ERR_PTR(-ENOENT) if it has gone.
 */
static struct cmap_flow *cmap_host_pair_make(struct cmap_net *cn,
					     const struct sk_buff *skb)
{
	const struct cmap_attach *attach;
	struct cmap_flow *permit, *flow;
	const struct cmap_rule *rule;
	struct cmap_match room, sel;
	struct cmap_tuple tuple;

	permit = cmap_flow_lookup_rcu(cn, CMAP_SKB_CB(skb)->flow_id);
	if (!permit || READ_ONCE(cn->closing))
		return ERR_PTR(-ENOENT);
	attach = cmap_attach_find(cmap_config_of(cn), permit->ifname,
				  cmap_host_entry(permit)->map);
	if (!attach ||
	    !cmap_tuple_take(&tuple, skb, skb_network_offset(skb),
			     permit->family) ||
	    !cmap_match_between(&sel, cmap_flow_match(permit, &room),
				&tuple.src, &tuple.dst) ||
	    cmap_ruleset_classify(attach->ruleset, &tuple, &rule) !=
	    CMAP_CLASS_PROTECT || rule->flow != permit)
		return ERR_PTR(-ENOENT);
	flow = cmap_host_pair_create(attach, permit, &sel);
	return IS_ERR(flow) ? flow : permit;
}

static enum crypto_map_drop_reason cmap_host_pair_drop(int err)
{
	switch (err) {
	case -ENOENT:
		return CRYPTO_MAP_DROP_REASON_FLOW_GONE;
	case -ENOSPC:
		return CRYPTO_MAP_DROP_REASON_HOST_PAIR_LIMIT;
	default:
		return CRYPTO_MAP_DROP_REASON_OUT_NO_MEMORY;
	}
}

/* Packets with a pair go on the way that others go that have waited. */
static void cmap_host_pair_make_work(struct work_struct *work)
{
	struct cmap_net *cn = container_of(work, struct cmap_net,
					   host_pairs.make_work);
	struct cmap_drop_info info = { .cn = cn };
	struct sk_buff_head queue;
	struct cmap_flow *permit;
	struct sk_buff *skb;

	mutex_lock(&cn->lock);
	cmap_host_pair_take(cn, &queue);
	while ((skb = __skb_dequeue(&queue))) {
		permit = cmap_host_pair_make(cn, skb);
		local_bh_disable();
		rcu_read_lock();
		if (IS_ERR(permit)) {
			info.flow = cmap_flow_lookup_rcu(cn, CMAP_SKB_CB(skb)->flow_id);
			cmap_drop(skb, cmap_host_pair_drop(PTR_ERR(permit)),
				  &info);
		} else {
			cmap_output_held(permit, skb);
		}
		rcu_read_unlock();
		local_bh_enable();
		cond_resched();
	}
	mutex_unlock(&cn->lock);
}

bool cmap_host_pair_stays(const struct cmap_ruleset *set,
			  const struct cmap_flow *flow)
{
	const struct cmap_flow *permit = cmap_flow_permit(flow);
	struct cmap_match room;

	return permit->phase == CMAP_FLOW_STAYS &&
	       cmap_ruleset_gives(set, cmap_flow_match(flow, &room), permit);
}

void cmap_host_pair_settle(struct cmap_net *cn,
			   const struct cmap_attach *attach,
			   struct cmap_commit_stats *stats)
{
	struct cmap_host_pair *pair, *next;

	lockdep_assert_held(&cn->lock);

	list_for_each_entry_safe(pair, next, &cn->host_pairs.list, list) {
		struct cmap_flow *flow = pair->flow, *permit = pair->permit;
		struct cmap_entry *entry = cmap_host_entry(permit);

		cond_resched();
		/* with a permit that leaves they go */
		if (permit->phase != CMAP_FLOW_STAYS ||
		    strcmp(flow->ifname, attach->ifname) ||
		    strcmp(entry->map, attach->map))
			continue;
		if (!cmap_host_pair_stays(attach->ruleset, flow)) {
			stats->flows_removed++;
			stats->sas_removed += cmap_flow_remove(flow);
			continue;
		}
		stats->sas_removed += cmap_flow_update(flow, entry, flow->acl,
						       flow->ace);
	}
}

u32 cmap_host_pair_count(const struct cmap_flow *permit)
{
	const struct cmap_host_level *level = cmap_host_level(permit);

	return level ? level->n : 0;
}

unsigned int cmap_host_pair_remove_all(struct cmap_flow *permit)
{
	struct cmap_host_level *level = cmap_host_level(permit);
	struct cmap_host_pair *pair, *next;
	unsigned int n = 0;

	lockdep_assert_held(&permit->cn->lock);

	if (!level)
		return 0;
	list_for_each_entry_safe(pair, next, &level->pairs, of_permit) {
		n += cmap_flow_remove(pair->flow);
		cond_resched();
	}
	return n;
}

void cmap_host_pair_bare(struct cmap_flow *flow)
{
	lockdep_assert_held(&flow->cn->lock);

	flow->state->pair->until = jiffies + CMAP_HOST_PAIR_BARE_SECONDS * HZ;
}

static void cmap_host_pair_sweep_work(struct work_struct *work)
{
	struct cmap_net *cn = container_of(to_delayed_work(work),
					   struct cmap_net,
					   host_pairs.sweep_work);
	struct cmap_host_pair *pair, *next;

	mutex_lock(&cn->lock);
	list_for_each_entry_safe(pair, next, &cn->host_pairs.list, list) {
		if (list_empty(&pair->flow->sas) &&
		    time_after_eq(jiffies, pair->until) &&
		    cmap_flow_rests(pair->flow))
			cmap_flow_remove(pair->flow);
		cond_resched();
	}
	if (cn->host_pairs.n)
		queue_delayed_work(cmap_wq, &cn->host_pairs.sweep_work,
				   CMAP_HOST_PAIR_SWEEP_SECONDS * HZ);
	mutex_unlock(&cn->lock);
}

void cmap_host_pair_end(struct cmap_flow *flow)
{
	if (flow->kind == CMAP_FLOW_HOST_PAIR && flow->state->pair)
		cmap_flow_put(flow->state->pair->permit);
}

void cmap_host_pair_free(struct cmap_flow *flow)
{
	if (flow->kind == CMAP_FLOW_HOST_PAIR)
		kfree(flow->state->pair);
	else
		kfree(flow->state->level);
}

int cmap_host_pair_net_init(struct cmap_net *cn)
{
	struct cmap_host_pairs *pairs = &cn->host_pairs;

	INIT_LIST_HEAD(&pairs->list);
	pairs->seed = get_random_u32();
	skb_queue_head_init(&pairs->queue);
	INIT_WORK(&pairs->make_work, cmap_host_pair_make_work);
	INIT_DELAYED_WORK(&pairs->sweep_work, cmap_host_pair_sweep_work);
	ratelimit_state_init(&pairs->repeats, HZ, CMAP_HOST_PAIR_REPEATS);
	ratelimit_set_flags(&pairs->repeats, RATELIMIT_MSG_ON_RELEASE);
	return rhashtable_init(&pairs->table, &cmap_host_table);
}

void cmap_host_pair_net_fail(struct cmap_net *cn)
{
	struct cmap_drop_info info = { .cn = cn };
	struct sk_buff_head queue;

	lockdep_assert_held(&cn->lock);

	cmap_host_pair_take(cn, &queue);
	cmap_drop_queue(&queue, CRYPTO_MAP_DROP_REASON_FLOW_GONE, &info);
}

/* All flows were removed, and no packet comes any more. */
void cmap_host_pair_net_exit(struct cmap_net *cn)
{
	cancel_work_sync(&cn->host_pairs.make_work);
	cancel_delayed_work_sync(&cn->host_pairs.sweep_work);
	rhashtable_destroy(&cn->host_pairs.table);
}
