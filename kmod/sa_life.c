// SPDX-License-Identifier: GPL-2.0-only
/* How security associations live: limits, idleness, and who carries the traffic. */

#include <linux/jiffies.h>
#include <linux/ktime.h>

#include "flow.h"
#include "natt.h"
#include "net.h"
#include "nl_event.h"
#include "sa.h"
#include "sa_life.h"
#include "trace.h"

void cmap_sa_kick(struct cmap_sa *sa)
{
	cmap_sa_get(sa);
	if (mod_delayed_work(cmap_wq, &sa->life_work, 0))
		cmap_sa_put(sa);
}

void cmap_sa_event(struct cmap_sa *sa, enum cmap_sa_event event)
{
	if (!test_and_set_bit(event, &sa->events))
		cmap_sa_kick(sa);
}

void cmap_sa_rearm(struct cmap_sa *sa, unsigned long delay)
{
	cmap_sa_get(sa);
	if (!queue_delayed_work(cmap_wq, &sa->life_work, delay))
		cmap_sa_put(sa);
}

static void cmap_sa_set_state(struct cmap_sa *sa, enum crypto_map_sa_state state)
{
	lockdep_assert_held(&sa->cn->lock);

	WRITE_ONCE(sa->state, state);
	trace_cmap_sa(sa);
}

static struct cmap_sa *cmap_sa_twin(const struct cmap_sa *sa)
{
	struct cmap_sa *twin;

	if (!sa->twin_spi)
		return NULL;
	list_for_each_entry(twin, &sa->flow->sas, flow_node)
		if (twin->dir != sa->dir && twin->spi == sa->twin_spi &&
		    cmap_sa_addr_equal(sa->family, &twin->remote, &sa->remote))
			return twin;
	return NULL;
}

/*
 * The outbound SA in use of a flow if it is younger than another of its SAs. One
 * that retires waits for any other to take over.
 */
static struct cmap_sa *cmap_sa_younger(const struct cmap_sa *sa)
{
	struct cmap_sa *out;

	out = rcu_dereference_protected(sa->flow->out,
					lockdep_is_held(&sa->cn->lock));
	return out && out->state != CRYPTO_MAP_SA_STATE_RETIRING &&
	       (s32)(out->id - sa->id) > 0 ? out : NULL;
}

/*
 * The outbound SA that carries what a pair carried before, or NULL. Pairs of other
 * selectors are used side by side, and what is in use is no pair's rest.
 */
static struct cmap_sa *cmap_sa_successor(const struct cmap_sa *sa,
					 const struct cmap_sa *twin)
{
	struct cmap_sa *out = cmap_sa_younger(sa);

	if (!out || out == twin || !sa->twin_spi ||
	    sa->flags & CRYPTO_MAP_SA_FLAGS_MANUAL ||
	    memcmp(&out->sel, &sa->sel, sizeof(sa->sel)))
		return NULL;
	return out;
}

/*
 * Jiffies that a pair may be idle since another one took its place, or an inbound SA
 * that is left alone; 0 if that is not so.
 * After simultaneous negotiations each end may use the pair that the other one takes
 * for replaced: which of both is left is decided by what both know, the SPIs, and the
 * other one goes first.
 */
static unsigned long cmap_sa_replaced_idle(const struct cmap_sa *sa,
					   const struct cmap_sa *twin)
{
	const struct cmap_sa *out = cmap_sa_successor(sa, twin);
	bool stays = out && max(sa->spi, sa->twin_spi) > max(out->spi, out->twin_spi);

	if (!out && !sa->alone)
		return 0;
	return (stays ? 2 : 1) * CMAP_REPLACED_SECONDS * HZ;
}

/* An SA became active: others go at once, or when they are idle. */
static void cmap_sa_retire_others(struct cmap_flow *flow)
{
	struct cmap_sa *sa, *next;

	list_for_each_entry_safe(sa, next, &flow->sas, flow_node)
		if (sa->state == CRYPTO_MAP_SA_STATE_RETIRING)
			cmap_sa_remove(sa);
		else if (cmap_sa_successor(sa, NULL))
			cmap_sa_kick(sa);
}

/*
 * Make an outbound SA the one that carries the traffic of its flow; unless one
 * that came later, of a simultaneous negotiation, does already.
 */
static void cmap_sa_activate(struct cmap_sa *sa)
{
	struct cmap_flow *flow = sa->flow;

	cmap_sa_set_state(sa, CRYPTO_MAP_SA_STATE_ACTIVE);
	if (cmap_sa_younger(sa)) {
		cmap_sa_kick(sa);
		cmap_nl_sa_ntf(sa);
		return;
	}
	if (!rcu_access_pointer(flow->out))
		flow->state->up_since = ktime_get_boottime_seconds();
	rcu_assign_pointer(flow->out, sa);
	flow->state->out_since = jiffies;
	cmap_sa_retire_others(flow);
	cmap_nl_sa_ntf(sa);
	cmap_nl_flow_ntf(flow);
	cmap_flow_up(flow);
}

static struct cmap_sa *cmap_sa_standby(const struct cmap_flow *flow)
{
	struct cmap_sa *sa;

	list_for_each_entry(sa, &flow->sas, flow_node)
		if (sa->state == CRYPTO_MAP_SA_STATE_STANDBY)
			return sa;
	return NULL;
}

/* Seconds until a time limit is reached; 0 if it is, U64_MAX without one. */
static u64 cmap_sa_left(u64 limit, u64 age)
{
	if (!limit)
		return U64_MAX;
	return limit > age ? limit - age : 0;
}

/* No daemon rekeys an orphan: ask for a successor as for a first SA. */
static void cmap_sa_succeed_orphan(struct cmap_sa *sa)
{
	if ((sa->flags & CRYPTO_MAP_SA_FLAGS_ORPHAN) &&
	    (sa->flags & CRYPTO_MAP_SA_FLAGS_SOFT_EXPIRED) &&
	    rcu_access_pointer(sa->flow->out) == sa)
		cmap_flow_acquire(sa->flow);
}

static void cmap_sa_soft_expire(struct cmap_sa *sa)
{
	sa->flags |= CRYPTO_MAP_SA_FLAGS_SOFT_EXPIRED;
	cmap_nl_expire_ntf(sa, CRYPTO_MAP_EXPIRE_KIND_SOFT);
	cmap_sa_succeed_orphan(sa);
}

void cmap_sa_set_orphan(struct cmap_sa *sa, bool orphan)
{
	lockdep_assert_held(&sa->cn->lock);

	if (orphan)
		sa->flags |= CRYPTO_MAP_SA_FLAGS_ORPHAN;
	else
		sa->flags &= ~CRYPTO_MAP_SA_FLAGS_ORPHAN;
	cmap_sa_succeed_orphan(sa);
}

static void cmap_sa_hard_expire(struct cmap_sa *sa)
{
	cmap_nl_expire_ntf(sa, CRYPTO_MAP_EXPIRE_KIND_HARD);
	if (sa->flags & CRYPTO_MAP_SA_FLAGS_MANUAL)
		queue_work(cmap_wq, &sa->cn->manual_work);
	cmap_sa_remove(sa);
}

/* Jiffies since a packet came or went by either SA of a pair. */
static unsigned long cmap_sa_unused(const struct cmap_sa *sa)
{
	const struct cmap_sa *twin = cmap_sa_twin(sa);
	unsigned long last = READ_ONCE(sa->last_used);

	if (twin && time_after(READ_ONCE(twin->last_used), last))
		last = READ_ONCE(twin->last_used);
	return jiffies - last;
}

/* Whether a pair has carried nothing for as long as the entry allows. */
static bool cmap_sa_is_idle(const struct cmap_sa *sa)
{
	unsigned long limit = (unsigned long)sa->flow->state->idle * HZ;

	return limit && cmap_sa_unused(sa) >= limit;
}

/*
 * Not since the present successor is there: where pairs are renewed faster than they may be
 * idle, none would ever go.
 */
static void cmap_sa_note_replaced(struct cmap_sa *sa)
{
	if (!cmap_sa_replaced_idle(sa, cmap_sa_twin(sa)))
		sa->replaced_at = 0;
	else if (!sa->replaced_at)
		sa->replaced_at = jiffies ?: 1;
}

/*
 * Jiffies until neither SA of a pair has carried a packet for as long as the
 * entry allows, or for long enough after another one took its place; 0 if it is so.
 * Not of manual SAs, which nobody would negotiate again, and not while one of them
 * waits to begin or to end.
 */
static unsigned long cmap_sa_idle_left(const struct cmap_sa *sa)
{
	const struct cmap_sa *twin = cmap_sa_twin(sa);
	unsigned long replaced = cmap_sa_replaced_idle(sa, twin);
	unsigned long limit = min_not_zero((unsigned long)sa->flow->state->idle * HZ,
					   replaced);
	unsigned long unused = cmap_sa_unused(sa);

	if (!limit || sa->flags & CRYPTO_MAP_SA_FLAGS_MANUAL ||
	    sa->state != CRYPTO_MAP_SA_STATE_ACTIVE ||
	    (twin && twin->state != CRYPTO_MAP_SA_STATE_ACTIVE))
		return MAX_JIFFY_OFFSET;
	if (replaced)
		unused = min(unused, jiffies - sa->replaced_at);
	return unused < limit ? limit - unused : 0;
}

/*
 * When the peer used a pair for its last packet, although another one took its place here;
 * 0 if it did not, or that was before. It may have nothing else to send by, as after
 * simultaneous negotiations.
 */
static unsigned long cmap_sa_preferred(const struct cmap_sa *sa, const struct cmap_sa *twin,
				       const struct cmap_sa *successor)
{
	const struct cmap_sa *in = sa->dir == CRYPTO_MAP_SA_DIR_IN ? sa : twin;
	const struct cmap_sa *other = cmap_sa_twin(successor);
	unsigned long last = in ? READ_ONCE(in->last_used) : 0;

	if (!in || !time_after(last, sa->flow->state->out_since) ||
	    (other && time_after(READ_ONCE(other->last_used), last)))
		return 0;
	return last ?: 1;
}

/*
 * Whether a pair is on its way out, since another one took its place and the peer does
 * not prefer it: to renew it, too, would make ever more pairs of a few. It is looked at
 * again as long as it is there.
 */
static bool cmap_sa_is_replaced(const struct cmap_sa *sa)
{
	const struct cmap_sa *twin = cmap_sa_twin(sa);
	const struct cmap_sa *successor = cmap_sa_successor(sa, twin);

	return successor && !cmap_sa_preferred(sa, twin, successor);
}

static void cmap_sa_expire_pair(struct cmap_sa *sa, enum crypto_map_expire_kind kind)
{
	struct cmap_sa *twin = cmap_sa_twin(sa);

	cmap_nl_expire_ntf(sa, kind);
	if (twin) {
		cmap_nl_expire_ntf(twin, kind);
		cmap_sa_remove(twin);
	}
	cmap_sa_remove(sa);
}

/*
 * A pair was idle for long enough: it goes. If the peer prefers it, and it can carry all,
 * it goes on. Its successor goes instead once that is idle, too; but not for what the peer
 * sent before it had to use the successor: only its next packet tells. A pair that was
 * renewed ends soon anyway. Return: whether it stays.
 */
static bool cmap_sa_idle_expire(struct cmap_sa *sa)
{
	struct cmap_sa *twin = cmap_sa_twin(sa);
	struct cmap_sa *out = sa->dir == CRYPTO_MAP_SA_DIR_OUT ? sa : twin;
	struct cmap_sa *successor = cmap_sa_successor(sa, twin);
	unsigned long settled = sa->flow->state->out_since + CMAP_SETTLED_SECONDS * HZ;
	unsigned long last = 0;

	if (successor && out && !cmap_sa_is_idle(sa) &&
	    !(out->flags & CRYPTO_MAP_SA_FLAGS_SOFT_EXPIRED))
		last = cmap_sa_preferred(sa, twin, successor);
	if (last) {
		if (time_after(last, settled) &&
		    cmap_sa_unused(successor) >= CMAP_REPLACED_SECONDS * HZ)
			cmap_sa_expire_pair(successor, CRYPTO_MAP_EXPIRE_KIND_REMOVED);
		return true;
	}
	cmap_sa_expire_pair(sa, cmap_sa_replaced_idle(sa, twin) ?
				CRYPTO_MAP_EXPIRE_KIND_REMOVED :
				CRYPTO_MAP_EXPIRE_KIND_IDLE);
	return false;
}

static void cmap_sa_life(struct cmap_sa *sa)
{
	u64 age = ktime_get_boottime_seconds() - sa->born;
	unsigned long now = jiffies, idle;
	struct cmap_sa *twin;
	u64 soft, hard;

	if (sa->state == CRYPTO_MAP_SA_STATE_LARVAL) {
		if (age >= CMAP_LARVAL_SECONDS)
			cmap_sa_remove(sa);
		else
			cmap_sa_rearm(sa, (CMAP_LARVAL_SECONDS - age) * HZ);
		return;
	}

	hard = cmap_sa_left(sa->hard.seconds, age);
	if (!hard || test_bit(CMAP_SA_EVENT_HARD, &sa->events)) {
		cmap_sa_hard_expire(sa);
		return;
	}

	soft = cmap_sa_left(sa->soft.seconds, age);
	if (sa->flags & CRYPTO_MAP_SA_FLAGS_SOFT_EXPIRED) {
		soft = U64_MAX;
	} else if (!soft || test_bit(CMAP_SA_EVENT_SOFT, &sa->events)) {
		if (!cmap_sa_is_replaced(sa))
			cmap_sa_soft_expire(sa);
		soft = U64_MAX;
	}

	if (test_bit(CMAP_SA_EVENT_USED, &sa->events)) {
		twin = cmap_sa_twin(sa);
		if (twin && twin->state == CRYPTO_MAP_SA_STATE_STANDBY)
			cmap_sa_activate(twin);
	}
	if (test_and_clear_bit(CMAP_SA_EVENT_SEEN, &sa->events))
		cmap_natt_follow(sa);
	if (sa->state == CRYPTO_MAP_SA_STATE_STANDBY) {
		if (time_after_eq(now, sa->standby_until))
			cmap_sa_activate(sa);
		else
			cmap_sa_rearm(sa, sa->standby_until - now);
	}

	cmap_sa_note_replaced(sa);
	idle = cmap_sa_idle_left(sa);
	if (!idle) {
		if (!cmap_sa_idle_expire(sa))
			return;
		idle = CMAP_REPLACED_SECONDS * HZ;
	}
	soft = min3(soft, hard, (u64)MAX_JIFFY_OFFSET / HZ);
	cmap_sa_rearm(sa, min_t(u64, soft * HZ, idle));
}

static void cmap_sa_life_work(struct work_struct *work)
{
	struct cmap_sa *sa = container_of(to_delayed_work(work), struct cmap_sa,
					  life_work);

	mutex_lock(&sa->cn->lock);
	if (!sa->dead)
		cmap_sa_life(sa);
	mutex_unlock(&sa->cn->lock);
	cmap_sa_put(sa);
}

void cmap_sa_life_init(struct cmap_sa *sa)
{
	INIT_DELAYED_WORK(&sa->life_work, cmap_sa_life_work);
	sa->born = ktime_get_boottime_seconds();
}

void cmap_sa_start_out(struct cmap_sa *sa, bool standby)
{
	struct cmap_sa *twin = cmap_sa_twin(sa);
	bool first = !rcu_access_pointer(sa->flow->out);

	/* a responder learns the SPI of the other side after its own SA is in */
	if (twin && !twin->twin_spi)
		twin->twin_spi = sa->spi;
	if (!standby) {
		cmap_sa_activate(sa);
		return;
	}
	if (first)
		cmap_flow_expect(sa->flow);
	cmap_sa_set_state(sa, CRYPTO_MAP_SA_STATE_STANDBY);
	sa->standby_until = jiffies + msecs_to_jiffies(first ?
						       CMAP_STANDBY_FIRST_MS :
						       CMAP_STANDBY_MS);
	cmap_nl_sa_ntf(sa);
	if (twin) {
		/* either it saw a packet before, or it sees this and tells */
		WRITE_ONCE(twin->wake_twin, true);
		spin_lock_bh(&twin->lock);
		if (twin->packets)
			cmap_sa_event(twin, CMAP_SA_EVENT_USED);
		spin_unlock_bh(&twin->lock);
	}
}

/* The SA that carries the traffic of a flow when @gone goes: the youngest. */
static struct cmap_sa *cmap_sa_next_out(struct cmap_flow *flow,
					struct cmap_sa *gone)
{
	struct cmap_sa *sa;

	list_for_each_entry_reverse(sa, &flow->sas, flow_node)
		if (sa != gone && sa->dir == CRYPTO_MAP_SA_DIR_OUT)
			return sa;
	return NULL;
}

void cmap_sa_leave_twin(struct cmap_sa *sa)
{
	struct cmap_sa *twin = cmap_sa_twin(sa);

	if (!twin)
		return;
	twin->alone = true;
	cmap_sa_kick(twin);
}

void cmap_sa_hand_over(struct cmap_sa *sa)
{
	struct cmap_sa *next = cmap_sa_next_out(sa->flow, sa);

	rcu_assign_pointer(sa->flow->out, next);
	if (next && next->state == CRYPTO_MAP_SA_STATE_STANDBY) {
		cmap_sa_activate(next);
		return;
	}
	list_for_each_entry(next, &sa->flow->sas, flow_node)
		cmap_sa_kick(next);
	cmap_nl_flow_ntf(sa->flow);
}

void cmap_sa_elect(struct cmap_flow *flow)
{
	struct cmap_sa *sa;

	lockdep_assert_held(&flow->cn->lock);

	if (rcu_access_pointer(flow->out))
		return;
	sa = cmap_sa_next_out(flow, NULL);
	if (sa)
		cmap_sa_activate(sa);
}

void cmap_sa_delete(struct cmap_sa *sa)
{
	struct cmap_flow *flow;
	struct cmap_sa *out;
	bool standby;

	lockdep_assert_held(&sa->cn->lock);

	if (sa->state == CRYPTO_MAP_SA_STATE_RETIRING) {
		/* again, for the peer has deleted it: the successor is due */
		cmap_sa_remove(sa);
		return;
	}
	if (sa->flow && rcu_access_pointer(sa->flow->out) == sa &&
	    cmap_sa_standby(sa->flow)) {
		cmap_sa_set_state(sa, CRYPTO_MAP_SA_STATE_RETIRING);
		return;
	}
	flow = sa->flow;
	standby = sa->state == CRYPTO_MAP_SA_STATE_STANDBY;
	cmap_sa_remove(sa);
	if (!standby || cmap_sa_standby(flow))
		return;
	/* what waited for this successor to retire has none any more */
	out = rcu_dereference_protected(flow->out,
					lockdep_is_held(&flow->cn->lock));
	if (out && out->state == CRYPTO_MAP_SA_STATE_RETIRING)
		cmap_sa_remove(out);
}
