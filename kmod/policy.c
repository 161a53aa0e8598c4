// SPDX-License-Identifier: GPL-2.0-only
/* Inbound policy: clear text and decrypted packets against the crypto maps. */

#include <linux/icmp.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>

#include "classify.h"
#include "config.h"
#include "drop.h"
#include "net.h"
#include "pkt.h"
#include "policy.h"
#include "reinject.h"
#include "sa.h"

bool cmap_policy_is_decrypted(struct sk_buff *skb)
{
	if (!cmap_reinject_marked(skb))
		return false;
	skb_dst_drop(skb);
	return true;
}

/* IKE and ESP in UDP. */
static bool cmap_is_ike_port(u16 port)
{
	return port == 500 || port == 4500;
}

/* The tuple that an ICMP error quotes. */
static bool cmap_policy_quoted(const struct sk_buff *skb, int thoff,
			       struct cmap_tuple *quoted)
{
	struct icmphdr *ih, buf;

	ih = skb_header_pointer(skb, thoff, sizeof(buf), &buf);
	if (!ih)
		return false;
	switch (ih->type) {
	case ICMP_DEST_UNREACH:
	case ICMP_SOURCE_QUENCH:
	case ICMP_REDIRECT:
	case ICMP_TIME_EXCEEDED:
	case ICMP_PARAMETERPROB:
		return cmap_tuple_ipv4(quoted, skb, thoff + sizeof(*ih));
	}
	return false;
}

/* An ICMP error that quotes one of our ESP packets, plain or in UDP. */
static bool cmap_policy_quotes_esp(const struct sk_buff *skb, int thoff)
{
	struct cmap_tuple quoted;

	if (!cmap_policy_quoted(skb, thoff, &quoted))
		return false;
	return quoted.proto == IPPROTO_ESP || quoted.proto == IPPROTO_AH ||
	       (quoted.proto == IPPROTO_UDP && cmap_is_ike_port(quoted.sport));
}

bool cmap_policy_quotes_protected(const struct cmap_attach *attach,
				  const struct cmap_tuple *tuple,
				  const struct sk_buff *skb)
{
	struct cmap_tuple quoted, mirrored;
	const struct cmap_rule *rule;

	if (tuple->proto != IPPROTO_ICMP ||
	    !cmap_policy_quoted(skb, skb_network_offset(skb) + ip_hdrlen(skb),
				&quoted))
		return false;
	cmap_tuple_mirror(&mirrored, &quoted);
	return cmap_classify(attach->rule, attach->n_rule, &mirrored, &rule) !=
	       CMAP_CLASS_CLEAR;
}

/*
 * The outer packets of IPsec, addressed to our end point, are clear by nature.
 * Only there: a fragment to a protected address of this host could be joined
 * with decrypted ones.
 */
static bool cmap_policy_exempt(struct cmap_net *cn,
			       const struct cmap_attach *attach,
			       const struct cmap_tuple *t, struct sk_buff *skb)
{
	int nhoff = skb_network_offset(skb);
	union cmap_addr local;
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
		exempt = cmap_policy_quotes_esp(skb, nhoff + ip_hdrlen(skb));
		break;
	}
	return exempt && cmap_local_addr(cn, attach, &local) &&
	       local.ip4 == t->dst.ip4;
}

bool cmap_policy_refuse_clear(struct cmap_net *cn,
			      const struct cmap_attach *attach,
			      struct sk_buff *skb)
{
	struct cmap_drop_info info = { .cn = cn };
	enum crypto_map_drop_reason reason;
	struct cmap_tuple wire, mirrored;
	const struct cmap_rule *rule;

	if (!cmap_tuple_ipv4(&wire, skb, skb_network_offset(skb)))
		return false;	/* IP has checked it: cannot happen */
	if (cmap_policy_exempt(cn, attach, &wire, skb))
		return false;
	cmap_tuple_mirror(&mirrored, &wire);

	switch (cmap_classify(attach->rule, attach->n_rule, &mirrored, &rule)) {
	case CMAP_CLASS_PROTECT:
		info.flow = rule->flow;
		reason = CRYPTO_MAP_DROP_REASON_CLEAR_TEXT;
		break;
	case CMAP_CLASS_UNKNOWN:
		reason = CRYPTO_MAP_DROP_REASON_FRAGMENT_PORT;
		break;
	default:
		return false;
	}
	cmap_drop(skb, reason, &info);
	return true;
}

int cmap_policy_check_inner(const struct cmap_sa *sa, struct sk_buff *skb)
{
	struct cmap_tuple inner, mirrored;

	if (!cmap_tuple_ipv4(&inner, skb, skb_network_offset(skb)))
		return CRYPTO_MAP_DROP_REASON_BAD_INNER;
	cmap_tuple_mirror(&mirrored, &inner);

	switch (cmap_match_tuple(&sa->sel, &mirrored)) {
	case CMAP_MATCH_YES:
		return -1;
	case CMAP_MATCH_UNKNOWN:
		return CRYPTO_MAP_DROP_REASON_INNER_FRAGMENT;
	case CMAP_MATCH_NO:
		break;
	}
	return CRYPTO_MAP_DROP_REASON_SELECTOR_MISMATCH;
}
