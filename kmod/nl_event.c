// SPDX-License-Identifier: GPL-2.0-only
/* Notifications. */

#include <net/genetlink.h>

#include "config.h"
#include "drop.h"
#include "flow.h"
#include "net.h"
#include "netlink.h"
#include "nl_event.h"
#include "pkt.h"
#include "sa.h"
#include "trace.h"

/*
 * Whether somebody may be listening: genl_has_listeners() is true also when only
 * another namespace has somebody, and then the message is lost.
 */
static bool cmap_nl_is_watched(struct cmap_net *cn)
{
	return genl_has_listeners(&cmap_nl_family, cn->net,
				  CRYPTO_MAP_NLGRP_WATCH);
}

/* Number an event. Who watches sees by the gaps how many it missed. */
static u32 cmap_nl_event_number(struct cmap_net *cn)
{
	lockdep_assert_held(&cn->event_lock);
	return ++cn->event_serial;
}

/* An event that cannot be made has a number all the same. */
static void cmap_nl_event_skip(struct cmap_net *cn)
{
	spin_lock_bh(&cn->event_lock);
	cmap_nl_event_number(cn);
	spin_unlock_bh(&cn->event_lock);
}

/*
 * Start a notification of a group, which goes to who watches, too; NULL when nobody
 * listens or there is no memory.
 */
static struct sk_buff *cmap_nl_event_new(struct cmap_net *cn, u8 cmd,
					 unsigned int group, void **hdr)
{
	struct sk_buff *msg;

	if (!genl_has_listeners(&cmap_nl_family, cn->net, group) &&
	    !cmap_nl_is_watched(cn))
		return NULL;
	msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_ATOMIC);
	*hdr = msg ? genlmsg_put(msg, 0, 0, &cmap_nl_family, 0, cmd) : NULL;
	if (*hdr)
		return msg;
	nlmsg_free(msg);
	cmap_nl_event_skip(cn);
	return NULL;
}

static void cmap_nl_multicast(struct cmap_net *cn, struct sk_buff *msg,
			      unsigned int group)
{
	struct sk_buff *copy = NULL;

	if (group != CRYPTO_MAP_NLGRP_WATCH && cmap_nl_is_watched(cn))
		copy = skb_clone(msg, GFP_ATOMIC);
	genlmsg_multicast_netns(&cmap_nl_family, cn->net, msg, 0, group,
				GFP_ATOMIC);
	if (copy)
		genlmsg_multicast_netns(&cmap_nl_family, cn->net, copy, 0,
					CRYPTO_MAP_NLGRP_WATCH, GFP_ATOMIC);
}

/*
 * Send a notification unless filling it failed; @serial is the attribute of its number.
 * The lock keeps the order of the numbers: who watches takes what comes late for missed.
 */
static void cmap_nl_event_send(struct cmap_net *cn, struct sk_buff *msg,
			       void *hdr, int serial, unsigned int group,
			       int err)
{
	rcu_read_lock();
	spin_lock_bh(&cn->event_lock);
	err = nla_put_u32(msg, serial, cmap_nl_event_number(cn)) ?: err;
	genlmsg_end(msg, hdr);
	/* once the family is gone its groups may be another one's */
	if (!err && cmap_nl_is_registered())
		cmap_nl_multicast(cn, msg, group);
	else
		nlmsg_free(msg);
	spin_unlock_bh(&cn->event_lock);
	rcu_read_unlock();
}

/* Context: RCU read side or cn->lock. */
static const struct cmap_entry *
cmap_nl_event_entry(const struct cmap_flow *flow)
{
	return rcu_dereference_check(flow->entry,
				     lockdep_is_held(&flow->cn->lock));
}

/*
 * The peer of a flow, or the one that would be asked first, unless only its name is
 * known. Context: likewise.
 */
static int cmap_nl_put_event_peer(struct sk_buff *msg, int type,
				  const struct cmap_flow *flow)
{
	const struct cmap_entry *entry = cmap_nl_event_entry(flow);
	const struct cmap_sa *out;

	out = rcu_dereference_check(flow->out,
				    lockdep_is_held(&flow->cn->lock));
	if (out)
		return cmap_nl_put_addr(msg, type, out->family, &out->remote);
	return entry->n_peer && !*cmap_entry_peer_name(entry, 0) ?
	       cmap_nl_put_addr(msg, type, entry->peer_family,
				&entry->peer[0]) : 0;
}

/*
 * A notification about a flow that names it; the caller adds what happened.
 * Context: RCU read side or cn->lock.
 */
static struct sk_buff *cmap_nl_flow_event_new(struct cmap_flow *flow, u8 cmd,
					      unsigned int group, void **hdr)
{
	const struct cmap_entry *entry;
	struct sk_buff *msg;

	msg = cmap_nl_event_new(flow->cn, cmd, group, hdr);
	if (!msg)
		return NULL;
	entry = cmap_nl_event_entry(flow);
	if (!nla_put_u32(msg, CRYPTO_MAP_A_FLOW_ID, flow->id) &&
	    !nla_put_string(msg, CRYPTO_MAP_A_FLOW_MAP, entry->map) &&
	    !nla_put_u16(msg, CRYPTO_MAP_A_FLOW_ENTRY_SEQ, entry->seq) &&
	    !cmap_nl_put_event_peer(msg, CRYPTO_MAP_A_FLOW_REMOTE, flow))
		return msg;
	nlmsg_free(msg);
	cmap_nl_event_skip(flow->cn);
	return NULL;
}

/* Context: RCU read side or cn->lock. */
void cmap_nl_acquire_ntf(struct cmap_flow *flow)
{
	struct sk_buff *msg;
	void *hdr;
	int err;

	trace_cmap_acquire(flow);
	msg = cmap_nl_flow_event_new(flow, CRYPTO_MAP_CMD_ACQUIRE_NTF,
				     CRYPTO_MAP_NLGRP_IKE, &hdr);
	if (!msg)
		return;
	err = nla_put_u32(msg, CRYPTO_MAP_A_FLOW_ACE_SEQ,
			  READ_ONCE(cmap_flow_permit(flow)->ace)->seq);
	cmap_nl_event_send(flow->cn, msg, hdr, CRYPTO_MAP_A_FLOW_SERIAL,
			   CRYPTO_MAP_NLGRP_IKE, err);
}

/* Context: cn->lock. */
void cmap_nl_fail_ntf(struct cmap_flow *flow, const char *reason)
{
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = cmap_nl_flow_event_new(flow, CRYPTO_MAP_CMD_FAIL_NTF,
				     CRYPTO_MAP_NLGRP_EVENTS, &hdr);
	if (!msg)
		return;
	err = nla_put_string(msg, CRYPTO_MAP_A_FLOW_REASON, reason);
	cmap_nl_event_send(flow->cn, msg, hdr, CRYPTO_MAP_A_FLOW_SERIAL,
			   CRYPTO_MAP_NLGRP_EVENTS, err);
}

static int cmap_nl_put_sa_key(struct sk_buff *msg, const struct cmap_sa *sa)
{
	const struct cmap_entry *entry = cmap_nl_event_entry(sa->flow);

	return nla_put_string(msg, CRYPTO_MAP_A_SA_MAP, entry->map) ?:
	       nla_put_u16(msg, CRYPTO_MAP_A_SA_ENTRY_SEQ, entry->seq) ?:
	       nla_put_u32(msg, CRYPTO_MAP_A_SA_SPI, sa->spi) ?:
	       nla_put_u32(msg, CRYPTO_MAP_A_SA_DIR, sa->dir) ?:
	       cmap_nl_put_addr(msg, CRYPTO_MAP_A_SA_LOCAL, sa->family,
				&sa->local) ?:
	       cmap_nl_put_addr(msg, CRYPTO_MAP_A_SA_REMOTE, sa->family,
				&sa->remote) ?:
	       nla_put_u32(msg, CRYPTO_MAP_A_SA_FLOW_ID, sa->flow->id) ?:
	       nla_put_u32(msg, CRYPTO_MAP_A_SA_FLAGS, sa->flags) ?:
	       nla_put_u32(msg, CRYPTO_MAP_A_SA_TWIN_SPI, sa->twin_spi);
}

/* Behind one address there may be several peers. */
static int cmap_nl_put_peer_port(struct sk_buff *msg, __be16 port)
{
	return port ? nla_put_u16(msg, CRYPTO_MAP_A_SA_ENCAP_DPORT,
				  ntohs(port)) : 0;
}

/* Context: cn->lock. */
void cmap_nl_expire_ntf(struct cmap_sa *sa, enum crypto_map_expire_kind kind)
{
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = cmap_nl_event_new(sa->cn, CRYPTO_MAP_CMD_EXPIRE_NTF,
				CRYPTO_MAP_NLGRP_IKE, &hdr);
	if (!msg)
		return;
	err = cmap_nl_put_sa_key(msg, sa) ?:
	      nla_put_u32(msg, CRYPTO_MAP_A_SA_EXPIRE, kind) ?:
	      cmap_nl_put_peer_port(msg, sa->encap_dport);
	cmap_nl_event_send(sa->cn, msg, hdr, CRYPTO_MAP_A_SA_SERIAL,
			   CRYPTO_MAP_NLGRP_IKE, err);
}

/* Context: cn->lock. */
void cmap_nl_sa_ntf(struct cmap_sa *sa)
{
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = cmap_nl_event_new(sa->cn, CRYPTO_MAP_CMD_SA_NTF,
				CRYPTO_MAP_NLGRP_EVENTS, &hdr);
	if (!msg)
		return;
	err = cmap_nl_put_sa_key(msg, sa) ?:
	      nla_put_u32(msg, CRYPTO_MAP_A_SA_STATE, sa->state) ?:
	      nla_put_u32(msg, CRYPTO_MAP_A_SA_MODE, sa->mode) ?:
	      nla_put_u32(msg, CRYPTO_MAP_A_SA_CIPHER, sa->alg.cipher) ?:
	      nla_put_u16(msg, CRYPTO_MAP_A_SA_KEY_BITS, sa->alg.key_bits) ?:
	      nla_put_u32(msg, CRYPTO_MAP_A_SA_AUTH, sa->alg.auth);
	cmap_nl_event_send(sa->cn, msg, hdr, CRYPTO_MAP_A_SA_SERIAL,
			   CRYPTO_MAP_NLGRP_EVENTS, err);
}

/* Context: cn->lock. */
void cmap_nl_sa_gone_ntf(struct cmap_sa *sa)
{
	struct sk_buff *msg;
	void *hdr;

	msg = cmap_nl_event_new(sa->cn, CRYPTO_MAP_CMD_SA_GONE_NTF,
				CRYPTO_MAP_NLGRP_WATCH, &hdr);
	if (msg)
		cmap_nl_event_send(sa->cn, msg, hdr, CRYPTO_MAP_A_SA_SERIAL,
				   CRYPTO_MAP_NLGRP_WATCH,
				   cmap_nl_put_sa_key(msg, sa));
}

void cmap_nl_invalid_spi_ntf(struct cmap_net *cn, u32 spi, u16 family,
			     const union cmap_addr *local,
			     const struct cmap_origin *remote)
{
	struct sk_buff *msg;
	void *hdr;
	int err;

	if (!__ratelimit(&cn->invalid_spi_limit))
		return;
	msg = cmap_nl_event_new(cn, CRYPTO_MAP_CMD_INVALID_SPI_NTF,
				CRYPTO_MAP_NLGRP_IKE, &hdr);
	if (!msg)
		return;
	err = nla_put_u32(msg, CRYPTO_MAP_A_SA_SPI, spi) ?:
	      cmap_nl_put_addr(msg, CRYPTO_MAP_A_SA_LOCAL, family, local) ?:
	      cmap_nl_put_addr(msg, CRYPTO_MAP_A_SA_REMOTE, family,
			       &remote->addr) ?:
	      cmap_nl_put_peer_port(msg, remote->port);
	cmap_nl_event_send(cn, msg, hdr, CRYPTO_MAP_A_SA_SERIAL,
			   CRYPTO_MAP_NLGRP_IKE, err);
}

/* Context: cn->lock. */
void cmap_nl_mapping_ntf(struct cmap_sa *sa, const struct cmap_origin *seen)
{
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = cmap_nl_event_new(sa->cn, CRYPTO_MAP_CMD_MAPPING_NTF,
				CRYPTO_MAP_NLGRP_IKE, &hdr);
	if (!msg)
		return;
	err = cmap_nl_put_sa_key(msg, sa) ?:
	      nla_put_u16(msg, CRYPTO_MAP_A_SA_ENCAP_SPORT,
			  ntohs(sa->encap_sport)) ?:
	      nla_put_u16(msg, CRYPTO_MAP_A_SA_ENCAP_DPORT,
			  ntohs(seen->port)) ?:
	      cmap_nl_put_addr(msg, CRYPTO_MAP_A_SA_SEEN, sa->family,
			       &seen->addr);
	cmap_nl_event_send(sa->cn, msg, hdr, CRYPTO_MAP_A_SA_SERIAL,
			   CRYPTO_MAP_NLGRP_IKE, err);
}

/* Context: cn->lock. */
void cmap_nl_flow_ntf(struct cmap_flow *flow)
{
	const struct cmap_entry *entry;
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = cmap_nl_flow_event_new(flow, CRYPTO_MAP_CMD_FLOW_NTF,
				     CRYPTO_MAP_NLGRP_EVENTS, &hdr);
	if (!msg)
		return;
	entry = rcu_dereference_protected(flow->entry,
					  lockdep_is_held(&flow->cn->lock));
	err = nla_put_u32(msg, CRYPTO_MAP_A_FLOW_STATE,
			  rcu_access_pointer(flow->out) ?
			  CRYPTO_MAP_FLOW_STATE_UP :
			  CRYPTO_MAP_FLOW_STATE_IDLE);
	if (!err && cmap_entry_routed(entry))
		err = nla_put_flag(msg, CRYPTO_MAP_A_FLOW_ROUTED);
	cmap_nl_event_send(flow->cn, msg, hdr, CRYPTO_MAP_A_FLOW_SERIAL,
			   CRYPTO_MAP_NLGRP_EVENTS, err);
}

void cmap_nl_config_ntf(struct cmap_net *cn, u64 generation)
{
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = cmap_nl_event_new(cn, CRYPTO_MAP_CMD_CONFIG_NTF,
				CRYPTO_MAP_NLGRP_EVENTS, &hdr);
	if (!msg)
		return;
	err = nla_put_u64_64bit(msg, CRYPTO_MAP_A_GLOBALS_GENERATION, generation,
				CRYPTO_MAP_A_GLOBALS_PAD);
	cmap_nl_event_send(cn, msg, hdr, CRYPTO_MAP_A_GLOBALS_SERIAL,
			   CRYPTO_MAP_NLGRP_EVENTS, err);
}

/* What the packet was, as far as its headers can be read. */
static int cmap_nl_put_drop_packet(struct sk_buff *msg,
				   const struct sk_buff *skb)
{
	struct cmap_tuple t;
	u16 family;
	int err;

	if (!skb)
		return 0;
	family = cmap_skb_family(skb);
	if (!cmap_tuple_take(&t, skb, skb_network_offset(skb), family))
		return 0;
	err = cmap_nl_put_addr(msg, CRYPTO_MAP_A_DROP_EVENT_SRC, family,
			       &t.src) ?:
	      cmap_nl_put_addr(msg, CRYPTO_MAP_A_DROP_EVENT_DST, family,
			       &t.dst);
	if (!err && !(t.flags & CMAP_TUPLE_NO_PROTO))
		err = nla_put_u8(msg, CRYPTO_MAP_A_DROP_EVENT_PROTOCOL,
				 t.proto);
	if (!err && t.flags & CMAP_TUPLE_PORTS)
		err = nla_put_u16(msg, CRYPTO_MAP_A_DROP_EVENT_SRC_PORT,
				  t.sport) ?:
		      nla_put_u16(msg, CRYPTO_MAP_A_DROP_EVENT_DST_PORT,
				  t.dport);
	return err;
}

static int cmap_nl_put_drop_info(struct sk_buff *msg,
				 const struct cmap_drop_info *info)
{
	const struct cmap_entry *entry;
	int err = 0;

	if (info->spi)
		err = nla_put_u32(msg, CRYPTO_MAP_A_DROP_EVENT_SPI, info->spi);
	if (!err && info->seq)
		err = nla_put_u64_64bit(msg, CRYPTO_MAP_A_DROP_EVENT_SEQ,
					info->seq, CRYPTO_MAP_A_DROP_EVENT_PAD);
	if (err || !info->flow)
		return err;
	entry = cmap_nl_event_entry(info->flow);
	return nla_put_u32(msg, CRYPTO_MAP_A_DROP_EVENT_FLOW_ID,
			   info->flow->id) ?:
	       nla_put_string(msg, CRYPTO_MAP_A_DROP_EVENT_MAP, entry->map) ?:
	       nla_put_u16(msg, CRYPTO_MAP_A_DROP_EVENT_ENTRY_SEQ,
			   entry->seq) ?:
	       cmap_nl_put_event_peer(msg, CRYPTO_MAP_A_DROP_EVENT_REMOTE,
				      info->flow);
}

/* Drops are told a second after the first of them that was not told. */
void cmap_nl_drops_missed_work(struct work_struct *work)
{
	struct cmap_net *cn = container_of(to_delayed_work(work),
					   struct cmap_net, drop_work);
	struct sk_buff *msg;
	void *hdr;
	u32 n;

	n = atomic_xchg(&cn->drops_missed, 0);
	msg = cmap_nl_event_new(cn, CRYPTO_MAP_CMD_DROP_NTF,
				CRYPTO_MAP_NLGRP_WATCH, &hdr);
	if (msg)
		cmap_nl_event_send(cn, msg, hdr, CRYPTO_MAP_A_DROP_EVENT_SERIAL,
				   CRYPTO_MAP_NLGRP_WATCH,
				   nla_put_u32(msg,
					       CRYPTO_MAP_A_DROP_EVENT_MISSED,
					       n));
}

void cmap_nl_drop_ntf(const struct sk_buff *skb,
		      enum crypto_map_drop_reason reason,
		      const struct cmap_drop_info *info)
{
	struct cmap_net *cn = info->cn;
	struct sk_buff *msg;
	void *hdr;
	int err;

	if (likely(!cmap_nl_is_watched(cn)))
		return;
	/* does not wait: who finds it locked is not told */
	if (!__ratelimit(&cn->drop_limit)) {
		/* the work takes all there are: only the first one asks for it */
		if (atomic_inc_return(&cn->drops_missed) == 1)
			queue_delayed_work(cmap_wq, &cn->drop_work, HZ);
		return;
	}
	msg = cmap_nl_event_new(cn, CRYPTO_MAP_CMD_DROP_NTF,
				CRYPTO_MAP_NLGRP_WATCH, &hdr);
	if (!msg)
		return;
	err = nla_put_u32(msg, CRYPTO_MAP_A_DROP_EVENT_REASON, reason) ?:
	      cmap_nl_put_drop_packet(msg, skb) ?:
	      cmap_nl_put_drop_info(msg, info);
	cmap_nl_event_send(cn, msg, hdr, CRYPTO_MAP_A_DROP_EVENT_SERIAL,
			   CRYPTO_MAP_NLGRP_WATCH, err);
}
