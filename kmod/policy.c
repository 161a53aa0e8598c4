// SPDX-License-Identifier: GPL-2.0-only
/* Inbound policy: clear text and decrypted packets against the crypto maps. */

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <net/addrconf.h>
#include <net/ipv6.h>
#include <net/ndisc.h>
#include <net/route.h>

#include "classify.h"
#include "config.h"
#include "drop.h"
#include "flow.h"
#include "flow_filter.h"
#include "net.h"
#include "pkt.h"
#include "policy.h"
#include "reinject.h"
#include "sa.h"

bool cmap_policy_is_decrypted(struct sk_buff *skb, const struct net_device *in)
{
	if (!cmap_reinject_marked(skb))
		return false;
	if (!netif_is_l3_slave(in))
		skb_dst_drop(skb);
	return true;
}

/* IKE and ESP in UDP. */
static bool cmap_is_ike_port(u16 port)
{
	return port == 500 || port == 4500;
}

static bool cmap_icmp_is_error(u8 type)
{
	switch (type) {
	case ICMP_DEST_UNREACH:
	case ICMP_SOURCE_QUENCH:
	case ICMP_REDIRECT:
	case ICMP_TIME_EXCEEDED:
	case ICMP_PARAMETERPROB:
		return true;
	}
	return false;
}

/* Both headers have 8 bytes before what they quote. */
static_assert(sizeof(struct icmphdr) == sizeof(struct icmp6hdr));

/* The tuple that an ICMP error quotes. */
static bool cmap_policy_quoted(const struct sk_buff *skb,
			       const struct cmap_tuple *t,
			       struct cmap_tuple *quoted)
{
	int thoff = skb_network_offset(skb);
	u8 nexthdr;
	__be16 frag;

	if (!(t->flags & CMAP_TUPLE_ICMP))
		return false;
	if (t->family == AF_INET) {
		if (!cmap_icmp_is_error(t->icmp_type))
			return false;
		thoff += ip_hdrlen(skb);
	} else {
		if (t->icmp_type & ICMPV6_INFOMSG_MASK)
			return false;
		nexthdr = ipv6_hdr(skb)->nexthdr;
		thoff = ipv6_skip_exthdr(skb, thoff + sizeof(struct ipv6hdr),
					 &nexthdr, &frag);
		if (thoff < 0)
			return false;
	}
	return cmap_tuple_take(quoted, skb, thoff + sizeof(struct icmphdr),
			       t->family);
}

/* An ICMP error that quotes one of our ESP packets, plain or in UDP. */
static bool cmap_policy_quotes_esp(const struct sk_buff *skb,
				   const struct cmap_tuple *tuple)
{
	struct cmap_tuple quoted;

	if (!cmap_policy_quoted(skb, tuple, &quoted))
		return false;
	return quoted.proto == IPPROTO_ESP || quoted.proto == IPPROTO_AH ||
	       (quoted.proto == IPPROTO_UDP && cmap_is_ike_port(quoted.sport));
}

/* An ICMP error that quotes a packet protected in the other direction. */
static bool cmap_policy_quotes_protected(const struct cmap_attach *attach,
					 const struct cmap_tuple *tuple,
					 const struct sk_buff *skb)
{
	struct cmap_tuple quoted, mirrored;
	const struct cmap_rule *rule;

	if (!cmap_policy_quoted(skb, tuple, &quoted))
		return false;
	cmap_tuple_mirror(&mirrored, &quoted);
	return cmap_attach_classify(attach, &mirrored, &rule) !=
	       CMAP_CLASS_CLEAR;
}

/* Neighbour discovery and multicast listener discovery. */
static bool cmap_policy_is_link(const struct cmap_tuple *t,
				const struct sk_buff *skb)
{
	const struct ipv6hdr *iph = ipv6_hdr(skb);

	if (t->family != AF_INET6 || !(t->flags & CMAP_TUPLE_ICMP))
		return false;
	switch (t->icmp_type) {
	case NDISC_ROUTER_SOLICITATION:
	case NDISC_ROUTER_ADVERTISEMENT:
	case NDISC_NEIGHBOUR_SOLICITATION:
	case NDISC_NEIGHBOUR_ADVERTISEMENT:
	case NDISC_REDIRECT:
		return iph->hop_limit == 255;
	case ICMPV6_MGM_QUERY:
	case ICMPV6_MGM_REPORT:
	case ICMPV6_MGM_REDUCTION:
	case ICMPV6_MLD2_REPORT:
		return iph->hop_limit == 1 &&
		       ipv6_addr_is_multicast(&iph->daddr);
	}
	return false;
}

static bool cmap_addr_is_ours(struct cmap_net *cn, const struct cmap_tuple *t)
{
	if (t->family == AF_INET)
		return inet_addr_type(cn->net, t->dst.ip4) == RTN_LOCAL;
	return ipv6_chk_addr(cn->net, (const struct in6_addr *)&t->dst, NULL,
			     0);
}

/*
 * The outer packets of IPsec, addressed to this host, are clear by nature. Their
 * fragments only to our end point: to a protected address of this host they
 * could be joined with decrypted ones.
 */
static bool cmap_policy_exempt(struct cmap_net *cn,
			       const struct cmap_attach *attach,
			       const struct cmap_tuple *t, struct sk_buff *skb)
{
	bool exempt = false;

	switch (t->proto) {
	case IPPROTO_ESP:
	case IPPROTO_AH:
		exempt = true;
		break;
	case IPPROTO_UDP:
		/* fragments of IKE show no ports */
		exempt = (t->flags & CMAP_TUPLE_OPAQUE) ||
			 cmap_is_ike_port(t->dport);
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		if (cmap_policy_is_link(t, skb))
			return true;
		exempt = cmap_policy_quotes_esp(skb, t);
		break;
	}
	if (!exempt)
		return false;
	return cmap_local_addr_is(cn, attach, t->family, &t->dst) ||
	       (!(t->flags & CMAP_TUPLE_FRAGMENT) && cmap_addr_is_ours(cn, t));
}

int cmap_policy_check_clear(struct cmap_net *cn,
			    const struct cmap_attach *attach,
			    struct sk_buff *skb,
			    struct cmap_policy_clear *found)
{
	struct cmap_tuple wire;

	found->rule = NULL;
	found->exempt = false;
	if (!cmap_tuple_take(&wire, skb, skb_network_offset(skb),
			     attach->family))
		return -1;	/* IP has checked it: cannot happen */
	cmap_tuple_mirror(&found->tuple, &wire);
	found->exempt = cmap_policy_exempt(cn, attach, &wire, skb);
	if (found->exempt)
		return -1;

	switch (cmap_attach_classify(attach, &found->tuple, &found->rule)) {
	case CMAP_CLASS_PROTECT:
		return CRYPTO_MAP_DROP_REASON_CLEAR_TEXT;
	case CMAP_CLASS_UNKNOWN:
		return CRYPTO_MAP_DROP_REASON_FRAGMENT_PORT;
	case CMAP_CLASS_CLEAR:
		break;
	}
	found->rule = NULL;
	return -1;
}

bool cmap_policy_refuse_clear(struct cmap_net *cn,
			      const struct cmap_attach *attach,
			      struct sk_buff *skb)
{
	struct cmap_drop_info info = { .cn = cn };
	struct cmap_policy_clear found;
	int reason;

	reason = cmap_policy_check_clear(cn, attach, skb, &found);
	if (reason < 0)
		return false;
	if (reason == CRYPTO_MAP_DROP_REASON_CLEAR_TEXT)
		info.flow = found.rule->flow;
	cmap_drop(skb, reason, &info);
	return true;
}

int cmap_policy_check_out(const struct cmap_attach *attach,
			  const struct cmap_tuple *tuple,
			  const struct sk_buff *skb,
			  const struct cmap_rule **rule)
{
	*rule = NULL;
	if (cmap_policy_is_link(tuple, skb))
		return -1;
	switch (cmap_attach_classify(attach, tuple, rule)) {
	case CMAP_CLASS_PROTECT:
		return (*rule)->flow ? -1 : CRYPTO_MAP_DROP_REASON_NO_SA_DYNAMIC;
	case CMAP_CLASS_UNKNOWN:
		return CRYPTO_MAP_DROP_REASON_FRAGMENT_PORT;
	case CMAP_CLASS_CLEAR:
		break;
	}
	*rule = NULL;
	return cmap_policy_quotes_protected(attach, tuple, skb) ?
	       CRYPTO_MAP_DROP_REASON_ICMP_QUOTE : -1;
}

static bool cmap_policy_permits_in(const struct cmap_sa *sa,
				   const struct cmap_tuple *inner)
{
	bool permits;

	rcu_read_lock();
	permits = cmap_flow_permits(sa->flow,
				    cmap_config_of(sa->cn)->generation,
				    CRYPTO_MAP_SA_DIR_IN, inner);
	rcu_read_unlock();
	return permits;
}

int cmap_policy_check_inner(const struct cmap_sa *sa, struct sk_buff *skb)
{
	struct cmap_tuple inner, mirrored;

	if (!cmap_tuple_take(&inner, skb, skb_network_offset(skb),
			     cmap_skb_family(skb)))
		return CRYPTO_MAP_DROP_REASON_BAD_INNER;
	cmap_tuple_mirror(&mirrored, &inner);

	switch (cmap_match_tuple(&sa->sel, &mirrored)) {
	case CMAP_MATCH_YES:
		return cmap_policy_permits_in(sa, &inner) ? -1 :
		       CRYPTO_MAP_DROP_REASON_ACCESS_GROUP_IN;
	case CMAP_MATCH_UNKNOWN:
		return CRYPTO_MAP_DROP_REASON_INNER_FRAGMENT;
	case CMAP_MATCH_NO:
		break;
	}
	return CRYPTO_MAP_DROP_REASON_SELECTOR_MISMATCH;
}
