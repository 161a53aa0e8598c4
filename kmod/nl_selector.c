// SPDX-License-Identifier: GPL-2.0-only
/* Selectors as attributes. */

#include <linux/netlink.h>
#include <net/genetlink.h>

#include "netlink.h"
#include "nl_selector.h"
#include "tuple.h"

static int cmap_nl_get_side(struct nlattr **tb, int addr_type, int wild_type,
			    u16 family, union cmap_addr *addr,
			    union cmap_addr *mask,
			    struct netlink_ext_ack *extack)
{
	union cmap_addr wild = {};
	int err, i, words = family == AF_INET ? 1 : 4;

	if (!tb[addr_type])
		return 0;	/* any */
	err = cmap_nl_get_addr(tb[addr_type], &family, addr, extack);
	if (!err && tb[wild_type])
		err = cmap_nl_get_addr(tb[wild_type], &family, &wild, extack);
	if (err)
		return err;
	for (i = 0; i < words; i++) {
		mask->ip6[i] = ~wild.ip6[i];
		addr->ip6[i] &= mask->ip6[i];
	}
	return 0;
}

static void cmap_nl_get_port(const struct nlattr *attr, struct cmap_ports *p)
{
	u16 port = attr ? nla_get_u16(attr) : 0;

	if (!port)
		return;
	p->op = CRYPTO_MAP_PORT_OP_EQ;
	p->n = 1;
	p->port[0] = port;
}

int cmap_nl_get_selector(const struct nlattr *attr, u16 family,
			 struct cmap_match *match,
			 struct netlink_ext_ack *extack)
{
	struct nlattr *tb[CRYPTO_MAP_A_SELECTOR_MAX + 1];
	const struct nlattr *said;
	u8 proto;
	int err;

	err = nla_parse_nested(tb, CRYPTO_MAP_A_SELECTOR_MAX, attr,
			       crypto_map_selector_nl_policy, extack);
	if (err)
		return err;

	said = tb[CRYPTO_MAP_A_SELECTOR_FAMILY];
	if (said && family == AF_UNSPEC)
		family = nla_get_u16(said);
	if (family != AF_INET && family != AF_INET6) {
		NL_SET_ERR_MSG_ATTR(extack, said ?: attr,
				    "selector of an unknown address family");
		return -EINVAL;
	}

	memset(match, 0, sizeof(*match));
	match->family = family;
	match->icmp_type = CMAP_ICMP_ANY;
	match->icmp_code = CMAP_ICMP_ANY;
	err = cmap_nl_get_side(tb, CRYPTO_MAP_A_SELECTOR_LOCAL,
			       CRYPTO_MAP_A_SELECTOR_LOCAL_WILDCARD, family,
			       &match->src, &match->src_mask, extack);
	if (!err)
		err = cmap_nl_get_side(tb, CRYPTO_MAP_A_SELECTOR_REMOTE,
				       CRYPTO_MAP_A_SELECTOR_REMOTE_WILDCARD,
				       family, &match->dst, &match->dst_mask,
				       extack);
	if (err)
		return err;
	proto = tb[CRYPTO_MAP_A_SELECTOR_PROTOCOL] ?
		nla_get_u8(tb[CRYPTO_MAP_A_SELECTOR_PROTOCOL]) : 0;
	match->proto = proto ? proto : CMAP_PROTO_ANY;
	cmap_nl_get_port(tb[CRYPTO_MAP_A_SELECTOR_LOCAL_PORT], &match->sport);
	cmap_nl_get_port(tb[CRYPTO_MAP_A_SELECTOR_REMOTE_PORT], &match->dport);
	return 0;
}

static bool cmap_addr_any(const union cmap_addr *mask)
{
	return !(mask->ip6[0] | mask->ip6[1] | mask->ip6[2] | mask->ip6[3]);
}

static int cmap_nl_put_side(struct sk_buff *skb, int addr_type, int wild_type,
			    u16 family, const union cmap_addr *addr,
			    const union cmap_addr *mask)
{
	union cmap_addr wild;
	int i;

	if (cmap_addr_any(mask))
		return 0;
	for (i = 0; i < 4; i++)
		wild.ip6[i] = ~mask->ip6[i];
	return cmap_nl_put_addr(skb, addr_type, family, addr) ?:
	       cmap_nl_put_addr(skb, wild_type, family, &wild);
}

static int cmap_nl_put_port(struct sk_buff *skb, int type,
			    const struct cmap_ports *p)
{
	if (p->op != CRYPTO_MAP_PORT_OP_EQ || p->n != 1)
		return 0;
	return nla_put_u16(skb, type, p->port[0]);
}

int cmap_nl_put_selector(struct sk_buff *skb, int type,
			 const struct cmap_match *match)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	if (cmap_nl_put_side(skb, CRYPTO_MAP_A_SELECTOR_LOCAL,
			     CRYPTO_MAP_A_SELECTOR_LOCAL_WILDCARD,
			     match->family, &match->src, &match->src_mask) ||
	    cmap_nl_put_side(skb, CRYPTO_MAP_A_SELECTOR_REMOTE,
			     CRYPTO_MAP_A_SELECTOR_REMOTE_WILDCARD,
			     match->family, &match->dst, &match->dst_mask) ||
	    nla_put_u8(skb, CRYPTO_MAP_A_SELECTOR_PROTOCOL,
		       match->proto == CMAP_PROTO_ANY ? 0 : match->proto) ||
	    cmap_nl_put_port(skb, CRYPTO_MAP_A_SELECTOR_LOCAL_PORT,
			     &match->sport) ||
	    cmap_nl_put_port(skb, CRYPTO_MAP_A_SELECTOR_REMOTE_PORT,
			     &match->dport) ||
	    nla_put_u16(skb, CRYPTO_MAP_A_SELECTOR_FAMILY, match->family)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* Ones, then zeros. */
static bool cmap_mask_is_prefix(const union cmap_addr *mask)
{
	bool ended = false;
	u32 word;
	int i;

	for (i = 0; i < 4; i++) {
		word = ~ntohl(mask->ip6[i]);
		if (word & (word + 1) || (ended && word != U32_MAX))
			return false;
		ended = ended || word;
	}
	return true;
}

static bool cmap_ports_exact(const struct cmap_ports *p)
{
	return p->op == CRYPTO_MAP_PORT_OP_ANY ||
	       (p->op == CRYPTO_MAP_PORT_OP_EQ && p->n == 1);
}

bool cmap_nl_selector_is_exact(const struct cmap_match *match)
{
	return cmap_mask_is_prefix(&match->src_mask) &&
	       cmap_mask_is_prefix(&match->dst_mask) &&
	       match->icmp_type == CMAP_ICMP_ANY &&
	       cmap_ports_exact(&match->sport) &&
	       cmap_ports_exact(&match->dport);
}
