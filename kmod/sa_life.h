/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_SA_LIFE_H
#define _CMAP_SA_LIFE_H

/*
 * How security associations live, and replace each other.
 *
 * Rekeying (charon's initiator replaces the outbound SA before the responder has
 * the new inbound one): a new outbound SA may start on standby. It is activated
 * when its inbound twin receives a packet, or after CMAP_STANDBY_MS; until then
 * the old one carries traffic, even when the daemon deleted it (retiring). The
 * first SA of a flow waits likewise, for CMAP_STANDBY_FIRST_MS.
 *
 * What it replaced may be used by the peer still. A pair of SAs goes when it carried
 * nothing for CMAP_REPLACED_SECONDS since the first younger one came, whether the
 * daemon knows it or not; else each rekeying by volume would leave a pair for the
 * rest of its lifetime in seconds. If the peer sends by it rather than by the younger
 * one, as when both ends rekeyed at once and a peer dropped the outbound SA of what it
 * takes for replaced, the younger pair goes instead. What it sent in the first seconds
 * after the switch does not tell: a packet was on its way, or it waited as we do. Nobody
 * is asked to renew a pair that goes so.
 *
 * One work of each SA does what its life asks for: lifetimes, activation, idleness.
 * Whoever notes something that concerns it kicks the work.
 */

#include "sa.h"

/* How long a standby SA waits for its twin to be used. */
#define CMAP_STANDBY_MS		3000
/* The same while its flow has no other SA, so that packets wait too. */
#define CMAP_STANDBY_FIRST_MS	300
/* How long a pair of SAs that a younger one replaced may be idle; or twice that. */
#define CMAP_REPLACED_SECONDS	10
/* How long after a switch here the peer may not have switched: its standby, and the way. */
#define CMAP_SETTLED_SECONDS	5

/**
 * cmap_sa_life_init() - let the life of an SA begin
 * @sa: SA that nobody knows yet
 */
void cmap_sa_life_init(struct cmap_sa *sa);

/**
 * cmap_sa_rearm() - run the lifetime work later, unless it is due already
 * @sa: SA, or larval one
 * @delay: jiffies
 *
 * Context: a reference, or cn->lock.
 */
void cmap_sa_rearm(struct cmap_sa *sa, unsigned long delay);

/**
 * cmap_sa_kick() - run the lifetime work now
 * @sa: SA, or larval one; something happened that the work has to look at
 *
 * Context: any.
 */
void cmap_sa_kick(struct cmap_sa *sa);

/**
 * cmap_sa_elect() - let the youngest SA of a flow carry its traffic
 * @flow: flow; nothing happens if it has an outbound SA in use, or none at all
 *
 * Context: cn->lock.
 */
void cmap_sa_elect(struct cmap_flow *flow);

/**
 * cmap_sa_event() - ask the lifetime work to look at something
 * @sa: SA
 * @event: what happened; nothing if it waits to be looked at already
 *
 * Context: any; a reference or an RCU read side with sa->lock and not @dead.
 */
void cmap_sa_event(struct cmap_sa *sa, enum cmap_sa_event event);

/**
 * cmap_sa_start_out() - begin to use a new outbound SA
 * @sa: SA, in the list of its flow
 * @standby: let it wait until the peer has its keys
 *
 * With another SA in use the wait costs nothing. Without one the packets of the
 * flow wait too, so it is short: as long as the last message of a quick mode
 * needs to overtake them.
 *
 * Context: cn->lock.
 */
void cmap_sa_start_out(struct cmap_sa *sa, bool standby);

/**
 * cmap_sa_leave_twin() - an outbound SA goes: so does its twin, when it is idle
 * @sa: outbound SA
 *
 * Context: cn->lock.
 */
void cmap_sa_leave_twin(struct cmap_sa *sa);

/**
 * cmap_sa_hand_over() - let another SA carry the traffic of a flow
 * @sa: SA that does, which goes; the youngest other one takes its place, if any
 *
 * Context: cn->lock.
 */
void cmap_sa_hand_over(struct cmap_sa *sa);

/**
 * cmap_sa_delete() - what the daemon asks for with sa-del
 * @sa: SA
 *
 * Removes it, or lets an outbound SA retire while its successor is on standby;
 * asked for again, a retiring one goes at once.
 *
 * Context: cn->lock.
 */
void cmap_sa_delete(struct cmap_sa *sa);

/**
 * cmap_sa_set_orphan() - note whether a daemon still knows an SA
 * @sa: SA with keys
 * @orphan: no daemon knows it; a successor is asked for when the soft limit has
 *	passed, or passes
 *
 * Context: cn->lock.
 */
void cmap_sa_set_orphan(struct cmap_sa *sa, bool orphan);

#endif /* _CMAP_SA_LIFE_H */
