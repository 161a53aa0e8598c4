// SPDX-License-Identifier: GPL-2.0-only
/* Notifications. */

#include <net/genetlink.h>

#include "config.h"
#include "flow.h"
#include "net.h"
#include "netlink.h"
#include "nl_event.h"
#include "sa.h"
#include "trace.h"

bool cmap_nl_daemon_listens(struct cmap_net *cn)
{
	return genl_has_listeners(&cmap_nl_family, cn->net, CRYPTO_MAP_NLGRP_IKE);
}

/* Start a notification; NULL when nobody listens or there is no memory. */
static struct sk_buff *cmap_nl_event_new(struct cmap_net *cn, u8 cmd,
					 unsigned int group, void **hdr)
{
	struct sk_buff *msg;

	if (!genl_has_listeners(&cmap_nl_family, cn->net, group))
		return NULL;
	msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_ATOMIC);
	if (!msg)
		return NULL;
	*hdr = genlmsg_put(msg, 0, 0, &cmap_nl_family, 0, cmd);
	if (!*hdr) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

/* Send a notification unless filling it failed. */
static void cmap_nl_event_send(struct cmap_net *cn, struct sk_buff *msg,
			       void *hdr, unsigned int group, int err)
{
	if (err) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_end(msg, hdr);
	rcu_read_lock();
	/* once the family is gone its groups may be another one's */
	if (cmap_nl_is_registered())
		genlmsg_multicast_netns(&cmap_nl_family, cn->net, msg, 0, group,
					GFP_ATOMIC);
	else
		nlmsg_free(msg);
	rcu_read_unlock();
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
	entry = rcu_dereference_check(flow->entry,
				      lockdep_is_held(&flow->cn->lock));
	if (!nla_put_u32(msg, CRYPTO_MAP_A_FLOW_ID, flow->id) &&
	    !nla_put_string(msg, CRYPTO_MAP_A_FLOW_MAP, entry->map) &&
	    !nla_put_u16(msg, CRYPTO_MAP_A_FLOW_ENTRY_SEQ, entry->seq))
		return msg;
	nlmsg_free(msg);
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
			  READ_ONCE(flow->ace)->seq);
	cmap_nl_event_send(flow->cn, msg, hdr, CRYPTO_MAP_NLGRP_IKE, err);
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
	cmap_nl_event_send(flow->cn, msg, hdr, CRYPTO_MAP_NLGRP_EVENTS, err);
}

static int cmap_nl_put_sa_key(struct sk_buff *msg, const struct cmap_sa *sa)
{
	return nla_put_u32(msg, CRYPTO_MAP_A_SA_SPI, sa->spi) ?:
	       nla_put_u32(msg, CRYPTO_MAP_A_SA_DIR, sa->dir) ?:
	       cmap_nl_put_addr(msg, CRYPTO_MAP_A_SA_LOCAL, sa->family,
				&sa->local) ?:
	       cmap_nl_put_addr(msg, CRYPTO_MAP_A_SA_REMOTE, sa->family,
				&sa->remote) ?:
	       nla_put_u32(msg, CRYPTO_MAP_A_SA_FLOW_ID, sa->flow->id) ?:
	       nla_put_u32(msg, CRYPTO_MAP_A_SA_FLAGS, sa->flags) ?:
	       nla_put_u32(msg, CRYPTO_MAP_A_SA_TWIN_SPI, sa->twin_spi);
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
	      nla_put_u32(msg, CRYPTO_MAP_A_SA_EXPIRE, kind);
	cmap_nl_event_send(sa->cn, msg, hdr, CRYPTO_MAP_NLGRP_IKE, err);
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
	cmap_nl_event_send(sa->cn, msg, hdr, CRYPTO_MAP_NLGRP_EVENTS, err);
}

void cmap_nl_invalid_spi_ntf(struct cmap_net *cn, u32 spi, u16 family,
			     const union cmap_addr *local,
			     const union cmap_addr *remote)
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
	      cmap_nl_put_addr(msg, CRYPTO_MAP_A_SA_REMOTE, family, remote);
	cmap_nl_event_send(cn, msg, hdr, CRYPTO_MAP_NLGRP_IKE, err);
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
	cmap_nl_event_send(sa->cn, msg, hdr, CRYPTO_MAP_NLGRP_IKE, err);
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
	cmap_nl_event_send(flow->cn, msg, hdr, CRYPTO_MAP_NLGRP_EVENTS, err);
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
	cmap_nl_event_send(cn, msg, hdr, CRYPTO_MAP_NLGRP_EVENTS, err);
}
