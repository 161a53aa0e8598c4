// SPDX-License-Identifier: GPL-2.0-only
/* Handlers of security associations. */

#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "config.h"
#include "flow.h"
#include "natt.h"
#include "net.h"
#include "netlink.h"
#include "nl_config.h"
#include "nl_event.h"
#include "nl_sa.h"
#include "nl_selector.h"
#include "nl_stats.h"
#include "sa.h"
#include "sa_life.h"
#include "selftest.h"

/* The attributes that name an SA. */
struct cmap_nl_sa_key {
	u32		spi;
	u8		dir;
	u16		family;
	union cmap_addr	local;
	union cmap_addr	remote;
};

static int cmap_nl_get_sa_key(struct genl_info *info,
			      struct cmap_nl_sa_key *key)
{
	struct nlattr **tb = info->attrs;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_SA_SPI) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_SA_DIR) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_SA_LOCAL) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_SA_REMOTE))
		return -EINVAL;

	key->spi = nla_get_u32(tb[CRYPTO_MAP_A_SA_SPI]);
	key->dir = nla_get_u32(tb[CRYPTO_MAP_A_SA_DIR]);
	key->family = AF_UNSPEC;
	err = cmap_nl_get_addr(tb[CRYPTO_MAP_A_SA_LOCAL], &key->family,
			       &key->local, info->extack);
	if (!err)
		err = cmap_nl_get_addr(tb[CRYPTO_MAP_A_SA_REMOTE], &key->family,
				       &key->remote, info->extack);
	return err;
}

/* The SA of a key; larval ones have no keys to show and do not count. */
static struct cmap_sa *cmap_nl_find_sa(struct cmap_net *cn,
				       const struct cmap_nl_sa_key *key,
				       struct netlink_ext_ack *extack)
{
	struct cmap_sa *sa;

	lockdep_assert_held(&cn->lock);

	rcu_read_lock();
	if (key->dir == CRYPTO_MAP_SA_DIR_IN)
		sa = cmap_sa_lookup_in(cn, key->spi, key->family, &key->local);
	else
		sa = cmap_sa_lookup_out(cn, key->spi, key->family,
					&key->local, &key->remote);
	rcu_read_unlock();	/* cn->lock keeps it */
	if (sa && (!cmap_sa_addr_equal(key->family, &sa->local, &key->local) ||
		   !cmap_sa_addr_equal(key->family, &sa->remote, &key->remote)))
		sa = NULL;
	if (!sa)
		NL_SET_ERR_MSG_FMT(extack, "no %sbound SA with SPI 0x%x",
				   key->dir == CRYPTO_MAP_SA_DIR_IN ?
				   "in" : "out", key->spi);
	return sa;
}

static int cmap_nl_get_limits(const struct nlattr *attr,
			      struct cmap_limits *limits,
			      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[CRYPTO_MAP_A_LIMITS_MAX + 1];
	int err;

	if (!attr)
		return 0;
	err = nla_parse_nested(tb, CRYPTO_MAP_A_LIMITS_MAX, attr,
			       crypto_map_limits_nl_policy, extack);
	if (err)
		return err;
	if (tb[CRYPTO_MAP_A_LIMITS_SECONDS])
		limits->seconds = nla_get_u64(tb[CRYPTO_MAP_A_LIMITS_SECONDS]);
	if (tb[CRYPTO_MAP_A_LIMITS_BYTES])
		limits->bytes = nla_get_u64(tb[CRYPTO_MAP_A_LIMITS_BYTES]);
	if (tb[CRYPTO_MAP_A_LIMITS_PACKETS])
		limits->packets = nla_get_u64(tb[CRYPTO_MAP_A_LIMITS_PACKETS]);
	return 0;
}

static int cmap_nl_get_sa_algs(struct genl_info *info,
			       struct cmap_sa_params *p)
{
	struct nlattr **tb = info->attrs;
	const struct nlattr *enc = tb[CRYPTO_MAP_A_SA_ENC_KEY];
	const struct nlattr *auth = tb[CRYPTO_MAP_A_SA_AUTH_KEY];

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_SA_CIPHER))
		return -EINVAL;
	if ((enc && nla_len(enc) > CMAP_KEY_MAX) ||
	    (auth && nla_len(auth) > CMAP_KEY_MAX)) {
		NL_SET_ERR_MSG(info->extack, "key is longer than 64 bytes");
		return -EINVAL;
	}
	cmap_selftest_wait();
	p->enc = enc ? nla_data(enc) : NULL;
	p->auth = auth ? nla_data(auth) : NULL;
	return cmap_alg_keys(&p->alg, nla_get_u32(tb[CRYPTO_MAP_A_SA_CIPHER]),
			     tb[CRYPTO_MAP_A_SA_ICV_BYTES] ?
			     nla_get_u8(tb[CRYPTO_MAP_A_SA_ICV_BYTES]) : 0,
			     tb[CRYPTO_MAP_A_SA_AUTH] ?
			     nla_get_u32(tb[CRYPTO_MAP_A_SA_AUTH]) :
			     CRYPTO_MAP_AUTH_NONE,
			     enc ? nla_len(enc) : 0, auth ? nla_len(auth) : 0,
			     info->extack);
}

/* Extended sequence numbers or not, and where to start; after the algorithms. */
static int cmap_nl_get_sa_seq(struct genl_info *info, struct cmap_sa_params *p)
{
	const struct nlattr *seq = info->attrs[CRYPTO_MAP_A_SA_SEQ];

	if (p->flags & CRYPTO_MAP_SA_FLAGS_ESN)
		cmap_alg_set_esn(&p->alg);
	if (!seq)
		return 0;
	p->seq = nla_get_u64(seq);
	if (p->seq > U32_MAX && !p->alg.esn) {
		NL_SET_ERR_MSG_ATTR(info->extack, seq,
				    "a number above 32 bits takes extended sequence numbers");
		return -ERANGE;
	}
	return 0;
}

/* UDP ports come in pairs. */
static int cmap_nl_get_encap(struct genl_info *info, u16 *sport, u16 *dport)
{
	struct nlattr **tb = info->attrs;

	*sport = tb[CRYPTO_MAP_A_SA_ENCAP_SPORT] ?
		 nla_get_u16(tb[CRYPTO_MAP_A_SA_ENCAP_SPORT]) : 0;
	*dport = tb[CRYPTO_MAP_A_SA_ENCAP_DPORT] ?
		 nla_get_u16(tb[CRYPTO_MAP_A_SA_ENCAP_DPORT]) : 0;
	if (!*sport != !*dport) {
		NL_SET_ERR_MSG(info->extack,
			       "ESP in UDP needs both ports, or none");
		return -EINVAL;
	}
	return 0;
}

static int cmap_nl_get_sa_tfc(struct genl_info *info, struct cmap_sa_params *p)
{
	const struct nlattr *tfc = info->attrs[CRYPTO_MAP_A_SA_TFC_PAD];

	if (!tfc)
		return 0;
	if (p->dir != CRYPTO_MAP_SA_DIR_OUT ||
	    p->mode != CRYPTO_MAP_MODE_TUNNEL) {
		NL_SET_ERR_MSG_ATTR(info->extack, tfc,
				    "padding is of outbound SAs in tunnel mode");
		return -EINVAL;
	}
	p->tfc_pad = nla_get_u32(tfc);
	return 0;
}

static int cmap_nl_get_sa_params(struct genl_info *info,
				 struct cmap_sa_params *p)
{
	struct netlink_ext_ack *extack = info->extack;
	struct nlattr **tb = info->attrs;
	struct cmap_nl_sa_key key;
	int err;

	err = cmap_nl_get_sa_key(info, &key);
	if (err)
		return err;
	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_SA_FLOW_ID) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_SA_MODE))
		return -EINVAL;
	p->spi = key.spi;
	p->dir = key.dir;
	p->family = key.family;
	p->local = key.local;
	p->remote = key.remote;
	p->mode = nla_get_u32(tb[CRYPTO_MAP_A_SA_MODE]);
	if (tb[CRYPTO_MAP_A_SA_FLAGS])
		p->flags = nla_get_u32(tb[CRYPTO_MAP_A_SA_FLAGS]) &
			   (CRYPTO_MAP_SA_FLAGS_INITIATOR |
			    CRYPTO_MAP_SA_FLAGS_ESN |
			    CRYPTO_MAP_SA_FLAGS_FOLLOW_PORT);
	p->standby = tb[CRYPTO_MAP_A_SA_STANDBY];
	if (tb[CRYPTO_MAP_A_SA_TWIN_SPI])
		p->twin_spi = nla_get_u32(tb[CRYPTO_MAP_A_SA_TWIN_SPI]);
	if (tb[CRYPTO_MAP_A_SA_REPLAY_WINDOW])
		p->replay_window =
			nla_get_u32(tb[CRYPTO_MAP_A_SA_REPLAY_WINDOW]);
	if (tb[CRYPTO_MAP_A_SA_PFS_GROUP])
		p->pfs_group = nla_get_u16(tb[CRYPTO_MAP_A_SA_PFS_GROUP]);

	return cmap_nl_get_encap(info, &p->encap_sport, &p->encap_dport) ?:
	       cmap_nl_get_limits(tb[CRYPTO_MAP_A_SA_SOFT], &p->soft, extack) ?:
	       cmap_nl_get_limits(tb[CRYPTO_MAP_A_SA_HARD], &p->hard, extack) ?:
	       cmap_nl_get_sa_algs(info, p) ?:
	       cmap_nl_get_sa_seq(info, p) ?:
	       cmap_nl_get_sa_tfc(info, p);
}

/* What can only be judged against the flow; cn->lock held. */
static int cmap_nl_check_sa_flow(struct genl_info *info,
				 const struct cmap_flow *flow,
				 struct cmap_sa_params *p)
{
	const struct nlattr *sel = info->attrs[CRYPTO_MAP_A_SA_SELECTOR];
	struct cmap_match room;
	int err;

	if (!cmap_flow_has_peer(flow, p->family, &p->remote)) {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "remote is no peer of the entry of flow %u",
				   flow->id);
		return -EINVAL;
	}
	if (p->mode == CRYPTO_MAP_MODE_TRANSPORT && p->family != flow->family) {
		NL_SET_ERR_MSG(info->extack,
			       "transport mode between end points of the other address family");
		return -EINVAL;
	}
	if (!sel)
		return 0;
	err = cmap_nl_get_selector(sel, flow->family, &p->sel, info->extack);
	if (err)
		return err;
	if (!cmap_match_contains(cmap_flow_match(flow, &room), &p->sel)) {
		NL_SET_ERR_MSG_ATTR_FMT(info->extack, sel,
					"selector is wider than flow %u",
					flow->id);
		return -EINVAL;
	}
	p->has_sel = true;
	return 0;
}

int crypto_map_nl_sa_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct cmap_sa_params p = {
		.replay_window = CMAP_REPLAY_WINDOW_DEFAULT,
	};
	struct cmap_flow *flow;
	struct cmap_sa *sa;
	u32 id;
	int err;

	err = cmap_nl_get_sa_params(info, &p);
	if (err)
		return err;

	id = nla_get_u32(info->attrs[CRYPTO_MAP_A_SA_FLOW_ID]);
	mutex_lock(&cn->lock);
	flow = cmap_flow_lookup_rcu(cn, id);
	if (!flow) {
		NL_SET_ERR_MSG_ATTR_FMT(info->extack,
					info->attrs[CRYPTO_MAP_A_SA_FLOW_ID],
					"no flow %u", id);
		err = -ENOENT;
		goto unlock;
	}
	err = cmap_nl_check_sa_flow(info, flow, &p);
	if (err)
		goto unlock;
	sa = cmap_sa_create(cn, flow, &p, info->extack);
	err = PTR_ERR_OR_ZERO(sa);
unlock:
	mutex_unlock(&cn->lock);
	return err;
}

int crypto_map_nl_spi_alloc_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct netlink_ext_ack *extack = info->extack;
	u32 min = 0x100, max = 0xbfffffff, spi;
	union cmap_addr local, remote = {};
	struct nlattr **tb = info->attrs;
	u16 family = AF_UNSPEC;
	struct sk_buff *msg;
	void *hdr;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_SA_LOCAL))
		return -EINVAL;
	err = cmap_nl_get_addr(tb[CRYPTO_MAP_A_SA_LOCAL], &family, &local,
			       extack);
	if (!err && tb[CRYPTO_MAP_A_SA_REMOTE])
		err = cmap_nl_get_addr(tb[CRYPTO_MAP_A_SA_REMOTE], &family,
				       &remote, extack);
	if (err)
		return err;
	if (tb[CRYPTO_MAP_A_SA_SPI_MIN])
		min = nla_get_u32(tb[CRYPTO_MAP_A_SA_SPI_MIN]);
	if (tb[CRYPTO_MAP_A_SA_SPI_MAX])
		max = nla_get_u32(tb[CRYPTO_MAP_A_SA_SPI_MAX]);
	if (min > max) {
		NL_SET_ERR_MSG(extack, "spi-min is above spi-max");
		return -ERANGE;
	}

	msg = cmap_nl_reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;
	err = cmap_sa_alloc_spi(cn, family, &local, &remote, min, max,
				info->snd_portid, &spi);
	if (err == -ENOSPC)
		NL_SET_ERR_MSG(extack, "no free SPI found in that range");
	if (!err)
		err = nla_put_u32(msg, CRYPTO_MAP_A_SA_SPI, spi);
	return cmap_nl_reply_send(info, msg, hdr, err);
}

static void cmap_nl_change_sa(struct genl_info *info, struct cmap_sa *sa,
			      u16 sport, u16 dport)
{
	const struct nlattr *flags = info->attrs[CRYPTO_MAP_A_SA_FLAGS];

	if (flags)
		cmap_sa_set_orphan(sa, nla_get_u32(flags) &
				   CRYPTO_MAP_SA_FLAGS_ORPHAN);
	if (dport)
		cmap_natt_set_ports(sa, htons(sport), htons(dport));
}

int crypto_map_nl_sa_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct cmap_nl_sa_key key;
	u16 sport, dport;
	struct cmap_sa *sa;
	int err;

	err = cmap_nl_get_sa_key(info, &key) ?:
	      cmap_nl_get_encap(info, &sport, &dport);
	if (err)
		return err;

	mutex_lock(&cn->lock);
	sa = cmap_nl_find_sa(cn, &key, info->extack);
	if (!sa || sa->state == CRYPTO_MAP_SA_STATE_LARVAL) {
		err = -ENOENT;
	} else if (dport && !sa->encap_dport) {
		NL_SET_ERR_MSG(info->extack,
			       "the SA was negotiated without ESP in UDP");
		err = -EINVAL;
	} else {
		cmap_nl_change_sa(info, sa, sport, dport);
	}
	mutex_unlock(&cn->lock);
	return err;
}

int crypto_map_nl_sa_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct cmap_nl_sa_key key;
	struct cmap_sa *sa;
	int err;

	err = cmap_nl_get_sa_key(info, &key);
	if (err)
		return err;
	mutex_lock(&cn->lock);
	sa = cmap_nl_find_sa(cn, &key, info->extack);
	if (sa)
		cmap_sa_delete(sa);
	mutex_unlock(&cn->lock);
	return sa ? 0 : -ENOENT;
}

static int cmap_nl_put_limits(struct sk_buff *skb, int type,
			      const struct cmap_limits *limits)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u64_64bit(skb, CRYPTO_MAP_A_LIMITS_SECONDS, limits->seconds,
			      CRYPTO_MAP_A_LIMITS_PAD) ||
	    nla_put_u64_64bit(skb, CRYPTO_MAP_A_LIMITS_BYTES, limits->bytes,
			      CRYPTO_MAP_A_LIMITS_PAD) ||
	    nla_put_u64_64bit(skb, CRYPTO_MAP_A_LIMITS_PACKETS, limits->packets,
			      CRYPTO_MAP_A_LIMITS_PAD)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int cmap_nl_put_sa_algs(struct sk_buff *skb, const struct cmap_sa *sa)
{
	return nla_put_u32(skb, CRYPTO_MAP_A_SA_MODE, sa->mode) ?:
	       nla_put_u32(skb, CRYPTO_MAP_A_SA_CIPHER, sa->alg.cipher) ?:
	       nla_put_u16(skb, CRYPTO_MAP_A_SA_KEY_BITS, sa->alg.key_bits) ?:
	       nla_put_u8(skb, CRYPTO_MAP_A_SA_ICV_BYTES, sa->alg.icv) ?:
	       nla_put_u32(skb, CRYPTO_MAP_A_SA_AUTH, sa->alg.auth);
}

static int cmap_nl_put_sa_use(struct sk_buff *skb, struct cmap_sa *sa)
{
	struct cmap_limits used;
	u64 idle;
	int err;

	cmap_sa_used(sa, &used);
	err = cmap_nl_put_limits(skb, CRYPTO_MAP_A_SA_SOFT, &sa->soft) ?:
	      cmap_nl_put_limits(skb, CRYPTO_MAP_A_SA_HARD, &sa->hard) ?:
	      cmap_nl_put_limits(skb, CRYPTO_MAP_A_SA_USED, &used);
	if (err || !used.packets)
		return err;
	idle = (jiffies - READ_ONCE(sa->last_used)) / HZ;
	return nla_put_u64_64bit(skb, CRYPTO_MAP_A_SA_IDLE, idle,
				 CRYPTO_MAP_A_SA_PAD);
}

static int cmap_nl_put_sa_dir(struct sk_buff *skb, const struct cmap_sa *sa)
{
	u64 seq;

	if (sa->dir == CRYPTO_MAP_SA_DIR_OUT) {
		if (sa->tfc_pad &&
		    nla_put_u32(skb, CRYPTO_MAP_A_SA_TFC_PAD, sa->tfc_pad))
			return -EMSGSIZE;
		seq = READ_ONCE(sa->oseq);
		return nla_put_u32(skb, CRYPTO_MAP_A_SA_OUT_SEQ, seq) ?:
		       nla_put_u64_64bit(skb, CRYPTO_MAP_A_SA_SEQ, seq,
					 CRYPTO_MAP_A_SA_PAD);
	}
	seq = READ_ONCE(sa->replay->top);
	return nla_put_u32(skb, CRYPTO_MAP_A_SA_REPLAY_WINDOW,
			   sa->replay->window) ?:
	       nla_put_u32(skb, CRYPTO_MAP_A_SA_REPLAY_TOP, seq) ?:
	       nla_put_u64_64bit(skb, CRYPTO_MAP_A_SA_SEQ, seq,
				 CRYPTO_MAP_A_SA_PAD);
}

/* Everything but keys. */
static int cmap_nl_fill_sa(struct sk_buff *skb, struct cmap_sa *sa)
{
	int err;

	err = nla_put_u32(skb, CRYPTO_MAP_A_SA_SPI, sa->spi) ?:
	      nla_put_u32(skb, CRYPTO_MAP_A_SA_DIR, sa->dir) ?:
	      cmap_nl_put_addr(skb, CRYPTO_MAP_A_SA_LOCAL, sa->family,
			       &sa->local) ?:
	      cmap_nl_put_addr(skb, CRYPTO_MAP_A_SA_REMOTE, sa->family,
			       &sa->remote) ?:
	      nla_put_u32(skb, CRYPTO_MAP_A_SA_FLOW_ID, sa->flow->id) ?:
	      nla_put_u32(skb, CRYPTO_MAP_A_SA_STATE, sa->state) ?:
	      nla_put_u32(skb, CRYPTO_MAP_A_SA_FLAGS, sa->flags) ?:
	      nla_put_u32(skb, CRYPTO_MAP_A_SA_ID, sa->id) ?:
	      nla_put_u32(skb, CRYPTO_MAP_A_SA_TWIN_SPI, sa->twin_spi) ?:
	      nla_put_u16(skb, CRYPTO_MAP_A_SA_PFS_GROUP, sa->pfs_group) ?:
	      cmap_nl_put_sa_algs(skb, sa) ?:
	      cmap_nl_put_selector(skb, CRYPTO_MAP_A_SA_SELECTOR, &sa->sel) ?:
	      cmap_nl_put_sa_use(skb, sa) ?:
	      cmap_nl_put_sa_dir(skb, sa) ?:
	      cmap_nl_put_drops(skb, CRYPTO_MAP_A_SA_DROP,
				READ_ONCE(sa->drops));
	if (err || !sa->encap_dport)
		return err;
	return nla_put_u16(skb, CRYPTO_MAP_A_SA_ENCAP_SPORT,
			   ntohs(sa->encap_sport)) ?:
	       nla_put_u16(skb, CRYPTO_MAP_A_SA_ENCAP_DPORT,
			   ntohs(sa->encap_dport));
}

int cmap_nl_put_sa(struct sk_buff *skb, int type, struct cmap_sa *sa)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest || cmap_nl_fill_sa(skb, sa))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int crypto_map_nl_sa_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct cmap_nl_sa_key key;
	struct cmap_sa *sa;
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = cmap_nl_get_sa_key(info, &key);
	if (err)
		return err;
	msg = cmap_nl_reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&cn->lock);
	sa = cmap_nl_find_sa(cn, &key, info->extack);
	if (!sa || !sa->flow)
		err = -ENOENT;
	else
		err = cmap_nl_fill_sa(msg, sa);
	mutex_unlock(&cn->lock);
	return cmap_nl_reply_send(info, msg, hdr, err);
}

/**
 * struct cmap_nl_sa_cursor - where a dump of SAs goes on
 * @flow: lowest flow that is not done
 * @sa: last SA of that flow that was written; numbers ascend in its list
 */
struct cmap_nl_sa_cursor {
	unsigned long	flow;
	u32		sa;
};

static int cmap_nl_dump_flow_sas(struct sk_buff *skb,
				 struct netlink_callback *cb,
				 struct cmap_flow *flow)
{
	struct cmap_nl_sa_cursor *cursor = (void *)cb->ctx;
	struct cmap_sa *sa;
	void *hdr;

	list_for_each_entry(sa, &flow->sas, flow_node) {
		if (sa->id <= cursor->sa)
			continue;
		hdr = cmap_nl_dump_put(skb, cb, CRYPTO_MAP_CMD_SA_GET);
		if (!hdr || cmap_nl_dump_end(skb, hdr, cmap_nl_fill_sa(skb, sa)))
			return -EMSGSIZE;
		cursor->sa = sa->id;
	}
	cursor->sa = 0;
	return 0;
}

int crypto_map_nl_sa_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	const struct nlattr *only =
		cmap_genl_dump_attrs(cb)[CRYPTO_MAP_A_SA_FLOW_ID];
	struct cmap_nl_sa_cursor *cursor = (void *)cb->ctx;
	struct cmap_net *cn = cmap_net_of(sock_net(skb->sk));
	struct cmap_flow *flow;

	BUILD_BUG_ON(sizeof(*cursor) > sizeof(cb->ctx));

	mutex_lock(&cn->lock);
	cb->seq = cn->sa_changes;
	while ((flow = xa_find(&cn->flows, &cursor->flow, ULONG_MAX,
			       XA_PRESENT))) {
		if ((!only || nla_get_u32(only) == flow->id) &&
		    cmap_nl_dump_flow_sas(skb, cb, flow))
			break;
		cursor->flow++;
	}
	mutex_unlock(&cn->lock);
	return skb->len;
}

/**
 * struct cmap_nl_flush - which SAs a flush is about
 * @flow: id, 0 for all
 * @map: name, NULL for all
 * @family: of @remote, AF_UNSPEC for all
 * @remote: peer
 */
struct cmap_nl_flush {
	u32		flow;
	const char	*map;
	u16		family;
	union cmap_addr	remote;
};

static bool cmap_nl_flush_wants(const struct cmap_net *cn,
				const struct cmap_flow *flow,
				const struct cmap_nl_flush *f)
{
	const struct cmap_entry *entry;

	entry = rcu_dereference_protected(flow->entry,
					  lockdep_is_held(&cn->lock));
	return entry->kind != CRYPTO_MAP_ENTRY_KIND_MANUAL &&
	       (!f->flow || f->flow == flow->id) &&
	       (!f->map || !strcmp(f->map, entry->map));
}

int crypto_map_nl_sa_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct nlattr **tb = info->attrs;
	struct cmap_nl_flush f = {};
	struct cmap_flow *flow;
	unsigned long id;
	struct sk_buff *msg;
	u32 n = 0;
	void *hdr;
	int err;

	if (tb[CRYPTO_MAP_A_SA_FLOW_ID])
		f.flow = nla_get_u32(tb[CRYPTO_MAP_A_SA_FLOW_ID]);
	if (tb[CRYPTO_MAP_A_SA_MAP])
		f.map = nla_data(tb[CRYPTO_MAP_A_SA_MAP]);
	if (tb[CRYPTO_MAP_A_SA_REMOTE]) {
		err = cmap_nl_get_addr(tb[CRYPTO_MAP_A_SA_REMOTE], &f.family,
				       &f.remote, info->extack);
		if (err)
			return err;
	}
	msg = cmap_nl_reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&cn->lock);
	xa_for_each(&cn->flows, id, flow) {
		if (cmap_nl_flush_wants(cn, flow, &f))
			n += cmap_flow_flush(flow, f.family, &f.remote);
		cond_resched();
	}
	mutex_unlock(&cn->lock);

	err = nla_put_u32(msg, CRYPTO_MAP_A_SA_COUNT, n);
	return cmap_nl_reply_send(info, msg, hdr, err);
}
