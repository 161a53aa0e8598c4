// SPDX-License-Identifier: GPL-2.0-only
/* Handlers of access lists. */

#include <linux/err.h>
#include <linux/in.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "config.h"
#include "net.h"
#include "netlink.h"
#include "nl_config.h"
#include "stage.h"

/**
 * struct cmap_nl_ace - an access list entry of a request
 * @acl: name of its list
 * @family: family of its list
 * @seq: sequence number
 * @nest: the attribute that holds it
 * @tb: attributes in it
 * @extack: told what is wrong
 */
struct cmap_nl_ace {
	const char		*acl;
	u16			family;
	u32			seq;
	const struct nlattr	*nest;
	struct nlattr		*tb[CRYPTO_MAP_A_ACE_MAX + 1];
	struct netlink_ext_ack	*extack;
};

/* Name list and entry, say what is wrong, point at the attribute. */
#define cmap_nl_ace_err(in, attr, text) do {				\
	const struct cmap_nl_ace *__in = (in);				\
									\
	NL_SET_ERR_MSG_ATTR_FMT(__in->extack, attr,			\
				"access list '%.24s' %u: " text,	\
				__in->acl, __in->seq);			\
} while (0)

static unsigned int cmap_nl_addr_words(u16 family)
{
	return family == AF_INET ? 1 : 4;
}

/* Address and wildcard to address and mask. */
static int cmap_nl_get_net(const struct cmap_nl_ace *in, int addr_type,
			   int wildcard_type, union cmap_addr *addr,
			   union cmap_addr *mask)
{
	union cmap_addr wildcard = {};
	u16 family = in->family;
	unsigned int i;
	int err;

	if (!in->tb[addr_type]) {
		if (!in->tb[wildcard_type])
			return 0;
		cmap_nl_ace_err(in, in->tb[wildcard_type],
				"wildcard without address");
		return -EINVAL;
	}
	err = cmap_nl_get_addr(in->tb[addr_type], &family, addr, in->extack);
	if (!err && in->tb[wildcard_type])
		err = cmap_nl_get_addr(in->tb[wildcard_type], &family,
				       &wildcard, in->extack);
	if (err)
		return err;
	for (i = 0; i < cmap_nl_addr_words(family); i++) {
		mask->ip6[i] = ~wildcard.ip6[i];
		addr->ip6[i] &= mask->ip6[i];
	}
	return 0;
}

static bool cmap_nl_ports_valid(const struct cmap_ports *ports)
{
	switch (ports->op) {
	case CRYPTO_MAP_PORT_OP_ANY:
		return !ports->n;
	case CRYPTO_MAP_PORT_OP_EQ:
	case CRYPTO_MAP_PORT_OP_NEQ:
		return ports->n;
	case CRYPTO_MAP_PORT_OP_LT:
	case CRYPTO_MAP_PORT_OP_GT:
		return ports->n == 1;
	case CRYPTO_MAP_PORT_OP_RANGE:
		return ports->n == 2 && ports->port[0] <= ports->port[1];
	}
	return false;
}

static int cmap_nl_get_ports(const struct cmap_nl_ace *in, int op_type,
			     int port_type, struct cmap_ports *ports)
{
	const struct nlattr *attr;
	int rem;

	if (in->tb[op_type])
		ports->op = nla_get_u32(in->tb[op_type]);
	nla_for_each_nested(attr, in->nest, rem) {
		if (nla_type(attr) != port_type)
			continue;
		if (ports->n == CMAP_PORT_LIST_MAX) {
			cmap_nl_ace_err(in, attr, "more than 10 operands");
			return -EINVAL;
		}
		ports->port[ports->n++] = nla_get_u16(attr);
	}
	if (cmap_nl_ports_valid(ports))
		return 0;
	cmap_nl_ace_err(in, in->tb[op_type] ?: in->tb[port_type],
			"operands do not suit their operator");
	return -EINVAL;
}

static bool cmap_proto_has_ports(u16 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
	case IPPROTO_UDPLITE:
		return true;
	}
	return false;
}

static int cmap_nl_get_transport(const struct cmap_nl_ace *in,
				 struct cmap_match *match)
{
	struct nlattr *type = in->tb[CRYPTO_MAP_A_ACE_ICMP_TYPE];
	struct nlattr *code = in->tb[CRYPTO_MAP_A_ACE_ICMP_CODE];
	u16 icmp = in->family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	int err;

	err = cmap_nl_get_ports(in, CRYPTO_MAP_A_ACE_SRC_PORT_OP,
				CRYPTO_MAP_A_ACE_SRC_PORT, &match->sport);
	if (!err)
		err = cmap_nl_get_ports(in, CRYPTO_MAP_A_ACE_DST_PORT_OP,
					CRYPTO_MAP_A_ACE_DST_PORT,
					&match->dport);
	if (err)
		return err;
	if ((match->sport.op || match->dport.op) &&
	    !cmap_proto_has_ports(match->proto)) {
		cmap_nl_ace_err(in, in->tb[CRYPTO_MAP_A_ACE_PROTOCOL] ?: in->nest,
				"protocol has no ports");
		return -EINVAL;
	}

	if (!type && !code)
		return 0;
	if (match->proto != icmp) {
		cmap_nl_ace_err(in, type ?: code,
				"ICMP type, but not protocol ICMP");
		return -EINVAL;
	}
	if (!type) {
		cmap_nl_ace_err(in, code, "ICMP code without type");
		return -EINVAL;
	}
	match->icmp_type = nla_get_u8(type);
	if (code)
		match->icmp_code = nla_get_u8(code);
	return 0;
}

static int cmap_nl_get_ttl(const struct cmap_nl_ace *in, struct cmap_ports *ttl)
{
	unsigned int i;
	int err;

	err = cmap_nl_get_ports(in, CRYPTO_MAP_A_ACE_TTL_OP,
				CRYPTO_MAP_A_ACE_TTL, ttl);
	if (err)
		return err;
	for (i = 0; i < ttl->n; i++) {
		if (ttl->port[i] <= U8_MAX)
			continue;
		cmap_nl_ace_err(in, in->tb[CRYPTO_MAP_A_ACE_TTL],
				"no TTL is above 255");
		return -EINVAL;
	}
	return 0;
}

/* Conditions on single packets: TOS, TTL, TCP flags, fragments. */
static int cmap_nl_get_packet(const struct cmap_nl_ace *in,
			      struct cmap_match *match)
{
	struct nlattr *const *tb = in->tb;
	struct nlattr *tcp = tb[CRYPTO_MAP_A_ACE_TCP_SET] ?:
			     tb[CRYPTO_MAP_A_ACE_TCP_CLEAR] ?:
			     tb[CRYPTO_MAP_A_ACE_TCP_ALL];

	if (tb[CRYPTO_MAP_A_ACE_TOS_MASK])
		match->tos_mask = nla_get_u8(tb[CRYPTO_MAP_A_ACE_TOS_MASK]);
	if (tb[CRYPTO_MAP_A_ACE_TOS])
		match->tos = nla_get_u8(tb[CRYPTO_MAP_A_ACE_TOS]);
	if (match->tos & ~match->tos_mask) {
		cmap_nl_ace_err(in, tb[CRYPTO_MAP_A_ACE_TOS],
				"TOS bits outside their mask");
		return -EINVAL;
	}
	if (tb[CRYPTO_MAP_A_ACE_TCP_SET])
		match->tcp_set = nla_get_u8(tb[CRYPTO_MAP_A_ACE_TCP_SET]);
	if (tb[CRYPTO_MAP_A_ACE_TCP_CLEAR])
		match->tcp_clear = nla_get_u8(tb[CRYPTO_MAP_A_ACE_TCP_CLEAR]);
	match->tcp_all = nla_get_flag(tb[CRYPTO_MAP_A_ACE_TCP_ALL]);
	if (tcp && match->proto != IPPROTO_TCP) {
		cmap_nl_ace_err(in, tcp, "TCP flags, but not protocol TCP");
		return -EINVAL;
	}
	if (tcp && !match->tcp_set && !match->tcp_clear) {
		cmap_nl_ace_err(in, tcp, "no TCP flags");
		return -EINVAL;
	}
	if (cmap_nl_get_ttl(in, &match->ttl))
		return -EINVAL;
	match->later = nla_get_flag(tb[CRYPTO_MAP_A_ACE_FRAGMENTS]);
	if (match->later && cmap_match_needs_ports(match)) {
		cmap_nl_ace_err(in, tb[CRYPTO_MAP_A_ACE_FRAGMENTS],
				"fragments show no ports, types or flags");
		return -EINVAL;
	}
	return 0;
}

static int cmap_nl_parse_match(const struct cmap_nl_ace *in,
			       struct cmap_match *match)
{
	int err;

	match->family = in->family;
	match->proto = CMAP_PROTO_ANY;
	match->icmp_type = CMAP_ICMP_ANY;
	match->icmp_code = CMAP_ICMP_ANY;
	if (in->tb[CRYPTO_MAP_A_ACE_PROTOCOL])
		match->proto = nla_get_u8(in->tb[CRYPTO_MAP_A_ACE_PROTOCOL]);

	err = cmap_nl_get_net(in, CRYPTO_MAP_A_ACE_SRC,
			      CRYPTO_MAP_A_ACE_SRC_WILDCARD, &match->src,
			      &match->src_mask);
	if (!err)
		err = cmap_nl_get_net(in, CRYPTO_MAP_A_ACE_DST,
				      CRYPTO_MAP_A_ACE_DST_WILDCARD,
				      &match->dst, &match->dst_mask);
	if (!err)
		err = cmap_nl_get_transport(in, match);
	if (!err)
		err = cmap_nl_get_packet(in, match);
	return err;
}

/* Names of object-groups, if there are any. */
static int cmap_nl_parse_groups(const struct cmap_nl_ace *in,
				struct cmap_ace *ace)
{
	struct nlattr *service = in->tb[CRYPTO_MAP_A_ACE_SERVICE_GROUP];
	struct nlattr *src = in->tb[CRYPTO_MAP_A_ACE_SRC_GROUP];
	struct nlattr *dst = in->tb[CRYPTO_MAP_A_ACE_DST_GROUP];
	int err = 0;

	if (!service && !src && !dst)
		return 0;
	if (ace->part) {
		cmap_nl_ace_err(in, service ?: src ?: dst,
				"the first part has the object-groups");
		return -EINVAL;
	}
	if (service)
		err = cmap_nl_check_name(service, in->extack);
	if (!err && src)
		err = cmap_nl_check_name(src, in->extack);
	if (!err && dst)
		err = cmap_nl_check_name(dst, in->extack);
	if (err)
		return err;
	ace->groups = kzalloc(sizeof(*ace->groups), GFP_KERNEL_ACCOUNT);
	if (!ace->groups)
		return -ENOMEM;
	if (service)
		nla_strscpy(ace->groups->service, service,
			    sizeof(ace->groups->service));
	if (src)
		nla_strscpy(ace->groups->src, src, sizeof(ace->groups->src));
	if (dst)
		nla_strscpy(ace->groups->dst, dst, sizeof(ace->groups->dst));
	return 0;
}

static int cmap_nl_parse_remark(const struct cmap_nl_ace *in,
				struct cmap_ace *ace)
{
	struct nlattr *text = in->tb[CRYPTO_MAP_A_ACE_REMARK];
	int type, err;

	if (NL_REQ_ATTR_CHECK(in->extack, in->nest, (struct nlattr **)in->tb,
			      CRYPTO_MAP_A_ACE_REMARK))
		return -EINVAL;
	for (type = CRYPTO_MAP_A_ACE_PROTOCOL;
	     type <= CRYPTO_MAP_A_ACE_PART; type++) {
		if (!in->tb[type])
			continue;
		cmap_nl_ace_err(in, in->tb[type], "a remark matches nothing");
		return -EINVAL;
	}
	err = cmap_nl_check_text(text, in->extack);
	if (err)
		return err;
	ace->remark = nla_strdup(text, GFP_KERNEL_ACCOUNT);
	return ace->remark ? 0 : -ENOMEM;
}

/* @ace is zero, @prev the entry before it or NULL. */
static int cmap_nl_parse_ace(const struct nlattr *nest,
			     const struct cmap_acl *acl, struct cmap_ace *ace,
			     const struct cmap_ace *prev,
			     struct netlink_ext_ack *extack)
{
	struct cmap_match match = {};
	struct cmap_nl_ace in = {
		.acl = acl->name,
		.family = acl->family,
		.nest = nest,
		.extack = extack,
	};
	int err;

	err = nla_parse_nested(in.tb, CRYPTO_MAP_A_ACE_MAX, nest,
			       crypto_map_ace_nl_policy, extack);
	if (err)
		return err;
	if (NL_REQ_ATTR_CHECK(extack, nest, in.tb, CRYPTO_MAP_A_ACE_SEQ) ||
	    NL_REQ_ATTR_CHECK(extack, nest, in.tb, CRYPTO_MAP_A_ACE_ACTION))
		return -EINVAL;
	err = cmap_nl_check_max(in.tb[CRYPTO_MAP_A_ACE_SEQ], S32_MAX, extack);
	if (err)
		return err;
	in.seq = nla_get_u32(in.tb[CRYPTO_MAP_A_ACE_SEQ]);
	ace->part = in.tb[CRYPTO_MAP_A_ACE_PART];
	if (prev && ace->part &&
	    (in.seq != prev->seq ||
	     prev->action == CRYPTO_MAP_ACE_ACTION_REMARK)) {
		cmap_nl_ace_err(&in, nest, "part of no entry");
		return -EINVAL;
	}
	if (prev && in.seq == prev->seq && !ace->part) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, nest,
					"access list '%.32s' has two entries %u",
					acl->name, in.seq);
		return -EEXIST;
	}
	if (prev && in.seq < prev->seq) {
		cmap_nl_ace_err(&in, nest, "entries must ascend");
		return -EINVAL;
	}

	ace->seq = in.seq;
	ace->action = nla_get_u32(in.tb[CRYPTO_MAP_A_ACE_ACTION]);
	if (ace->action == CRYPTO_MAP_ACE_ACTION_REMARK)
		return cmap_nl_parse_remark(&in, ace);
	if (in.tb[CRYPTO_MAP_A_ACE_REMARK]) {
		cmap_nl_ace_err(&in, in.tb[CRYPTO_MAP_A_ACE_REMARK],
				"text on an entry that is no remark");
		return -EINVAL;
	}
	if (acl->family == AF_UNSPEC) {
		cmap_nl_ace_err(&in, nest, "an object-group has remarks only");
		return -EINVAL;
	}
	err = cmap_nl_parse_match(&in, &match);
	if (!err)
		err = cmap_cond_set(&ace->cond, &match);
	if (err)
		return err;
	err = cmap_nl_parse_groups(&in, ace);
	if (err)
		cmap_cond_clear(&ace->cond);
	return err;
}

/* Of an access list or, unspecified, an object-group. */
static int cmap_nl_get_acl_family(const struct nlattr *attr, u16 *family,
				  struct netlink_ext_ack *extack)
{
	if (!attr || nla_get_u16(attr) != AF_UNSPEC)
		return cmap_nl_get_family(attr, family, extack);
	*family = AF_UNSPEC;
	return 0;
}

static struct cmap_acl *cmap_nl_parse_acl(struct genl_info *info)
{
	const struct nlattr *name = info->attrs[CRYPTO_MAP_A_ACL_NAME];
	struct cmap_ace *prev = NULL;
	const struct nlattr *attr;
	struct cmap_acl *acl;
	int err, rem;
	u16 family;
	u32 n = 0;

	err = cmap_nl_check_name(name, info->extack);
	if (!err)
		err = cmap_nl_get_acl_family(info->attrs[CRYPTO_MAP_A_ACL_FAMILY],
					     &family, info->extack);
	if (err)
		return ERR_PTR(err);

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem)
		n += nla_type(attr) == CRYPTO_MAP_A_ACL_ACE;
	if (n > CMAP_ACL_MAX) {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "access list '%.32s' has more than %u entries",
				   (char *)nla_data(name), CMAP_ACL_MAX);
		return ERR_PTR(-E2BIG);
	}
	acl = cmap_acl_create(nla_data(name), family, n);
	if (!acl)
		return ERR_PTR(-ENOMEM);
	acl->standard = nla_get_flag(info->attrs[CRYPTO_MAP_A_ACL_STANDARD]);

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		struct cmap_ace *ace = &acl->ace[acl->n];

		if (nla_type(attr) != CRYPTO_MAP_A_ACL_ACE)
			continue;
		err = cmap_nl_parse_ace(attr, acl, ace, prev, info->extack);
		if (err) {
			cmap_acl_put(acl);
			return ERR_PTR(err);
		}
		acl->n++;
		acl->n_rule += ace->action != CRYPTO_MAP_ACE_ACTION_REMARK;
		prev = ace;
	}
	return acl;
}

int crypto_map_nl_acl_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	bool append = info->attrs[CRYPTO_MAP_A_ACL_APPEND];
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct cmap_stage *stage;
	struct cmap_acl *acl;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_ACL_NAME))
		return -EINVAL;
	acl = cmap_nl_parse_acl(info);
	if (IS_ERR(acl))
		return PTR_ERR(acl);

	mutex_lock(&cn->lock);
	stage = cmap_stage_find(cn, info->snd_portid, info->extack);
	if (IS_ERR(stage))
		err = PTR_ERR(stage);
	else if (append)
		err = cmap_config_append_acl(stage->config, acl, info->extack);
	else
		err = cmap_config_set_acl(stage->config, acl, info->extack);
	mutex_unlock(&cn->lock);
	if (err)
		cmap_acl_put(acl);
	return err;
}

int crypto_map_nl_acl_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct cmap_stage *stage;
	u16 family;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_ACL_NAME))
		return -EINVAL;
	err = cmap_nl_get_acl_family(info->attrs[CRYPTO_MAP_A_ACL_FAMILY],
				     &family, info->extack);
	if (err)
		return err;

	mutex_lock(&cn->lock);
	stage = cmap_stage_find(cn, info->snd_portid, info->extack);
	if (IS_ERR(stage))
		err = PTR_ERR(stage);
	else
		err = cmap_config_del_acl(stage->config,
					  nla_data(info->attrs[CRYPTO_MAP_A_ACL_NAME]),
					  family, info->extack);
	mutex_unlock(&cn->lock);
	return err;
}

/* Absent for any, wildcard absent for a host. */
static int cmap_nl_put_net(struct sk_buff *skb, int addr_type,
			   int wildcard_type, u16 family,
			   const union cmap_addr *addr,
			   const union cmap_addr *mask)
{
	unsigned int i, words = cmap_nl_addr_words(family);
	union cmap_addr wildcard = {};
	bool any = true, host = true;

	for (i = 0; i < words; i++) {
		wildcard.ip6[i] = ~mask->ip6[i];
		any &= !mask->ip6[i];
		host &= !wildcard.ip6[i];
	}
	if (any)
		return 0;
	if (cmap_nl_put_addr(skb, addr_type, family, addr))
		return -EMSGSIZE;
	return host ? 0 : cmap_nl_put_addr(skb, wildcard_type, family,
					   &wildcard);
}

static int cmap_nl_put_ports(struct sk_buff *skb, int op_type, int port_type,
			     const struct cmap_ports *ports)
{
	unsigned int i;

	if (ports->op == CRYPTO_MAP_PORT_OP_ANY)
		return 0;
	if (nla_put_u32(skb, op_type, ports->op))
		return -EMSGSIZE;
	for (i = 0; i < ports->n; i++)
		if (nla_put_u16(skb, port_type, ports->port[i]))
			return -EMSGSIZE;
	return 0;
}

static int cmap_nl_put_packet(struct sk_buff *skb, const struct cmap_match *m)
{
	if (m->tos_mask &&
	    (nla_put_u8(skb, CRYPTO_MAP_A_ACE_TOS, m->tos) ||
	     nla_put_u8(skb, CRYPTO_MAP_A_ACE_TOS_MASK, m->tos_mask)))
		return -EMSGSIZE;
	if (m->tcp_set &&
	    nla_put_u8(skb, CRYPTO_MAP_A_ACE_TCP_SET, m->tcp_set))
		return -EMSGSIZE;
	if (m->tcp_clear &&
	    nla_put_u8(skb, CRYPTO_MAP_A_ACE_TCP_CLEAR, m->tcp_clear))
		return -EMSGSIZE;
	if (m->tcp_all && nla_put_flag(skb, CRYPTO_MAP_A_ACE_TCP_ALL))
		return -EMSGSIZE;
	if (m->later && nla_put_flag(skb, CRYPTO_MAP_A_ACE_FRAGMENTS))
		return -EMSGSIZE;
	return cmap_nl_put_ports(skb, CRYPTO_MAP_A_ACE_TTL_OP,
				 CRYPTO_MAP_A_ACE_TTL, &m->ttl);
}

static int cmap_nl_put_match(struct sk_buff *skb, const struct cmap_match *m)
{
	if (m->proto != CMAP_PROTO_ANY &&
	    nla_put_u8(skb, CRYPTO_MAP_A_ACE_PROTOCOL, m->proto))
		return -EMSGSIZE;
	if (m->icmp_type != CMAP_ICMP_ANY &&
	    nla_put_u8(skb, CRYPTO_MAP_A_ACE_ICMP_TYPE, m->icmp_type))
		return -EMSGSIZE;
	if (m->icmp_code != CMAP_ICMP_ANY &&
	    nla_put_u8(skb, CRYPTO_MAP_A_ACE_ICMP_CODE, m->icmp_code))
		return -EMSGSIZE;
	if (cmap_nl_put_net(skb, CRYPTO_MAP_A_ACE_SRC,
			    CRYPTO_MAP_A_ACE_SRC_WILDCARD, m->family, &m->src,
			    &m->src_mask) ||
	    cmap_nl_put_net(skb, CRYPTO_MAP_A_ACE_DST,
			    CRYPTO_MAP_A_ACE_DST_WILDCARD, m->family, &m->dst,
			    &m->dst_mask) ||
	    cmap_nl_put_ports(skb, CRYPTO_MAP_A_ACE_SRC_PORT_OP,
			      CRYPTO_MAP_A_ACE_SRC_PORT, &m->sport) ||
	    cmap_nl_put_ports(skb, CRYPTO_MAP_A_ACE_DST_PORT_OP,
			      CRYPTO_MAP_A_ACE_DST_PORT, &m->dport))
		return -EMSGSIZE;
	return cmap_nl_put_packet(skb, m);
}

static int cmap_nl_put_groups(struct sk_buff *skb,
			      const struct cmap_ace_groups *groups)
{
	if ((*groups->service &&
	     nla_put_string(skb, CRYPTO_MAP_A_ACE_SERVICE_GROUP,
			    groups->service)) ||
	    (*groups->src &&
	     nla_put_string(skb, CRYPTO_MAP_A_ACE_SRC_GROUP, groups->src)) ||
	    (*groups->dst &&
	     nla_put_string(skb, CRYPTO_MAP_A_ACE_DST_GROUP, groups->dst)))
		return -EMSGSIZE;
	return 0;
}

static int cmap_nl_put_ace(struct sk_buff *skb, const struct cmap_ace *ace)
{
	u64 hits = atomic_long_read(&ace->hits);
	struct cmap_match room;

	if (nla_put_u32(skb, CRYPTO_MAP_A_ACE_SEQ, ace->seq) ||
	    nla_put_u32(skb, CRYPTO_MAP_A_ACE_ACTION, ace->action))
		return -EMSGSIZE;
	if (ace->action == CRYPTO_MAP_ACE_ACTION_REMARK)
		return nla_put_string(skb, CRYPTO_MAP_A_ACE_REMARK,
				      ace->remark);
	if (cmap_nl_put_match(skb, cmap_cond_get(&ace->cond, &room)) ||
	    (ace->groups && cmap_nl_put_groups(skb, ace->groups)) ||
	    (ace->part && nla_put_flag(skb, CRYPTO_MAP_A_ACE_PART)))
		return -EMSGSIZE;
	/* this set has no attribute to pad with */
	return nla_put(skb, CRYPTO_MAP_A_ACE_HITS, sizeof(hits), &hits);
}

/*
 * Write a list from entry *@from on, as much of it as fits. *@from is set to
 * the first entry that did not.
 */
static int cmap_nl_put_acl(struct sk_buff *skb, const struct cmap_acl *acl,
			   u32 *from)
{
	u32 first = *from;

	if (nla_put_string(skb, CRYPTO_MAP_A_ACL_NAME, acl->name) ||
	    nla_put_u16(skb, CRYPTO_MAP_A_ACL_FAMILY, acl->family) ||
	    (acl->standard && nla_put_flag(skb, CRYPTO_MAP_A_ACL_STANDARD)))
		return -EMSGSIZE;
	for (; *from < acl->n; ++*from) {
		struct nlattr *nest;

		nest = nla_nest_start(skb, CRYPTO_MAP_A_ACL_ACE);
		if (!nest)
			break;
		if (cmap_nl_put_ace(skb, &acl->ace[*from])) {
			nla_nest_cancel(skb, nest);
			break;
		}
		nla_nest_end(skb, nest);
	}
	return *from == first && *from < acl->n ? -EMSGSIZE : 0;
}

int crypto_map_nl_acl_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	const struct cmap_acl *acl;
	struct sk_buff *msg;
	const char *name;
	u32 from = 0;
	void *hdr;
	u16 family;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_ACL_NAME))
		return -EINVAL;
	name = nla_data(info->attrs[CRYPTO_MAP_A_ACL_NAME]);
	err = cmap_nl_get_acl_family(info->attrs[CRYPTO_MAP_A_ACL_FAMILY],
				     &family, info->extack);
	if (err)
		return err;
	msg = cmap_nl_reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;

	rcu_read_lock();
	acl = cmap_acl_find(cmap_config_of(cn), name, family);
	if (!acl) {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "access list '%.40s' does not exist", name);
		err = -ENOENT;
	} else if (cmap_nl_put_acl(msg, acl, &from) || from < acl->n) {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "access list '%.24s' is too long for a message, dump it instead",
				   name);
		err = -EMSGSIZE;
	}
	rcu_read_unlock();

	return cmap_nl_reply_send(info, msg, hdr, err);
}

/**
 * struct cmap_nl_acl_cursor - where a dump goes on
 * @pos: rank of the access list
 * @ace: entry in it
 */
struct cmap_nl_acl_cursor {
	u32	pos;
	u32	ace;
};

int crypto_map_nl_acl_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	struct cmap_nl_acl_cursor *cursor = (void *)cb->ctx;
	const struct cmap_config *cfg;
	const struct cmap_acl *acl;
	void *hdr;

	rcu_read_lock();
	cfg = cmap_config_of(cmap_net_of(sock_net(skb->sk)));
	cb->seq = cfg->generation;
	while ((acl = cmap_names_at(&cfg->acls, cursor->pos))) {
		hdr = cmap_nl_dump_put(skb, cb, CRYPTO_MAP_CMD_ACL_GET);
		if (!hdr ||
		    cmap_nl_dump_end(skb, hdr,
				     cmap_nl_put_acl(skb, acl, &cursor->ace)))
			break;
		if (cursor->ace < acl->n)
			break;
		cursor->pos++;
		cursor->ace = 0;
	}
	rcu_read_unlock();
	return skb->len;
}
