/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_POLICY_H
#define _CMAP_POLICY_H

/* What may come in: clear text against the maps, inner packets against SAs. */

#include <linux/types.h>

#include "tuple.h"

struct cmap_attach;
struct cmap_net;
struct cmap_rule;
struct cmap_sa;
struct net_device;
struct sk_buff;

/* Before defragmentation (-400), destination NAT and conntrack. */
#define CMAP_PRI_PRE_ROUTING	(-500)

/**
 * cmap_policy_is_decrypted() - whether a packet was decrypted by us
 * @skb: packet at PRE_ROUTING; its mark is taken off
 * @in: the device it comes by; after one of a VRF comes the VRF, which has to
 *	see the mark, too
 */
bool cmap_policy_is_decrypted(struct sk_buff *skb, const struct net_device *in);

/**
 * cmap_policy_refuse_clear() - drop clear text that should have been protected
 * @cn: namespace
 * @attach: attachment of the interface it arrived on
 * @skb: packet at PRE_ROUTING; consumed if refused
 *
 * IOS: the crypto access lists are read mirrored; a permit wants protection.
 * Exempt are the outer packets of IPsec themselves.
 *
 * Return: true if it was dropped.
 */
bool cmap_policy_refuse_clear(struct cmap_net *cn,
			      const struct cmap_attach *attach,
			      struct sk_buff *skb);

/**
 * struct cmap_policy_clear - what was found of clear text that arrives
 * @tuple: the packet mirrored: source on the protected side
 * @rule: the permit that wants it protected, or the first that might; or NULL
 * @exempt: an outer packet of IPsec, or one that keeps a link working: not held
 *	against the map
 */
struct cmap_policy_clear {
	struct cmap_tuple	tuple;
	const struct cmap_rule	*rule;
	bool			exempt;
};

/**
 * cmap_policy_check_clear() - hold clear text against a crypto map
 * @cn: namespace
 * @attach: attachment of the interface it arrives on
 * @skb: packet, as at PRE_ROUTING
 * @found: set
 *
 * See cmap_policy_refuse_clear().
 *
 * Return: -1 to let it in, or an enum crypto_map_drop_reason.
 */
int cmap_policy_check_clear(struct cmap_net *cn,
			    const struct cmap_attach *attach,
			    struct sk_buff *skb,
			    struct cmap_policy_clear *found);

/**
 * cmap_policy_check_out() - what a crypto map wants of a packet that leaves
 * @attach: attachment of the interface it leaves by
 * @tuple: its tuple
 * @skb: packet, as at POST_ROUTING
 * @rule: set to the permit that protects it, or to the first that might; to NULL
 *	if none does
 *
 * Neighbour discovery and multicast listener discovery of IPv6 never leave the
 * link and are never protected: without them there is no path to the peer.
 *
 * An ICMP error about a decrypted packet carries the start of it. Sent from our
 * outer address it is not covered by the access list that protects the packet:
 * it does not leave.
 *
 * Return: -1 to protect it by @rule, or to let it pass in clear without one; or an
 * enum crypto_map_drop_reason.
 */
int cmap_policy_check_out(const struct cmap_attach *attach,
			  const struct cmap_tuple *tuple,
			  const struct sk_buff *skb,
			  const struct cmap_rule **rule);

/**
 * cmap_policy_check_inner() - hold a decrypted packet against its SA
 * @sa: SA
 * @skb: inner packet, skb->data at its IP header, header checked
 *
 * It has to be within the SA's selectors, and permitted by the access list that
 * filters what its crypto map entry decrypts, if there is one.
 *
 * Return: -1 if the SA may carry it, or an enum crypto_map_drop_reason.
 */
int cmap_policy_check_inner(const struct cmap_sa *sa, struct sk_buff *skb);

#endif /* _CMAP_POLICY_H */
